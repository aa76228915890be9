import { z } from 'zod';
import type { Attachment, Inbound, InboundContent } from '../../domain/inbound.ts';

const user = z.object({
  id: z.number(),
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  language_code: z.string().optional(),
});
const chat = z.object({ id: z.number(), type: z.string() });
const file = z.object({
  file_id: z.string(),
  mime_type: z.string().optional(),
  file_name: z.string().optional(),
  file_size: z.number().optional(),
});
const message = z.object({
  message_id: z.number(),
  date: z.number().optional(),
  chat,
  from: user.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  photo: z.array(file).optional(),
  voice: file.optional(),
  document: file.optional(),
  migrate_to_chat_id: z.number().optional(),
});
const updateSchema = z.object({
  update_id: z.number(),
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: z
    .object({
      id: z.string(),
      from: user,
      data: z.string().optional(),
      message: z.object({ message_id: z.number(), chat }).optional(),
    })
    .optional(),
  my_chat_member: z
    .object({ chat, from: user, date: z.number().optional(), new_chat_member: z.object({ status: z.string() }) })
    .optional(),
});
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
  const subject = update.message ?? update.edited_message ?? update.callback_query?.message ?? update.my_chat_member;
  const from =
    update.message?.from ?? update.edited_message?.from ?? update.callback_query?.from ?? update.my_chat_member?.from;
  if (!subject || !from || from.is_bot || subject.chat.type !== 'private') return null;
  const date = update.message?.date ?? update.my_chat_member?.date;
  return {
    callbackId: update.callback_query?.id ?? null,
    inbound: {
      id: `telegram:${botId}:${update.update_id}`,
      sender: {
        key: `telegram:${botId}:${from.id}`,
        channel: 'telegram',
        address: String(subject.chat.id),
        language: from.language_code ?? null,
        name: from.first_name ? clean(from.first_name) : null,
      },
      content: contentOf(update),
      at: date === undefined ? now : date * 1000,
    },
  };
}

function contentOf(update: z.infer<typeof updateSchema>): InboundContent {
  const { callback_query: press, my_chat_member: membership, edited_message: edited } = update;
  if (press)
    return {
      kind: 'choice',
      data: clean(press.data ?? ''),
      messageId: press.message ? String(press.message.message_id) : null,
    };
  if (membership) return { kind: ['kicked', 'left'].includes(membership.new_chat_member.status) ? 'left' : 'joined' };
  if (edited) {
    const text = edited.text ?? edited.caption;
    return text === undefined
      ? { kind: 'unsupported', what: 'edited' }
      : { kind: 'edited', text: clean(text), messageId: String(edited.message_id) };
  }
  return update.message ? messageContent(update.message) : { kind: 'unsupported', what: 'update' };
}

function messageContent(said: Message): InboundContent {
  const messageId = String(said.message_id);
  if (said.migrate_to_chat_id !== undefined) return { kind: 'moved', address: String(said.migrate_to_chat_id) };
  if (said.text !== undefined) return command(clean(said.text)) ?? { kind: 'text', text: clean(said.text), messageId };
  const attachment = attachmentOf(said);
  if (attachment) return { kind: 'media', attachment, caption: clean(said.caption ?? ''), messageId };
  return { kind: 'unsupported', what: 'message' };
}

function command(text: string): InboundContent | null {
  const found = /^\/([a-z0-9_]{1,32})(?:@\w+)?(?:\s+([\s\S]*))?$/i.exec(text.trim());
  return found ? { kind: 'command', name: (found[1] ?? '').toLowerCase(), argument: (found[2] ?? '').trim() } : null;
}

function attachmentOf(said: Message): Attachment | null {
  const largest = said.photo?.at(-1);
  const found = largest ?? said.voice ?? said.document;
  if (!found) return null;
  return {
    kind: largest ? 'photo' : said.voice ? 'voice' : 'document',
    ref: found.file_id,
    mime: found.mime_type ?? (largest ? 'image/jpeg' : null),
    name: found.file_name ? clean(found.file_name) : null,
    size: found.file_size ?? null,
  };
}

/** Postgres takes no NUL, and half a surrogate pair is no character. */
const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();
