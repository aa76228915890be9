import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { NoticeFile } from '../../../actions/heldNotice.ts';
import { MOST_ATTACHMENT_BYTES } from '../../../contributions/attachment.ts';
import { commandLine } from '../../../core/commandLine.ts';
import { UserError } from '../../../core/errors.ts';
import { type NoticeDraft, readNoticeFile } from '../../../notices/file.ts';
import { atTerminal } from '../../../people/actor.ts';
import { explanation, explanationText } from './explain.ts';
import type { Doing, NoticesContext } from './wiring.ts';

export interface CreateOptions extends Doing {
  explain?: boolean;
}

export async function create(
  context: NoticesContext,
  file: string,
  { as, json, explain }: CreateOptions,
): Promise<void> {
  const actor = atTerminal(as);
  await context.actions.expect(actor, 'notices.create');
  const { draft, attachment } = await draftIn(context, file, Date.now());
  const made = await context.actions.notices.create(actor, draft, attachment);
  if (explain) {
    const explained = await explanation(context, made.id);
    return context.print(json ? JSON.stringify({ ...made, ...explained }) : explanationText(made, explained));
  }
  const next = `Notice ${made.id} is a draft. See it, and whom it reaches: ${commandLine(`notices preview ${made.id}`)}`;
  context.print(json ? JSON.stringify(made) : next);
}

/** What a notice file says, with the file that it names from where it lies itself. */
export interface Draft {
  draft: NoticeDraft;
  attachment: NoticeFile | null;
}

/** `now`: when a draft is made of it. @throws UserError with every error of the file */
export async function draftIn({ targets }: NoticesContext, file: string, now: number | null): Promise<Draft> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(`${file} cannot be read. Name a notice file with kind, texts and audience.`);
  });
  const draft = readNoticeFile(text, file, await targets(), now);
  const { attachment } = draft;
  if (!attachment || !('file' in attachment)) return { draft, attachment: null };
  const bytes = await bytesOf(path.resolve(path.dirname(file), attachment.file));
  const { name, mime } = attachment;
  return { draft, attachment: { name, mime, bytes } };
}

/** @throws UserError when there is no such file, or it is too large for a phone */
async function bytesOf(place: string): Promise<Buffer> {
  const bytes = await readFile(place).catch(({ code }: NodeJS.ErrnoException) => {
    throw new UserError(`attachment: ${place} cannot be read (${code}). Name it from the folder of the notice file.`);
  });
  if (bytes.length <= MOST_ATTACHMENT_BYTES) return bytes;
  const most = MOST_ATTACHMENT_BYTES / 1024 / 1024;
  throw new UserError(`attachment: ${place} has more than ${most} MB. Make it smaller, or link to it with a button.`);
}
