import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Channel, SendError, type SendErrorCode } from '../core/channel.ts';
import { UserError } from '../core/errors.ts';
import type { Attachment } from '../core/inbound.ts';
import type { Contribution } from './contribution.ts';

/** What became of one file of a contribution. */
export interface Fetched {
  /** Where it is, or would have been. */
  file: string;
  kind: Attachment['kind'];
  /** `there`: it had been fetched before. */
  state: 'written' | 'there' | 'refused';
  bytes: number | null;
  /** Why it was refused, or what is doubtful about it. */
  note: string | null;
}

/**
 * Fetches the files that came with a contribution into a folder, which is made. What stands there already is never
 * overwritten. @throws UserError when the folder cannot be written to
 */
export async function fetchFiles(
  { reference, attachments }: Pick<Contribution, 'reference' | 'attachments'>,
  channel: Pick<Channel, 'download'>,
  folder: string,
): Promise<Fetched[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error) => Promise.reject(unwritable(folder, error)));
  const fetched: Fetched[] = [];
  for (const [index, attachment] of attachments.entries()) {
    const file = path.join(folder, `${reference}-${index + 1}-${fileName(attachment)}`);
    fetched.push({ file, kind: attachment.kind, ...(await fetchOne(attachment, channel, file)) });
  }
  return fetched;
}

type Outcome = Pick<Fetched, 'state' | 'bytes' | 'note'>;

async function fetchOne({ ref, size }: Attachment, channel: Pick<Channel, 'download'>, file: string): Promise<Outcome> {
  if (ref === '') return { state: 'refused', bytes: null, note: 'it was not kept for longer.' };
  try {
    const bytes = await channel.download(ref);
    const short = size !== null && size !== bytes.length;
    const note = short ? `the platform had announced ${size} bytes; look whether it is whole.` : null;
    return await keep(file, bytes, note);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    const remedy = isFinalForFile(error) ? 'Ask its author for it.' : 'Try again later.';
    return { state: 'refused', bytes: null, note: `the platform does not give it (${error.detail}). ${remedy}` };
  }
}

/** Final for a message, not for a file: asking twice does no harm, and a token or its scopes can be set right. */
const MAY_PASS: readonly SendErrorCode[] = ['unknown_outcome', 'unauthorized'];

/** Whether the platform will not give a file that it has refused like this. */
export const isFinalForFile = ({ code, retryable }: SendError): boolean => !retryable && !MAY_PASS.includes(code);

async function keep(file: string, bytes: Uint8Array, note: string | null): Promise<Outcome> {
  try {
    await writeFile(file, bytes, { flag: 'wx', mode: OWNER_ONLY });
    return { state: 'written', bytes: bytes.length, note };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      await rm(file, { force: true });
      throw unwritable(file, error);
    }
  }
  const there = await readFile(file).catch(() => null);
  if (there?.equals(bytes)) return { state: 'there', bytes: bytes.length, note };
  return { state: 'refused', bytes: null, note: 'another file stands there under this name. Move it away.' };
}

const unwritable = (place: string, error: unknown): UserError =>
  new UserError(
    `${place} cannot be written (${(error as NodeJS.ErrnoException).code}). Name another folder with --out.`,
  );

/** With the reference and a number before it, as long as any file system takes. */
const LONGEST_NAME = 50;

/** The name that its author gave, of letters and digits only: it comes from a stranger and goes to a disk. */
export function fileName({ name, kind, mime }: Attachment): string {
  const plain = (name ?? kind)
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}.-]+/gu, '_')
    .replace(/^[._-]+|[._-]+$/g, '');
  const [, stem = '', ending] = /^(.*?)(\.[\p{L}\p{N}]{1,8})?$/u.exec(plain) ?? [];
  const begin = [...(stem || kind)].slice(0, LONGEST_NAME).join('');
  return begin + (ending ?? ENDINGS.get(mime ?? '') ?? ENDINGS.get(kind) ?? '');
}

/** For files that came without a name; platforms give photos as JPEG and voices as Ogg. */
const ENDINGS = new Map([
  ['photo', '.jpg'],
  ['voice', '.ogg'],
  ['document', '.bin'],
  ['image/png', '.png'],
  ['audio/mpeg', '.mp3'],
  ['audio/mp4', '.m4a'],
  ['application/pdf', '.pdf'],
]);

/** What people said, and who: nobody else on the machine may read it. */
export const OWNER_ONLY = 0o600;
