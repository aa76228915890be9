import type { Group, Inbound, InboundContent, Sender } from '../../core/inbound.ts';
import { misshapen } from '../misshapen.ts';
import { changedContent, saidContent } from './content.ts';
import { isService } from './messageKinds.ts';
import {
  glance,
  type Membership,
  type TelegramChat,
  type TelegramUpdate,
  type User,
  updateSchema,
} from './payloads.ts';
import { UPDATES } from './polling.ts';

export interface ParsedUpdate {
  inbound: Inbound;
  /** To be answered, so that the person's button stops spinning. */
  callbackId: string | null;
}

/**
 * An update as the application knows it; null for what is not an update, or none of our business.
 * @throws TypeError for what is our business and has another shape than Telegram documents
 */
export function parseUpdate(raw: unknown, botId: number, now: number): ParsedUpdate | null {
  const read = updateSchema.safeParse(raw);
  if (!read.success && isForUs(raw)) throw misshapen(read.error);
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

/** What can be read of an update that does not fit. */
function isForUs(raw: unknown): boolean {
  const { success, data } = glance.safeParse(raw);
  if (!success || !UPDATES.some((kind) => Object.hasOwn(raw as object, kind))) return false;
  const said = data.message ?? data.edited_message;
  if (!said || Object.hasOwn(said, 'migrate_to_chat_id')) return true;
  return !isService(said) && (said.chat?.type ?? 'private') === 'private';
}

type Event = Pick<Inbound, 'sender' | 'content' | 'thread' | 'replyTo'>;

function inPrivate(update: TelegramUpdate, place: TelegramChat, from: User | undefined, botId: number): Event | null {
  if (!from || from.is_bot) return null;
  const content = contentOf(update);
  if (!content) return null;
  const { message, edited_message: edited, callback_query: press } = update;
  const topic = (message ?? edited ?? press?.message)?.message_thread_id;
  const thread = topic === undefined ? {} : { thread: String(topic) };
  const answered = message?.reply_to_message?.message_id;
  const replyTo = answered === undefined ? {} : { replyTo: String(answered) };
  return { sender: { ...person(from, botId), address: String(place.id) }, content, ...thread, ...replyTo };
}

/** What is said in groups is not for us; that we came, went, or have to write to another address is. */
function inGroup(
  { message: said, my_chat_member: membership }: TelegramUpdate,
  place: TelegramChat,
  botId: number,
): Event | null {
  const group = groupOf(place, botId);
  const itself: Sender = { key: group.key, channel: 'telegram', address: group.address, language: null, name: null };
  if (said?.migrate_to_chat_id !== undefined) {
    // The group has moved; the person who caused it has not.
    return { sender: itself, content: { kind: 'moved', address: String(said.migrate_to_chat_id) } };
  }
  if (!membership) return null;
  const { from, old_chat_member: before, new_chat_member: after } = membership;
  if (!isIn(after)) return { sender: from.is_bot ? itself : person(from, botId), content: { kind: 'removed', group } };
  // A change of rights is not an arrival; and an admin who hides behind the group cannot be asked.
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

const groupOf = ({ id, title = '' }: TelegramChat, botId: number): Group => ({
  key: `telegram:${botId}:${id}`,
  address: String(id),
  title,
});

const isIn = ({ status, is_member = true }: Membership): boolean =>
  !['left', 'kicked'].includes(status) && (status !== 'restricted' || is_member);

/** Null: nothing that anybody would wait for an answer to. */
function contentOf(update: TelegramUpdate): InboundContent | null {
  const { message: said, edited_message: edited, callback_query: press, my_chat_member: membership } = update;
  if (said) return saidContent(said);
  if (edited) return changedContent(edited);
  if (press) {
    const messageId = press.message ? String(press.message.message_id) : null;
    const shown = press.message?.reply_markup?.inline_keyboard;
    return { kind: 'choice', data: press.data ?? '', messageId, ...(shown && { shown }) };
  }
  const status = membership?.new_chat_member.status ?? '';
  return { kind: ['kicked', 'left'].includes(status) ? 'left' : 'joined' };
}
