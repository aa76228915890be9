import type { ChatMessage } from './chat.ts';
import { createChat } from './chat.ts';
import type { SlackSaid } from './slackChannels.ts';
import type { SlackEventKind } from './slackEvents.ts';
import type { SlackPlace } from './slackMessages.ts';
import { escaped, type SlackPayload } from './slackPayload.ts';
import { createWindows, type ShownWindow, type Windows } from './slackWindows.ts';

/** More choices than this come as a list. */
const MOST_BUTTONS = 10;

export interface SlackSandboxUser extends Windows {
  id: string;
  chat: ChatMessage[];
  /** `more`: what else Slack would write into the message, a thread for example. */
  say(text: string, more?: SlackPayload): Promise<void>;
  /** Answers a message of the chat, in its thread. */
  reply(messageId: number, text: string): Promise<void>;
  /** Presses a button of the latest message that has any, or of this one: by its label, its place, or any data, forged or not. */
  press(which: string | number, under?: ChatMessage): Promise<void>;
  /** `/hearback` with this text. */
  slash(text: string): Promise<void>;
  edit(ts: string, text: string): Promise<void>;
  openHome(): Promise<void>;
  /** Uses the shortcut with this callback on somebody's message. */
  shortcut(callback: string, said: SlackSaid): Promise<void>;
  /** What only this person was shown below a message, oldest first. */
  notes: string[];
  /** Sends files of one message; `under`: in the thread of that one. */
  files(files: SentFile[], caption: string, under?: number): Promise<void>;
  block(): void;
  unblock(): void;
  /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

export interface SentFile {
  name: string;
  mime: string;
  subtype?: string;
  bytes: Uint8Array;
  /** How long it sounds. */
  seconds?: number;
  /** Bytes, where it is said to have more than these. */
  size?: number;
  /** Of another workspace: the message names it alone. `withheld`: nobody is told more. */
  from?: 'elsewhere' | 'withheld';
}

export interface PersonAbout {
  /** Another app. */
  bot?: boolean;
  /** Has left the workspace. */
  deleted?: boolean;
  language?: string;
  name?: string;
  /** Time zone. */
  zone?: string;
}

/** What a person needs of the platform. */
export interface SlackPlatform {
  /** Gives the bot's answer. */
  offer(kind: SlackEventKind, payload: SlackPayload): Promise<SlackPayload>;
  event(content: SlackPayload): Promise<void>;
  /** A message's time, which is its name too. */
  stamp(): string;
  /** A trigger with which the bot may open one modal for this person. */
  trigger(person: SimulatedSlackPerson): string;
  /** An address at which the bot may answer this person. */
  answerAt(person: SimulatedSlackPerson): string;
  /** Keeps a file, gives its id and address. */
  keep(name: string, bytes: Uint8Array): { id: string; url: string };
  /** What is told of a file to whoever asks. */
  describe(id: string, info: SlackPayload): void;
  /** What interactions and commands say of where they come from. */
  origin: Origin;
  clock(): number;
}

export interface Origin {
  interactive: SlackPayload;
  slash: SlackPayload;
  userTeam: string;
}

export interface SimulatedSlackPerson extends SlackSandboxUser {
  readonly dm: string;
  readonly place: SlackPlace;
  /** As `users.info` tells it. */
  readonly info: SlackPayload;
  readonly shown: ShownWindow;
  /** The bot's answer beside a message. */
  answered(text: string): void;
}

/** Somebody of the workspace; what they do becomes payloads. */
export function createPerson(id: string, about: PersonAbout, platform: SlackPlatform): SimulatedSlackPerson {
  const { event, stamp, clock } = platform;
  const chat = createChat(clock);
  const dm = `D${id}`;
  const name = about.name ?? id;
  const shown: ShownWindow = { homeView: null, openedModal: null };
  let blocked = false;
  const speaker: Speaker = { id, name, dm, chat, platform, self: () => person };
  const person: SimulatedSlackPerson = {
    id,
    dm,
    place: { ...chat, id: dm, refusal: () => (blocked ? 'user_disabled' : null) },
    info: infoOf(id, name, about),
    chat: chat.messages,
    notes: [],
    shown,
    answered: (text) => void person.notes.push(text),
    ...speechOf(speaker),
    ...pressesOf(speaker),
    ...createWindows({ shown, interact: (payload) => interact(speaker, payload), stamp }),
    openHome: () => event({ type: 'app_home_opened', user: id, channel: dm, tab: 'home', event_ts: stamp() }),
    block() {
      blocked = true;
    },
    unblock() {
      blocked = false;
    },
    waitFor: chat.waitFor,
  };
  return person;
}

/** As `users.info` tells it. */
const infoOf = (id: string, name: string, about: PersonAbout): SlackPayload => ({
  id,
  name,
  locale: about.language ?? 'en-US',
  deleted: about.deleted ?? false,
  is_bot: about.bot ?? false,
  ...(about.zone && { tz: about.zone }),
  ...(about.name && { real_name: about.name }),
});

interface Speaker {
  id: string;
  name: string;
  /** The chat with the bot, and its id. */
  dm: string;
  chat: ReturnType<typeof createChat>;
  platform: SlackPlatform;
  self(): SimulatedSlackPerson;
}

/** What somebody writes, sends and corrects in their chat. */
function speechOf({ id, dm, chat, platform }: Speaker) {
  const { event, stamp } = platform;
  const inChat = { type: 'message', channel_type: 'im', channel: dm };

  function say(text: string, more: SlackPayload = {}): Promise<void> {
    const ts = stamp();
    chat.speak(text, Number(ts));
    return event({ ...inChat, user: id, text: escaped(text), ts, event_ts: ts, ...more });
  }

  const threadOf = (messageId: number): string =>
    chat.messages.find((message) => message.messageId === messageId)?.thread ?? messageId.toFixed(6);

  return {
    say,
    /** An answer within a thread answers what began it. */
    reply: (messageId: number, text: string): Promise<void> => say(text, { thread_ts: threadOf(messageId) }),
    files(given: SentFile[], caption: string, under?: number): Promise<void> {
      const ts = stamp();
      const files = given.map((file) => shared(file, platform));
      const place = under === undefined ? {} : { thread_ts: threadOf(under) };
      return event({
        ...inChat,
        subtype: 'file_share',
        user: id,
        text: escaped(caption),
        files,
        ts,
        event_ts: ts,
        ...place,
      });
    },
    edit(ts: string, text: string): Promise<void> {
      const message = { type: 'message', user: id, text: escaped(text), ts, edited: { user: id, ts: stamp() } };
      return event({ ...inChat, subtype: 'message_changed', ts: stamp(), message });
    },
  };
}

/** Buttons, shortcuts and the slash command. */
function pressesOf(speaker: Speaker) {
  const { id, name, dm, chat, platform, self } = speaker;
  const { stamp, trigger, origin, offer, answerAt, clock } = platform;
  return {
    async press(which: string | number, under?: ChatMessage): Promise<void> {
      const { message, index, data: value } = chat.pressed(which, under);
      const pressed = { block_id: 'b', action_ts: stamp() };
      const listed = (message?.buttons.length ?? 0) > MOST_BUTTONS;
      const action = listed
        ? { type: 'static_select', action_id: 'choices:0', selected_option: { value }, ...pressed }
        : { type: 'button', action_id: `choice:${Math.max(index, 0)}`, value, ...pressed };
      const where = { channel_id: dm, message_ts: String(message?.messageId ?? 0) };
      const container = { type: 'message', ...where, ...(message?.thread && { thread_ts: message.thread }) };
      const held = message?.held && { message: message.held };
      await interact(speaker, { type: 'block_actions', channel: { id: dm }, container, ...held, actions: [action] });
    },
    async shortcut(callback_id: string, { channel, message }: SlackSaid): Promise<void> {
      const said = { ...message, text: escaped(String(message.text)) };
      const where = { channel, message_ts: message.ts, response_url: answerAt(self()) };
      await interact(speaker, { type: 'message_action', callback_id, ...where, message: said });
    },
    async slash(text: string): Promise<void> {
      const where = { ...origin.slash, channel_id: 'C1', channel_name: 'general', user_id: id, user_name: name };
      const typed = { command: '/hearback', text: escaped(text), trigger_id: trigger(self()), ...where };
      const answer = await offer('slash_commands', typed);
      if (typeof answer.text === 'string')
        chat.receive({ from: 'bot', text: answer.text, buttons: [], entities: [], messageId: 0, at: clock() });
    },
  };
}

/** Tells the bot what somebody does, with a trigger of its own; gives the bot's answer. */
function interact({ id, name, platform, self }: Speaker, payload: SlackPayload): Promise<SlackPayload> {
  const user = { id, username: name, name, team_id: platform.origin.userTeam };
  const who = { ...platform.origin.interactive, user, trigger_id: platform.trigger(self()) };
  return platform.offer('interactive', { ...who, ...payload });
}

/** A file as its message names it. */
function shared(file: SentFile, { keep, describe }: SlackPlatform): SlackPayload {
  const { name, mime, subtype, bytes, size = bytes.length, seconds, from } = file;
  const { id, url } = keep(name, bytes);
  const long = seconds === undefined ? {} : { duration_ms: seconds * 1000 };
  const whole = { id, name, mimetype: mime, ...(subtype && { subtype }), size, url_private: url, ...long };
  if (from !== 'withheld') describe(id, whole);
  if (!from) return { ...whole, mode: 'hosted', file_access: 'visible' };
  return { id, created: 0, timestamp: 0, mode: 'file_access', file_access: 'check_file_info', user: '' };
}
