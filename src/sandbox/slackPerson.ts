import type { ChatMessage } from './chat.ts';
import { createChat } from './chat.ts';
import type { Kind } from './slackEvents.ts';
import { escaped, type Payload, type SentView } from './slackPayload.ts';

export const TEAM = 'T1';
/** More choices than this come as a list. */
const MOST_BUTTONS = 10;

export interface SlackSandboxUser {
  id: string;
  chat: ChatMessage[];
  say(text: string): Promise<void>;
  /** Presses a button of the latest message that has any: by its label, its place, or any data, forged or not. */
  press(which: string | number): Promise<void>;
  /** `/hearback` with this text. */
  slash(text: string): Promise<void>;
  edit(ts: string, text: string): Promise<void>;
  openHome(): Promise<void>;
  /** What the Home tab shows: null until the bot has published it. */
  home(): SentView | null;
  /** Presses a button of the Home tab, by its label. */
  pressHome(label: string): Promise<void>;
  /** Presses "Share an idea" on the Home tab; resolves with the modal that the bot opens, null when it opens none. */
  openModal(): Promise<SentView | null>;
  /** The modal that is open now. */
  modal(): SentView | null;
  /** Sends the open modal. The fields that could not be sent, with what the person reads beside them; null when it closed. */
  submitModal(fields: Record<string, string>): Promise<Record<string, string> | null>;
  /** Both of the above, as a person shares an idea. */
  shareIdea(fields: Record<string, string>): Promise<Record<string, string> | null>;
  /** Sends files of one message. */
  files(files: { name: string; mime: string; subtype?: string; bytes: Uint8Array }[], caption: string): Promise<void>;
  block(): void;
  unblock(): void;
  /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

/** What Slack itself says; such a modal is not sent. */
const REQUIRED = 'Please complete this required field.';

/** What a person needs of the platform. */
export interface Platform {
  /** Gives the bot's answer. */
  offer(kind: Kind, payload: Payload): Promise<Payload>;
  nextId(): number;
  /** A message's time, which is its name too. */
  stamp(): string;
  /** A trigger with which the bot may open one modal for this person. */
  trigger(person: Person): string;
  /** Keeps a file, gives its id and address. */
  keep(name: string, bytes: Uint8Array): { id: string; url: string };
}

export interface Person extends SlackSandboxUser {
  readonly blocked: boolean;
  readonly about: { language?: string; name?: string };
  readonly dm: string;
  homeView: SentView | null;
  openedModal: (SentView & { id: string }) | null;
  /** Takes in what the bot says. */
  receive(message: ChatMessage): void;
}

/** Somebody of the workspace; what they do becomes payloads. */
export function createPerson(
  id: string,
  about: { language?: string; name?: string },
  { offer, nextId, stamp, trigger, keep }: Platform,
): Person {
  const chat = createChat(Date.now);
  const dm = `D${id}`;
  const name = about.name ?? id;
  let blocked = false;
  const inChat = { type: 'message', channel_type: 'im', channel: dm };
  const who = () => ({ team: { id: TEAM }, user: { id, name, team_id: TEAM }, trigger_id: trigger(person) });

  async function event(content: Payload): Promise<void> {
    await offer('events_api', {
      type: 'event_callback',
      team_id: TEAM,
      api_app_id: 'A1',
      event_id: `Ev${nextId()}`,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [{ team_id: TEAM, user_id: 'UBOT', is_bot: true }],
      event: content,
    });
  }

  function say(text: string): Promise<void> {
    const ts = stamp();
    chat.speak(text, Number(ts));
    return event({ ...inChat, user: id, text: escaped(text), ts, event_ts: ts });
  }

  async function press(which: string | number): Promise<void> {
    const { message, index, data: value } = chat.pressed(which);
    const pressed = { block_id: 'b', action_ts: stamp() };
    const listed = (message?.buttons.length ?? 0) > MOST_BUTTONS;
    const action = listed
      ? { type: 'static_select', action_id: 'choices:0', selected_option: { value }, ...pressed }
      : { type: 'button', action_id: `choice:${Math.max(index, 0)}`, value, ...pressed };
    const container = { type: 'message', channel_id: dm, message_ts: String(message?.messageId ?? 0) };
    await offer('interactive', { type: 'block_actions', ...who(), channel: { id: dm }, container, actions: [action] });
  }

  /** A button of the Home tab, by its label; the first when none is named. */
  async function pressHome(wanted?: string): Promise<void> {
    const buttons = person.homeView?.blocks.flatMap(({ elements = [] }) =>
      elements.filter((each) => 'action_id' in each),
    );
    const button = buttons?.find(
      ({ text }) => wanted === undefined || (typeof text === 'object' && text.text === wanted),
    );
    if (!button) throw new Error(`The Home tab has no button ${wanted ?? ''}.`);
    const action = { type: 'button', action_id: button.action_id, value: button.value, action_ts: stamp() };
    await offer('interactive', { type: 'block_actions', ...who(), container: { type: 'view' }, actions: [action] });
  }

  async function openModal(): Promise<SentView | null> {
    person.openedModal = null;
    await pressHome();
    return person.openedModal;
  }

  async function submitModal(fields: Record<string, string>): Promise<Record<string, string> | null> {
    const modal = person.openedModal;
    if (!modal) throw new Error('No modal is open.');
    const missing = modal.blocks.filter(
      ({ type, optional, block_id = '' }) => type === 'input' && !optional && !fields[block_id],
    );
    if (missing.length > 0) return Object.fromEntries(missing.map(({ block_id = '' }) => [block_id, REQUIRED]));
    const values = Object.fromEntries(
      modal.blocks.map(({ block_id = '', element }) => {
        const value = fields[block_id] ?? null;
        const given = element?.options ? { selected_option: value === null ? null : { value } } : { value };
        return [block_id, { value: given }];
      }),
    );
    const { id: viewId, callback_id, private_metadata = '' } = modal;
    const view = { id: viewId, type: 'modal', callback_id, private_metadata, state: { values } };
    const answer = await offer('interactive', { type: 'view_submission', ...who(), view });
    if (answer.response_action === 'errors') return answer.errors as Record<string, string>;
    person.openedModal = answer.response_action === 'update' ? { ...(answer.view as SentView), id: viewId } : null;
    return null;
  }

  function files(given: Parameters<SlackSandboxUser['files']>[0], caption: string): Promise<void> {
    const kept = given.map(({ name: file, mime, subtype, bytes }) => {
      const { id: fileId, url } = keep(file, bytes);
      return {
        id: fileId,
        name: file,
        mimetype: mime,
        ...(subtype && { subtype }),
        size: bytes.length,
        url_private: url,
      };
    });
    const ts = stamp();
    const text = escaped(caption);
    return event({ ...inChat, subtype: 'file_share', user: id, text, files: kept, ts, event_ts: ts });
  }

  async function slash(text: string): Promise<void> {
    const where = { team_id: TEAM, channel_id: 'C1', channel_name: 'general', user_id: id, user_name: name };
    const typed = { command: '/hearback', text: escaped(text), trigger_id: trigger(person), ...where };
    const answer = await offer('slash_commands', typed);
    if (typeof answer.text === 'string')
      chat.receive({ from: 'bot', text: answer.text, buttons: [], entities: [], messageId: 0, at: Date.now() });
  }

  function edit(ts: string, text: string): Promise<void> {
    const message = { type: 'message', user: id, text: escaped(text), ts, edited: { user: id, ts: stamp() } };
    return event({ ...inChat, subtype: 'message_changed', ts: stamp(), message });
  }

  const person: Person = {
    id,
    about,
    dm,
    chat: chat.messages,
    homeView: null,
    openedModal: null,
    get blocked() {
      return blocked;
    },
    say,
    press,
    slash,
    edit,
    files,
    openHome: () => event({ type: 'app_home_opened', user: id, channel: dm, tab: 'home', event_ts: stamp() }),
    home: () => person.homeView,
    pressHome,
    openModal,
    modal: () => person.openedModal,
    submitModal,
    async shareIdea(fields) {
      await openModal();
      return submitModal(fields);
    },
    block() {
      blocked = true;
    },
    unblock() {
      blocked = false;
    },
    waitFor: chat.waitFor,
    receive: chat.receive,
  };
  return person;
}
