import { createHash } from 'node:crypto';
import { type Api, InputFile } from 'grammy';
import type { Message } from 'grammy/types';
import type { OutboundFile } from '../../core/message.ts';
import { isForgotten, isNoPhoto } from './errors.ts';
import { MOST_PHOTO_BYTES } from './limits.ts';

/** What Telegram shows, plays, or offers to be fetched. */
type Shape = 'photo' | 'voice' | 'audio' | 'document';
type Kept = Exclude<OutboundFile, { url: string }>;
type More = Parameters<Api['sendDocument']>[2];

const MOST_KNOWN = 200;
/** What Telegram shows as a picture; others, such as drawings and moving ones, it takes as documents alone. */
const PICTURES = ['image/jpeg', 'image/png', 'image/webp'];

/** Sends files; one that goes to many is uploaded for the first of them, then named by the id that Telegram gave it. */
export function createFiles(api: Api, most = MOST_KNOWN) {
  const known = new Map<string, { shape: Shape; id: string }>();
  const digestOf = createDigests();

  async function send(address: string, file: OutboundFile, more: More): Promise<Message> {
    if ('url' in file) return call(shapeOf(file), address, file.url, more);
    const key = `${file.mime}\n${file.name}\n${digestOf(file)}`;
    return (await sendKnown(key, address, more)) ?? upload(key, file, address, more);
  }

  /** Null when it has to be uploaded (again). */
  async function sendKnown(key: string, address: string, more: More): Promise<Message | null> {
    const found = known.get(key);
    if (!found) return null;
    try {
      return await call(found.shape, address, found.id, more);
    } catch (error) {
      if (!isForgotten(error)) throw error;
      known.delete(key);
      return null;
    }
  }

  async function upload(key: string, file: Kept, address: string, more: More): Promise<Message> {
    const shape = shapeOf(file);
    const sent = await call(shape, address, inputOf(file), more).catch((error) => {
      if (shape !== 'photo' || !isNoPhoto(error)) throw error;
      return call('document', address, inputOf(file), more);
    });
    keep(key, sent);
    return sent;
  }

  const call = (shape: Shape, address: string, file: InputFile | string, more: More): Promise<Message> =>
    SENDING[shape](api, address, file, more);

  function keep(key: string, { photo, voice, audio, document }: Message): void {
    // Telegram lists a photo's sizes from small to large; what plays comes with a document's part as well.
    const sent = { photo: photo?.at(-1), voice, audio, document };
    const shape = SHAPES.find((each) => sent[each] !== undefined);
    const id = shape && sent[shape]?.file_id;
    if (shape === undefined || id === undefined) return;
    known.set(key, { shape, id });
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
  }

  return { send };
}

const SHAPES: readonly Shape[] = ['photo', 'voice', 'audio', 'document'];
const SENDING: Record<Shape, (api: Api, to: string, file: InputFile | string, more: More) => Promise<Message>> = {
  photo: (api, to, file, more) => api.sendPhoto(to, file, more),
  voice: (api, to, file, more) => api.sendVoice(to, file, more),
  audio: (api, to, file, more) => api.sendAudio(to, file, more),
  document: (api, to, file, more) => api.sendDocument(to, file, more),
};
/** core.telegram.org/bots/api, sendVoice and sendAudio. */
const PLAYED: Record<string, Shape> = { 'audio/ogg': 'voice', 'audio/mpeg': 'audio', 'audio/mp4': 'audio' };

const isPicture = ({ mime }: OutboundFile): boolean => PICTURES.includes(mime);
const isSmall = (file: OutboundFile): boolean => !('bytes' in file) || file.bytes.length <= MOST_PHOTO_BYTES;
const shapeOf = (file: OutboundFile): Shape =>
  isPicture(file) && isSmall(file) ? 'photo' : (PLAYED[file.mime] ?? 'document');
const bytesOf = (file: Kept): Uint8Array => ('bytes' in file ? file.bytes : Buffer.from(file.text));
const inputOf = (file: Kept): InputFile => new InputFile(bytesOf(file), file.name);

/** The same bytes are looked at once, however many they go to. */
function createDigests() {
  const digests = new WeakMap<Uint8Array, string>();
  return (file: Kept): string => {
    const bytes = bytesOf(file);
    const digest = digests.get(bytes) ?? createHash('sha256').update(bytes).digest('base64url');
    digests.set(bytes, digest);
    return digest;
  };
}
