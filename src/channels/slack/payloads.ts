import { z } from 'zod';

/** What a payload can do without: of another type than expected it counts as left out. */
const maybe = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);
const word = maybe(z.string());
/** Any other payload is passed over. */
const listOf = <T extends z.ZodObject>(type: T) =>
  maybe(
    z.array(type.nullable().catch(null)).transform((all) => all.filter((each): each is z.output<T> => each !== null)),
  );

export const slackFile = z.object({
  id: word,
  mode: word,
  file_access: word,
  subtype: word,
  url_private: word,
  mimetype: word,
  name: word,
  size: maybe(z.number().nonnegative()),
  duration_ms: maybe(z.number().nonnegative()),
});
const written = { text: word, blocks: maybe(z.array(z.unknown())), files: listOf(slackFile) };
/** The words of a forwarded message stand in one of these. */
const attachment = z.object({
  ...written,
  is_share: maybe(z.boolean()),
  is_msg_unfurl: maybe(z.boolean()),
  from_url: word,
  author_id: word,
  message_blocks: listOf(z.object({ message: maybe(z.object(written)) })),
});
const said = {
  ...written,
  subtype: word,
  user: word,
  bot_id: word,
  client_msg_id: word,
  hidden: maybe(z.boolean()),
  ts: word,
  thread_ts: word,
  edited: maybe(z.object({ ts: word })),
  attachments: listOf(attachment),
};
export const envelope = z.object({
  type: z.literal('event_callback'),
  event_id: z.string(),
  event_time: maybe(z.number()),
  event: z.object({
    ...said,
    type: z.string(),
    channel: word,
    channel_type: word,
    tab: word,
    inviter: word,
    actor_id: word,
    message: maybe(z.object(said)),
    previous_message: maybe(z.object(said)),
  }),
});
/** Where something that somebody says can stand; there it is of this type, or something would be passed over. */
const holding = z.object({
  user: z.string().nullish(),
  text: z.string().nullish(),
  blocks: z.array(z.unknown()).nullish(),
  files: z.array(z.looseObject({})).nullish(),
  attachments: z.array(z.looseObject({})).nullish(),
});
export const messageHolding = z.object({ event: holding });
export const changeHolding = z.object({ event: z.object({ message: holding }) });
const user = z.object({ id: z.string(), name: word });
const who = { user, trigger_id: word };
const option = z.object({ value: z.string() });
const action = z.object({ action_id: z.string(), value: word, selected_option: maybe(option), action_ts: word });
const input = z.object({ value: word, selected_option: maybe(option) });
/** What is written into the fields of a modal, by their names. */
const state = z.object({ values: z.record(z.string(), z.record(z.string(), input)) });
const sentence = z.looseObject({ text: z.string() });
const element = z.looseObject({
  text: maybe(sentence),
  value: word,
  options: maybe(z.array(z.looseObject({ text: sentence, value: z.string() }))),
});
export type PressedElement = z.infer<typeof element>;
/** A block of buttons, and lists of them. */
export const buttonsBlock = z.looseObject({ type: z.literal('actions'), elements: z.array(element) });
/** A message of ours as it comes with a press of one of its buttons. */
export const pressedMessage = z.object({ text: word, blocks: z.array(z.looseObject({ type: z.string() })) });
export const press = z.object({
  ...who,
  type: z.literal('block_actions'),
  view: maybe(z.object({ id: word, hash: word, callback_id: word, private_metadata: word, state: maybe(state) })),
  container: maybe(z.object({ channel_id: word, message_ts: word, thread_ts: word })),
  channel: maybe(z.object({ id: word })),
  message: maybe(pressedMessage),
  actions: z.array(action).min(1),
});
export const submission = z.object({
  ...who,
  type: z.literal('view_submission'),
  view: z.object({
    id: word,
    callback_id: z.string(),
    private_metadata: word,
    state,
  }),
});
export const slash = z.object({ command: z.string(), text: word, user_id: z.string(), trigger_id: word });
/** Somebody uses a shortcut on a message. */
export const messageAction = z.object({
  type: z.literal('message_action'),
  callback_id: z.string(),
  response_url: z.string(),
  message_ts: word,
  user,
  channel: z.object({ id: z.string() }),
  message: z.object(said),
});

/** In any payload, the person who caused it. */
export const authored = z.object({
  event: maybe(z.object({ user: word, message: maybe(z.object({ user: word })) })),
  user: maybe(z.object({ id: word })),
  user_id: word,
});

export type SlackFile = z.infer<typeof slackFile>;
export type Written = Pick<SlackMessage, 'text' | 'blocks' | 'files'>;
export type Forward = z.infer<typeof attachment>;
export type EventEnvelope = z.infer<typeof envelope>;
export type SlackMessage = NonNullable<EventEnvelope['event']['message']>;
export type Press = z.infer<typeof press>;
export type Submission = z.infer<typeof submission>;
export type Slash = z.infer<typeof slash>;
