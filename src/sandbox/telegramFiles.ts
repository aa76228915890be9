import { posix } from 'node:path';
import type { ChatMessage } from './chat.ts';
import { refuse, type TelegramAnswer } from './telegramAnswer.ts';
import { type FormValue, isKnownHost, type TelegramPayload } from './telegramPayload.ts';

const SHAPES = ['photo', 'voice', 'audio', 'document'] as const;
export type Shape = (typeof SHAPES)[number];

export interface KeptFile {
  id: string;
  bytes: Uint8Array;
  name: string;
  shape: Shape;
}

const WRONG_FILE = 'Bad Request: wrong file identifier/HTTP URL specified';
const MOST_PHOTO_BYTES = 10 * 1024 * 1024;
/** How JPEG, PNG and WebP begin. */
const PICTURE = /^(\xff\xd8\xff|\x89PNG|RIFF.{4}WEBP)/s;

/** Files by the ids that the platform gives them. */
export function createFiles(nextId: () => number, counters: { uploads: number }) {
  const kept = new Map<string, KeptFile>();

  function keep(bytes: Uint8Array, name = 'file', shape: Shape = 'document'): KeptFile {
    const file = { id: `file-${nextId()}`, bytes, name, shape };
    kept.set(file.id, file);
    return file;
  }

  /** The file that a send brings, be it uploaded, known by its id or to be fetched: addresses are taken as they are. */
  function sentIn(payload: TelegramPayload): KeptFile | TelegramAnswer | null {
    const shape = SHAPES.find((name) => payload[name] !== undefined);
    if (!shape) return null;
    const given = payload[shape] as FormValue;
    if (typeof given !== 'string') return upload(given, shape);
    if (/^https?:/.test(given) && !isKnownHost(given)) return refuse(400, WRONG_FILE);
    if (/^https?:/.test(given)) return keep(Buffer.from(given), posix.basename(new URL(given).pathname), shape);
    const known = kept.get(given);
    if (!known) return refuse(400, WRONG_FILE);
    return known.shape === shape
      ? known
      : refuse(400, `Bad Request: can't use file of type ${known.shape} as ${shape}`);
  }

  function upload({ bytes, filename }: { bytes: Buffer; filename: string }, shape: Shape): KeptFile | TelegramAnswer {
    counters.uploads += 1;
    if (shape === 'photo' && bytes.length > MOST_PHOTO_BYTES)
      return refuse(400, `Bad Request: file of size ${bytes.length} bytes is too big for a photo`);
    if (shape === 'photo' && !PICTURE.test(bytes.subarray(0, 12).toString('latin1')))
      return refuse(400, 'Bad Request: IMAGE_PROCESS_FAILED');
    return keep(bytes, filename, shape);
  }

  return { keep, sentIn, get: (id: string) => kept.get(id), ids: () => [...kept.keys()], forget: () => kept.clear() };
}

/** What the person sees of it. */
export const seen = ({ name, shape }: KeptFile): Pick<ChatMessage, 'file' | 'photo'> => ({
  file: name,
  ...(shape === 'photo' && { photo: true }),
});

/** As the platform tells the bot of it; the first of a photo's sizes is a small one. */
export const told = ({ id, name, shape }: KeptFile): object =>
  shape === 'photo'
    ? {
        photo: [
          { file_id: `${id}-small`, width: 90 },
          { file_id: id, width: 1280 },
        ],
      }
    : { [shape]: { file_id: id, file_name: name } };
