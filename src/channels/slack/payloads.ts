import { z } from 'zod';

const file = z.object({
  subtype: z.string().optional(),
  url_private: z.string().optional(),
  mimetype: z.string().optional(),
  name: z.string().nullish(),
  size: z.number().optional(),
});
const said = {
  text: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().nullish(),
  ts: z.string().optional(),
  thread_ts: z.string().optional(),
};
export const envelope = z.object({
  type: z.literal('event_callback'),
  team_id: z.string(),
  event_id: z.string(),
  event_time: z.number().optional(),
  event: z.object({
    ...said,
    type: z.string(),
    subtype: z.string().optional(),
    channel: z.string().optional(),
    channel_type: z.string().optional(),
    tab: z.string().optional(),
    inviter: z.string().optional(),
    actor_id: z.string().optional(),
    files: z.array(file).optional(),
    message: z.object(said).optional(),
    previous_message: z.object(said).optional(),
  }),
});
const who = {
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string(), name: z.string().optional() }),
  trigger_id: z.string(),
};
const option = z.object({ value: z.string() });
const action = z.object({
  action_id: z.string(),
  value: z.string().optional(),
  selected_option: option.nullish(),
  action_ts: z.string().optional(),
});
const input = z.object({ value: z.string().nullish(), selected_option: option.nullish() });
export const press = z.object({
  ...who,
  type: z.literal('block_actions'),
  view: z
    .object({ id: z.string(), hash: z.string(), callback_id: z.string(), private_metadata: z.string().optional() })
    .partial()
    .nullish(),
  container: z.object({ channel_id: z.string(), message_ts: z.string(), thread_ts: z.string() }).partial().optional(),
  channel: z.object({ id: z.string() }).optional(),
  actions: z.array(action).min(1),
});
export const submission = z.object({
  ...who,
  type: z.literal('view_submission'),
  view: z.object({
    id: z.string().optional(),
    callback_id: z.string(),
    private_metadata: z.string().optional(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), input)) }),
  }),
});
export const slash = z.object({
  command: z.string(),
  text: z.string().optional(),
  team_id: z.string(),
  user_id: z.string(),
  trigger_id: z.string(),
});
/** Somebody uses a shortcut on a message. */
export const messageAction = z.object({
  type: z.literal('message_action'),
  callback_id: z.string(),
  response_url: z.string(),
  message_ts: z.string().optional(),
  user: z.object({ id: z.string(), name: z.string().optional() }),
  channel: z.object({ id: z.string() }),
  message: z.object({ ...said, subtype: z.string().optional() }),
});

export type SlackFile = z.infer<typeof file>;
export type EventEnvelope = z.infer<typeof envelope>;
export type Press = z.infer<typeof press>;
export type Submission = z.infer<typeof submission>;
export type Slash = z.infer<typeof slash>;
