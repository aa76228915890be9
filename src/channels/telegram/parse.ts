import { z } from 'zod';
import type { Attachment, Group, Inbound, InboundContent, Sender } from '../../domain/inbound.ts';

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
const chat = z.object({ id, type: z.string(), title: text.optional() });
const member = z.object({ status: z.string(), is_member: z.boolean().optional() });
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
  my_chat_member: z
    .object({ chat, from: user, date, old_chat_member: member.optional(), new_chat_member: member })
    .optional(),
});
type Update = z.infer<typeof updateSchema>;
type Message = z.infer<typeof message>;
type Chat = z.infer<typeof chat>;
type User = z.infer<typeof user>;

export interface Parsed {
  inbound: Inbound;
  /** To be answered, so that the person's button stops spinning. */
  callbackId: string | null;
}

/** An update as the application knows it; null for what is no update, or none of our business. */
export function parseUpdate(raw: unknown, botId: number, now: number): Parsed | null {
  const read = updateSchema.safeParse(raw);
  if (!read.success) return null;
  const update = read.data;
  const { callback_query: press, my_chat_member: membership } = update;
  const said = update.message ?? update.edited_message;
  const place = (said ?? press?.message ?? membership)?.chat;
  const from = (said ?? press ?? membership)?.from;
  if (!place) return null;
  const event = place.type === 'private' ? inPrivate(update, place, from, botId) : inGroup(update, place, botId);
  if (!event) return null;
  const seconds = said?.edit_date ?? said?.date ?? membership?.date;
  return {
    callbackId: press?.id ?? null,
    inbound: {
      id: `telegram:${botId}:${update.update_id}`,
      ...event,
      at: seconds === undefined ? now : seconds * 1000,
    },
  };
}

type Event = Pick<Inbound, 'sender' | 'content'>;

function inPrivate(update: Update, place: Chat, from: User | undefined, botId: number): Event | null {
  if (!from || from.is_bot) return null;
  return { sender: { ...person(from, botId), address: String(place.id) }, content: contentOf(update) };
}

/** What is said in groups is not for us; that we came, went, or have to write to another address is. */
function inGroup({ message: said, my_chat_member: membership }: Update, place: Chat, botId: number): Event | null {
  const group = groupOf(place, botId);
  const itself: Sender = { key: group.key, channel: 'telegram', address: group.address, language: null, name: null };
  if (said?.migrate_to_chat_id !== undefined) {
    // The group has moved, whoever pressed for it has not.
    return { sender: itself, content: { kind: 'moved', address: String(said.migrate_to_chat_id) } };
  }
  if (!membership) return null;
  const { from, old_chat_member: before, new_chat_member: after } = membership;
  if (!isIn(after)) return { sender: from.is_bot ? itself : person(from, botId), content: { kind: 'removed', group } };
  // A change of rights is no arrival; and an admin who hides behind the group cannot be asked.
  if ((before && isIn(before)) || from.is_bot) return null;
  return { sender: person(from, botId), content: { kind: 'added', group } };
}

/** A person's number is the address of their private chat as well. */
const person = (from: User, botId: number): Sender => ({
  key: `telegram:${botId}:${from.id}`,
  channel: 'telegram',
  address: String(from.id),
  language: from.language_code || null,
  name: from.first_name || null,
});

const groupOf = ({ id, title = '' }: Chat, botId: number): Group => ({
  key: `telegram:${botId}:${id}`,
  address: String(id),
  title,
});

const isIn = ({ status, is_member = true }: z.infer<typeof member>): boolean =>
  !['left', 'kicked'].includes(status) && (status !== 'restricted' || is_member);

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
