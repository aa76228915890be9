import type { Attachment, InboundContent } from '../../core/inbound.ts';
import { CUT_FROM, MOST_DOWNLOAD_BYTES } from './limits.ts';
import { isService } from './messageKinds.ts';
import type { TelegramMessage } from './payloads.ts';
import { wordsOf } from './words.ts';

/** What a message says to us; null for what the platform itself tells in the chat. */
export function saidContent(said: TelegramMessage): InboundContent | null {
  const messageId = String(said.message_id);
  if (said.migrate_to_chat_id !== undefined) return { kind: 'moved', address: String(said.migrate_to_chat_id) };
  const passedOn = isForwarded(said) ? { forwarded: true as const } : {};
  if (said.text !== undefined) {
    const text = wordsOf(said.text, said.entities);
    const cut = said.text.length >= CUT_FROM ? { cut: true as const } : {};
    // A command that is forwarded is not a command.
    const command = said.forward_origin === undefined ? commandIn(text) : null;
    return command ?? { kind: 'text', text, messageId, ...passedOn, ...cut };
  }
  const attachment = attachmentOf(said);
  if (attachment) {
    const album = said.media_group_id === undefined ? {} : { album: said.media_group_id };
    return {
      kind: 'media',
      attachment,
      caption: captionOf(said),
      messageId,
      ...album,
      ...passedOn,
      ...fits(attachment),
    };
  }
  return isService(said) ? null : { kind: 'unsupported', what: 'message' };
}

/** What a message says now; null where no words and no file have changed, as when a live place moves. */
export function changedContent(edited: TelegramMessage): InboundContent | null {
  const attachment = attachmentOf(edited);
  if (edited.text === undefined && attachment === null) return null;
  const text = edited.text === undefined ? captionOf(edited) : wordsOf(edited.text, edited.entities);
  const file = attachment ? { attachment, ...fits(attachment) } : {};
  return { kind: 'edited', text, messageId: String(edited.message_id), ...file };
}

const captionOf = ({ caption = '', caption_entities }: TelegramMessage): string => wordsOf(caption, caption_entities);

/** A person who forwards their own words is saying them. */
const isForwarded = ({ forward_origin: origin, from }: TelegramMessage): boolean =>
  origin !== undefined && (origin.sender_user === undefined || origin.sender_user.id !== from?.id);

const fits = ({ size }: Attachment): { tooLarge?: number } =>
  size !== null && size > MOST_DOWNLOAD_BYTES ? { tooLarge: MOST_DOWNLOAD_BYTES } : {};

/** A whole message that begins with a command; `/a/path` and a lone slash are words. */
function commandIn(words: string): InboundContent | null {
  const found = /^\/(\w{1,32})(?:@\w+)?(?:\s+([\s\S]*))?$/.exec(words.trim());
  return found ? { kind: 'command', name: (found[1] ?? '').toLowerCase(), argument: found[2] ?? '' } : null;
}

function attachmentOf(said: TelegramMessage): Attachment | null {
  // Telegram lists a photo's sizes from small to large.
  const photo = said.photo?.at(-1);
  const voice = said.voice ?? said.audio;
  const found = photo ?? voice ?? said.document ?? said.video ?? said.video_note;
  if (!found) return null;
  return {
    kind: photo ? 'photo' : voice ? 'voice' : 'document',
    ref: found.file_id,
    mime: found.mime_type ?? (photo ? 'image/jpeg' : said.video_note ? 'video/mp4' : null),
    name: found.file_name ?? null,
    size: found.file_size ?? null,
    ...(voice?.duration !== undefined && { seconds: Math.round(voice.duration) }),
    ...(found.file_unique_id !== undefined && { unique: found.file_unique_id }),
    messageId: String(said.message_id),
  };
}
