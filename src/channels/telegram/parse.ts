import { z } from 'zod';
import type { Attachment, Inbound, InboundContent } from '../../domain/inbound.ts';

/** Postgres takes no NUL, and half a surrogate pair is no character: neither goes further than this file. */
const text = z.string().transform((given) => given.replaceAll('\0', '').toWellFormed());
const id = z.int();
/** Seconds; a time that no calendar holds is as good as none. */
const date = z.int().min(0).max(8.64e12).optional().catch(undefined);

const user = z.object({
  id,
  is_bot: z.boolean().optional(),
  first_name: text.optional(),
  language_code: text.optional().catch(undefined),
});
const chat = z.object({ id, type: z.string() });
const file = z.object({
  file_id: text,
  mime_type: text.optional(),
  file_name: text.optional(),
  file_size: z.number().optional().catch(undefined),
});
const message = z.object({
  message_id: id,
  date,
  edit_date: date,
  chat,
  from: user.optional(),
  text: text.optional(),
  caption: text.optional(),
  photo: z.array(file).optional(),
  voice: file.optional(),
  audio: file.optional(),
  video: file.optional(),
  video_note: file.optional(),
  document: file.optional(),
  migrate_to_chat_id: id.optional(),
  media_group_id: z.string().optional(),
});
const updateSchema = z.object({
  update_id: id,
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: z
    .object({
      id: z.string(),
      from: user,
      data: text.optional(),
      message: z.object({ message_id: id, chat }).optional(),
    })
    .optional(),
  my_chat_member: z.object({ chat, from: user, date, new_chat_member: z.object({ status: z.string() }) }).optional(),
});
type Update = z.infer<typeof updateSchema>;
type Message = z.infer<typeof message>;

export interface Parsed {
  inbound: Inbound;
  /** To be answered, so that the person's button stops spinning. */
  callbackId: string | null;
}

/** An update as the application knows it; null for what is no update, or not of a private chat with a person. */
export function parseUpdate(raw: unknown, botId: number, now: number): Parsed | null {
  const read = updateSchema.safeParse(raw);
  if (!read.success) return null;
  const update = read.data;
  const { callback_query: press, my_chat_member: membership } = update;
  const said = update.message ?? update.edited_message;
  const place = (said ?? press?.message ?? membership)?.chat;
  const from = (said ?? press ?? membership)?.from;
  if (!place || !from || from.is_bot || place.type !== 'private') return null;
  const seconds = said?.edit_date ?? said?.date ?? membership?.date;
  return {
    callbackId: press?.id ?? null,
    inbound: {
      id: `telegram:${botId}:${update.update_id}`,
      sender: {
        key: `telegram:${botId}:${from.id}`,
        channel: 'telegram',
        address: String(place.id),
        language: from.language_code || null,
        name: from.first_name || null,
      },
      content: contentOf(update),
      at: seconds === undefined ? now : seconds * 1000,
    },
  };
}

function contentOf(update: Update): InboundContent {
  const { message: said, edited_message: edited, callback_query: press, my_chat_member: membership } = update;
  if (said) return messageContent(said);
  if (edited) return editedContent(edited);
  if (press) {
    const messageId = press.message ? String(press.message.message_id) : null;
    return { kind: 'choice', data: press.data ?? '', messageId };
  }
  const status = membership?.new_chat_member.status ?? '';
  return { kind: ['kicked', 'left'].includes(status) ? 'left' : 'joined' };
}

function messageContent(said: Message): InboundContent {
  const messageId = String(said.message_id);
  if (said.migrate_to_chat_id !== undefined) return { kind: 'moved', address: String(said.migrate_to_chat_id) };
  if (said.text !== undefined) return commandIn(said.text) ?? { kind: 'text', text: said.text, messageId };
  const attachment = attachmentOf(said);
  const album = said.media_group_id === undefined ? {} : { album: said.media_group_id };
  if (attachment) return { kind: 'media', attachment, caption: said.caption ?? '', messageId, ...album };
  return { kind: 'unsupported', what: 'message' };
}

function editedContent(edited: Message): InboundContent {
  const words = edited.text ?? edited.caption;
  if (words === undefined) return { kind: 'unsupported', what: 'edited message' };
  return { kind: 'edited', text: words, messageId: String(edited.message_id) };
}

/** A whole message that begins with a command; `/a/path` and a lone slash are words. */
function commandIn(words: string): InboundContent | null {
  const found = /^\/(\w{1,32})(?:@\w+)?(?:\s+([\s\S]*))?$/.exec(words.trim());
  return found ? { kind: 'command', name: (found[1] ?? '').toLowerCase(), argument: found[2] ?? '' } : null;
}

function attachmentOf(said: Message): Attachment | null {
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
  };
}
