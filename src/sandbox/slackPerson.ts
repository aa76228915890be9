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
  /** What only this person was told beside a message, oldest first. */
  notes: string[];
  /** Sends files of one message. */
  files(files: SentFile[], caption: string): Promise<void>;
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
  /** Bytes, where it is said to have more than these. */
  size?: number;
  /** How long it sounds. */
  seconds?: number;
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
export function createPerson(
  id: string,
  about: PersonAbout,
  { offer, event, stamp, trigger, answerAt, keep, describe, origin, clock }: SlackPlatform,
): SimulatedSlackPerson {
  const chat = createChat(clock);
  const dm = `D${id}`;
  const name = about.name ?? id;
  let blocked = false;
  const inChat = { type: 'message', channel_type: 'im', channel: dm };
  const shown: ShownWindow = { homeView: null, openedModal: null };
  const user = { id, username: name, name, team_id: origin.userTeam };
  const who = () => ({ ...origin.interactive, user, trigger_id: trigger(person) });

  const interact = (payload: SlackPayload): Promise<SlackPayload> => offer('interactive', { ...who(), ...payload });

  function say(text: string, more: SlackPayload = {}): Promise<void> {
    const ts = stamp();
    chat.speak(text, Number(ts));
    return event({ ...inChat, user: id, text: escaped(text), ts, event_ts: ts, ...more });
  }

  /** Whoever answers within a thread answers what began it. */
  function reply(messageId: number, text: string): Promise<void> {
    const answered = chat.messages.find((message) => message.messageId === messageId);
    return say(text, { thread_ts: answered?.thread ?? messageId.toFixed(6) });
  }

  async function press(which: string | number, under?: ChatMessage): Promise<void> {
    const { message, index, data: value } = chat.pressed(which, under);
    const pressed = { block_id: 'b', action_ts: stamp() };
    const listed = (message?.buttons.length ?? 0) > MOST_BUTTONS;
    const action = listed
      ? { type: 'static_select', action_id: 'choices:0', selected_option: { value }, ...pressed }
      : { type: 'button', action_id: `choice:${Math.max(index, 0)}`, value, ...pressed };
    const where = { channel_id: dm, message_ts: String(message?.messageId ?? 0) };
    const container = { type: 'message', ...where, ...(message?.thread && { thread_ts: message.thread }) };
    await interact({ type: 'block_actions', channel: { id: dm }, container, actions: [action] });
  }

  async function shortcut(callback_id: string, { channel, message }: SlackSaid): Promise<void> {
    const said = { ...message, text: escaped(String(message.text)) };
    const where = { channel, message_ts: message.ts, response_url: answerAt(person) };
    await interact({ type: 'message_action', callback_id, ...where, message: said });
  }

  function shared({ name: file, mime, subtype, bytes, size = bytes.length, seconds, from }: SentFile): SlackPayload {
    const { id: fileId, url } = keep(file, bytes);
    const long = seconds === undefined ? {} : { duration_ms: seconds * 1000 };
    const whole = {
      id: fileId,
      name: file,
      mimetype: mime,
      ...(subtype && { subtype }),
      size,
      url_private: url,
      ...long,
    };
    if (from !== 'withheld') describe(fileId, whole);
    const stub = {
      id: fileId,
      created: 0,
      timestamp: 0,
      mode: 'file_access',
      file_access: 'check_file_info',
      user: '',
    };
    return from ? stub : { ...whole, mode: 'hosted', file_access: 'visible' };
  }

  function files(given: SentFile[], caption: string): Promise<void> {
    const kept = given.map(shared);
    const ts = stamp();
    const text = escaped(caption);
    return event({ ...inChat, subtype: 'file_share', user: id, text, files: kept, ts, event_ts: ts });
  }

  async function slash(text: string): Promise<void> {
    const where = { ...origin.slash, channel_id: 'C1', channel_name: 'general', user_id: id, user_name: name };
    const typed = { command: '/hearback', text: escaped(text), trigger_id: trigger(person), ...where };
    const answer = await offer('slash_commands', typed);
    if (typeof answer.text === 'string')
      chat.receive({ from: 'bot', text: answer.text, buttons: [], entities: [], messageId: 0, at: clock() });
  }

  function edit(ts: string, text: string): Promise<void> {
    const message = { type: 'message', user: id, text: escaped(text), ts, edited: { user: id, ts: stamp() } };
    return event({ ...inChat, subtype: 'message_changed', ts: stamp(), message });
  }

  const person: SimulatedSlackPerson = {
    id,
    dm,
    place: { ...chat, id: dm, refusal: () => (blocked ? 'user_disabled' : null) },
    info: {
      id,
      name,
      locale: about.language ?? 'en-US',
      deleted: about.deleted ?? false,
      is_bot: about.bot ?? false,
      ...(about.zone && { tz: about.zone }),
      ...(about.name && { real_name: about.name }),
    },
    chat: chat.messages,
    notes: [],
    shown,
    answered: (text) => void person.notes.push(text),
    say,
    reply,
    press,
    slash,
    edit,
    files,
    openHome: () => event({ type: 'app_home_opened', user: id, channel: dm, tab: 'home', event_ts: stamp() }),
    ...createWindows({ shown, interact, stamp }),
    shortcut,
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
