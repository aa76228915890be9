import { z } from 'zod';
import { wellFormed } from '../../core/wellFormed.ts';

const text = z.string().transform(wellFormed);
const id = z.int();
/** Seconds, up to the year 9999; a time that no calendar and no database holds is as good as none. */
const date = z.int().min(0).max(253_402_300_799).optional().catch(undefined);
/** What says more of a message without being it: of another shape than expected, it is as good as left out. */
const aside = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const user = z.object({
  id,
  is_bot: z.boolean().optional(),
  first_name: aside(text),
  language_code: aside(text),
});
const chat = z.object({ id, type: z.string(), title: aside(text) });
const member = z.object({ status: z.string(), is_member: z.boolean().optional() });
const file = z.object({
  file_id: text,
  file_unique_id: aside(text),
  mime_type: aside(text),
  file_name: aside(text),
  file_size: aside(z.number()),
  duration: aside(z.number().nonnegative()),
});
/** One that cannot be read is not a loss as long as there is another. */
const sizes = z
  .array(file.nullable().catch(null))
  .transform((all) => all.filter((size) => size !== null))
  .refine((all) => all.length > 0);
const entity = z.object({ type: z.string(), offset: id, length: id, url: z.string().optional() });
const entities = aside(z.array(entity));

/** As it is given back when a button has done its work. */
export const keyboard = z.array(z.array(z.object({ text, callback_data: text.optional(), url: text.optional() })));

/** Whatever else is in it stays, unread: its names tell what kind of message it is. */
const message = z.looseObject({
  message_id: id,
  message_thread_id: aside(id),
  reply_to_message: aside(z.object({ message_id: id })),
  date,
  edit_date: date,
  chat,
  from: user.optional(),
  // Raw, for entities count its characters as they came.
  text: z.string().optional(),
  entities,
  caption: z.string().optional(),
  caption_entities: entities,
  forward_origin: aside(z.object({ sender_user: aside(z.object({ id })) })),
  photo: sizes.optional(),
  voice: file.optional(),
  audio: file.optional(),
  video: file.optional(),
  video_note: file.optional(),
  document: file.optional(),
  migrate_to_chat_id: id.optional(),
  media_group_id: aside(text),
});

/** Of an update of the Bot API, what we look at. */
export const updateSchema = z.object({
  update_id: id,
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: z
    .object({
      id: z.string(),
      from: user,
      data: text.optional(),
      message: z
        .object({
          message_id: id,
          message_thread_id: aside(id),
          chat,
          reply_markup: aside(z.object({ inline_keyboard: keyboard })),
        })
        .optional(),
    })
    .optional(),
  my_chat_member: z
    .object({ chat, from: user, date, old_chat_member: member.optional(), new_chat_member: member })
    .optional(),
});

const seen = aside(z.looseObject({ chat: aside(z.object({ type: aside(z.string()) })) }));
/** Of an update that does not fit, what tells whether it would have been for us. */
export const glance = z.looseObject({
  update_id: id,
  message: seen,
  edited_message: seen,
});

export type TelegramUpdate = z.infer<typeof updateSchema>;
export type TelegramMessage = z.infer<typeof message>;
export type TelegramChat = z.infer<typeof chat>;
export type User = z.infer<typeof user>;
export type Membership = z.infer<typeof member>;
