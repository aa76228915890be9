import type { createLimits, SendFaults } from './faults.ts';
import type { SimulatedChannel } from './slackChannels.ts';
import type { createFiles } from './slackFiles.ts';
import type { createMessages } from './slackMessages.ts';
import type { SlackAnswer, SlackPayload } from './slackPayload.ts';
import type { SimulatedSlackPerson } from './slackPerson.ts';
import type { createViews } from './slackViews.ts';

export interface SlackFaults extends SendFaults {
  /** How many of the next sends are delivered while their answers are lost. */
  loseNext: number;
  /** Milliseconds after which an envelope that was not acknowledged goes out again. */
  resendMs: number;
  /** The time to edit or take back a message is over. */
  closed: boolean;
}

export interface SlackApiParts {
  people: ReadonlyMap<string, SimulatedSlackPerson>;
  channels: ReadonlyMap<string, SimulatedChannel>;
  files: ReturnType<typeof createFiles>;
  messages: ReturnType<typeof createMessages>;
  views: ReturnType<typeof createViews>;
  faults: SlackFaults;
  limits: ReturnType<typeof createLimits>;
  counters: { sends: number; blocked: number; homes: number };
  /** What the bot is told of itself. */
  self: SlackPayload;
  /** Where sockets are opened. */
  socketUrl(): string;
  clock(): number;
}

/** Calls that send something. */
export const SENDS = ['chat.postMessage', 'files.completeUploadExternal'];
/** Calls that change what was sent. */
export const CHANGES = ['chat.update', 'chat.delete', 'files.delete'];

type Call = (payload: SlackPayload, parts: SlackApiParts) => SlackAnswer;

/** What Slack's Web API answers to a call by this name. */
export const answerTo = (method: string, payload: SlackPayload, parts: SlackApiParts): SlackAnswer => {
  const call = CALLS[method];
  return call ? call(payload, parts) : { ok: false, error: 'unknown_method' };
};

const deliver: Call = (payload, { counters, limits, faults, messages }) => {
  counters.sends += 1;
  const chat = String(payload.channel ?? payload.channel_id);
  if (limits.isRefused(chat)) return { ok: false, error: 'ratelimited', retryAfter: faults.stormRetryAfter };
  const answer = messages.deliver(payload);
  if (answer.error === 'user_disabled') counters.blocked += 1;
  return answer;
};

/** Refused while the storm lasts. */
const changing =
  (change: (messages: SlackApiParts['messages'], payload: SlackPayload) => SlackAnswer): Call =>
  (payload, { clock, faults, messages }) =>
    clock() < faults.stormUntil
      ? { ok: false, error: 'ratelimited', retryAfter: faults.stormRetryAfter }
      : change(messages, payload);

/** A call that names a person. */
const about =
  (answer: (person: SimulatedSlackPerson, payload: SlackPayload, parts: SlackApiParts) => SlackAnswer): Call =>
  (payload, parts) => {
    const person = parts.people.get(String(payload.user ?? payload.users ?? payload.user_id ?? ''));
    return person ? answer(person, payload, parts) : { ok: false, error: 'user_not_found' };
  };

const CALLS: Record<string, Call | undefined> = {
  'auth.test': (_, { self }) => ({ ok: true, user: 'hearback', user_id: 'UBOT', bot_id: 'B1', ...self }),
  'bots.info': () => ({ ok: true, bot: { id: 'B1', app_id: 'A1', user_id: 'UBOT' } }),
  'chat.postMessage': deliver,
  'files.completeUploadExternal': deliver,
  'files.getUploadURLExternal': (payload, { files }) => files.request(payload),
  'files.info': ({ file }, { files }) => files.infoOf(String(file)),
  'chat.update': changing((messages, payload) => messages.update(payload)),
  'chat.delete': changing((messages, payload) => messages.remove(payload)),
  'files.delete': changing((messages, payload) => messages.removeFile(payload)),
  'conversations.info': (payload, { channels }) => {
    const channel = channels.get(String(payload.channel));
    return channel ? { ok: true, channel: channel.info } : { ok: false, error: 'channel_not_found' };
  },
  'conversations.open': about(({ dm }) => ({ ok: true, channel: { id: dm } })),
  'users.info': about(({ info }) => ({ ok: true, user: info })),
  'views.publish': about((person, payload, { views, counters }) => {
    const answer = views.publish(person, payload);
    if (answer.ok) counters.homes += 1;
    return answer;
  }),
  'views.open': (payload, { views }) => views.open(payload),
  'views.update': (payload, { views }) => views.update(payload),
  'apps.connections.open': (_, { socketUrl }) => ({ ok: true, url: socketUrl() }),
};
