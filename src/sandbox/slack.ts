import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ChatMessage } from './telegram.ts';

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
  /** Presses "Share an idea" on the Home tab; resolves with the modal that the bot opens, null when it opens none. */
  openModal(): Promise<SentView | null>;
  /** Sends the open modal. The fields that could not be sent, with what the person reads beside them; null when it closed. */
  submitModal(fields: Record<string, string>): Promise<Record<string, string> | null>;
  /** Both of the above, as a person shares an idea. */
  shareIdea(fields: Record<string, string>): Promise<Record<string, string> | null>;
  /** Sends files of one message. */
  files(files: { name: string; mime: string; bytes: Uint8Array }[], caption: string): Promise<void>;
  block(): void;
  unblock(): void;
  /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

export interface SentView {
  type: string;
  callback_id?: string;
  blocks: SentBlock[];
}

export interface SlackFaults {
  /** Milliseconds before each answer to a send. */
  delayMs: number;
  /** Sends a second in a window of one second; more get a 429. 0: any number. */
  perSecond: number;
  /** Every send gets a 429 with this Retry-After (seconds) until the moment. */
  stormUntil: number;
  stormRetryAfter: number;
  /** Every n-th send gets a 429; 0: none. */
  refuseEvery: number;
  /** Every n-th send gets a 500 and does not arrive; 0: none. */
  failEvery: number;
  /** Every n-th send is delivered and its answer lost; 0: none. */
  loseEvery: number;
  /** So many of the next sends are delivered and their answers lost. */
  loseNext: number;
  /** Sends a second to one chat in a window of one second; 0: any number. */
  perSecondAndChat: number;
  /** After so many milliseconds an envelope without acknowledgement goes out again. */
  resendMs: number;
}

export interface SlackSandbox {
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  faults: SlackFaults;
  counters: { sends: number; refused: number; blocked: number; homes: number; envelopes: number };
  /** Slack's routine disconnect, or with `rude` a lost connection; what was not acknowledged goes to another socket. */
  dropSockets(rude?: boolean): void;
  /** Open sockets of the bot. */
  sockets(): number;
  user(id: string, about?: { language?: string; name?: string }): SlackSandboxUser;
  /** With any address, payloads are posted there, signed, so often each, at once, until taken; else they go by socket. */
  webhooks: { urls: string[]; copies: number };
  /** Every delivered message as it came over the wire. */
  sent: Record<string, unknown>[];
  close(): Promise<void>;
}

const TEAM = 'T1';
/** Slack asks that a trigger is used within this time. */
const TRIGGER_MS = 3000;
type Payload = Record<string, unknown>;
type Answer = Payload & { ok: boolean; error?: string; retryAfter?: number };
type Kind = 'events_api' | 'interactive' | 'slash_commands';

/** A stand-in for Slack: its Web API over real HTTP, its Socket Mode over a real WebSocket, chats in memory. */
export async function startSlackSandbox({
  botToken = 'xoxb-sandbox',
  appToken = 'xapp-1-sandbox',
  signingSecret = 'sandbox-secret',
} = {}): Promise<SlackSandbox> {
  const people = new Map<string, Person>();
  const chats = new Map<string, Person>();
  const files = new Map<string, { name: string; bytes: Uint8Array }>();
  const triggers = new Map<string, { person: Person; at: number }>();
  const perChat = new Map<string, number>();
  const faults: SlackFaults = {
    delayMs: 0,
    perSecond: 0,
    stormUntil: 0,
    stormRetryAfter: 1,
    refuseEvery: 0,
    loseEvery: 0,
    loseNext: 0,
    failEvery: 0,
    perSecondAndChat: 0,
    resendMs: 3000,
  };
  const counters = { sends: 0, refused: 0, blocked: 0, homes: 0, envelopes: 0 };
  const webhooks = { urls: [] as string[], copies: 1 };
  const windows = { second: 0, count: 0 };
  const sent: Payload[] = [];
  const sockets = new Set<WebSocket>();
  const unacked = new Map<string, Envelope>();
  let turn = 0;
  let next = 1;
  let closed = false;
  const stamp = () => `${Math.floor(Date.now() / 1000)}.${String(next++).padStart(6, '0')}`;

  class Person implements SlackSandboxUser {
    chat: ChatMessage[] = [];
    blocked = false;
    homeView: SentView | null = null;
    modal: (SentView & { id: string }) | null = null;
    waiting: { predicate: (message: ChatMessage) => boolean; resolve: (message: ChatMessage) => void }[] = [];
    constructor(
      readonly id: string,
      readonly about: { language?: string; name?: string },
    ) {}
    get dm(): string {
      return `D${this.id}`;
    }
    private async event(event: Payload): Promise<void> {
      const body = {
        type: 'event_callback',
        team_id: TEAM,
        api_app_id: 'A1',
        event_id: `Ev${next++}`,
        event_time: Math.floor(Date.now() / 1000),
      };
      await offer('events_api', {
        ...body,
        authorizations: [{ team_id: TEAM, user_id: 'UBOT', is_bot: true }],
        event,
      });
    }
    private who() {
      const trigger_id = `trigger.${next++}`;
      triggers.set(trigger_id, { person: this, at: Date.now() });
      return { team: { id: TEAM }, user: { id: this.id, name: this.about.name ?? this.id, team_id: TEAM }, trigger_id };
    }
    say(text: string): Promise<void> {
      const ts = stamp();
      this.chat.push({ from: 'user', text, buttons: [], entities: [], messageId: Number(ts), at: Date.now() });
      return this.event({
        type: 'message',
        channel_type: 'im',
        channel: this.dm,
        user: this.id,
        text: escaped(text),
        ts,
        event_ts: ts,
      });
    }
    async press(which: string | number): Promise<void> {
      const last = this.chat.findLast((message) => message.buttons.some((button) => button.data !== null));
      const at = last?.buttons.findIndex((button, index) => button.label === which || index === which) ?? -1;
      const value = last?.buttons[at]?.data ?? String(which);
      const pressed = { block_id: 'b', action_ts: stamp() };
      const listed = (last?.buttons.length ?? 0) > MOST_BUTTONS;
      const action = listed
        ? { type: 'static_select', action_id: 'choices:0', selected_option: { value }, ...pressed }
        : { type: 'button', action_id: `choice:${Math.max(at, 0)}`, value, ...pressed };
      const container = { type: 'message', channel_id: this.dm, message_ts: String(last?.messageId ?? 0) };
      const body = { type: 'block_actions', ...this.who(), channel: { id: this.dm }, container, actions: [action] };
      await offer('interactive', body);
    }
    home(): SentView | null {
      return this.homeView;
    }
    async openModal(): Promise<SentView | null> {
      const share = this.homeView?.blocks
        .flatMap((block) => block.elements ?? [])
        .find((element) => 'action_id' in element);
      if (!share) throw new Error('The Home tab has no button.');
      this.modal = null;
      const action = { type: 'button', action_id: share.action_id, value: share.value, action_ts: stamp() };
      await offer('interactive', {
        type: 'block_actions',
        ...this.who(),
        container: { type: 'view' },
        actions: [action],
      });
      return this.modal;
    }
    async submitModal(fields: Record<string, string>): Promise<Record<string, string> | null> {
      if (!this.modal) throw new Error('No modal is open.');
      const values = Object.fromEntries(
        this.modal.blocks.map(({ block_id = '', element }) => [
          block_id,
          {
            value:
              element?.type === 'static_select'
                ? { selected_option: fields[block_id] ? { value: fields[block_id] } : null }
                : { value: fields[block_id] ?? null },
          },
        ]),
      );
      const view = { id: this.modal.id, type: 'modal', callback_id: this.modal.callback_id, state: { values } };
      const answer = await offer('interactive', { type: 'view_submission', ...this.who(), view });
      if (answer.response_action === 'errors') return answer.errors as Record<string, string>;
      this.modal = null;
      return null;
    }
    async shareIdea(fields: Record<string, string>): Promise<Record<string, string> | null> {
      await this.openModal();
      return this.submitModal(fields);
    }
    files(given: { name: string; mime: string; bytes: Uint8Array }[], caption: string): Promise<void> {
      const kept = given.map(({ name, mime, bytes }) => {
        const id = `F${next++}`;
        files.set(id, { name, bytes });
        return { id, name, mimetype: mime, size: bytes.length, url_private: `${url}/files/${id}` };
      });
      const ts = stamp();
      const message = { type: 'message', subtype: 'file_share', channel_type: 'im', channel: this.dm, user: this.id };
      return this.event({ ...message, text: escaped(caption), files: kept, ts, event_ts: ts });
    }
    async slash(text: string): Promise<void> {
      const { trigger_id } = this.who();
      const where = {
        team_id: TEAM,
        channel_id: 'C1',
        channel_name: 'general',
        user_id: this.id,
        user_name: this.about.name ?? this.id,
      };
      const answer = await offer('slash_commands', { command: '/hearback', text: escaped(text), trigger_id, ...where });
      if (typeof answer.text === 'string')
        this.receive({ from: 'bot', text: answer.text, buttons: [], entities: [], messageId: 0, at: Date.now() });
    }
    edit(ts: string, text: string): Promise<void> {
      const message = {
        type: 'message',
        user: this.id,
        text: escaped(text),
        ts,
        edited: { user: this.id, ts: stamp() },
      };
      return this.event({
        type: 'message',
        subtype: 'message_changed',
        channel_type: 'im',
        channel: this.dm,
        ts: stamp(),
        message,
      });
    }
    openHome(): Promise<void> {
      return this.event({ type: 'app_home_opened', user: this.id, channel: this.dm, tab: 'home', event_ts: stamp() });
    }
    block(): void {
      this.blocked = true;
    }
    unblock(): void {
      this.blocked = false;
    }
    waitFor(predicate: (message: ChatMessage) => boolean, from = 0): Promise<ChatMessage> {
      const there = this.chat.slice(from).find((message) => message.from === 'bot' && predicate(message));
      return there ? Promise.resolve(there) : new Promise((resolve) => void this.waiting.push({ predicate, resolve }));
    }
    receive(message: ChatMessage): void {
      this.chat.push(message);
      const met = this.waiting.filter((wait) => wait.predicate(message));
      this.waiting = this.waiting.filter((wait) => !met.includes(wait));
      for (const wait of met) wait.resolve(message);
    }
  }

  /** Resolves once the bot has taken the payload, with its answer. A person's own doing is never sent again by Slack. */
  async function offer(kind: Kind, payload: Payload): Promise<Payload> {
    const { urls, copies } = webhooks;
    if (urls.length > 0) {
      const answers = await Promise.all(
        urls.flatMap((url) => Array.from({ length: copies }, () => post(url, kind, payload))),
      );
      return answers.find((answer) => answer !== null) ?? refusedByBot();
    }
    const answers = Array.from({ length: copies }, () => {
      const id = `envelope-${next++}`;
      return new Promise<Payload>((taken) => {
        unacked.set(id, { kind, payload, timer: null, taken, socket: null, attempts: 0 });
        push(id);
      });
    });
    return (await Promise.all(answers))[0] ?? {};
  }

  /** To one of the bot's sockets, each in turn; when there is none, or no acknowledgement comes, again. */
  function push(id: string): void {
    const envelope = unacked.get(id);
    if (!envelope || closed) return;
    clearTimeout(envelope.timer ?? undefined);
    const open = [...sockets];
    const socket = open[turn++ % (open.length || 1)] ?? null;
    const { kind, payload } = envelope;
    if (socket) {
      counters.envelopes += 1;
      const retry = envelope.attempts > 0 && { retry_attempt: envelope.attempts, retry_reason: 'timeout' };
      envelope.attempts += 1;
      const accepts_response_payload = kind !== 'events_api';
      socket.send(JSON.stringify({ type: kind, envelope_id: id, payload, accepts_response_payload, ...retry }));
    }
    envelope.socket = socket;
    envelope.timer = setTimeout(() => push(id), socket ? faults.resendMs : 20);
  }

  function acknowledge(data: string): void {
    const { envelope_id: id = '', payload = {} } = JSON.parse(data) as { envelope_id?: string; payload?: Payload };
    const envelope = unacked.get(id);
    if (!envelope) return;
    clearTimeout(envelope.timer ?? undefined);
    unacked.delete(id);
    envelope.taken(payload);
  }

  /** The answer, or null when the bot would not take a person's own doing; events are posted until they are taken. */
  async function post(url: string, kind: Kind, payload: Payload): Promise<Payload | null> {
    const attempts = kind === 'events_api' ? 200 : 1;
    for (let attempt = 0; attempt < attempts && !closed; attempt++) {
      const { headers, body } = signed(kind, payload, signingSecret);
      const retry: Record<string, string> =
        attempt > 0 ? { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': 'http_error' } : {};
      const request = { method: 'POST', headers: { ...headers, ...retry }, body, signal: AbortSignal.timeout(3000) };
      const answer = await fetch(url, request).catch(() => null);
      const said = await answer?.text().catch(() => '');
      if (answer?.ok) return said?.startsWith('{') ? (JSON.parse(said) as Payload) : {};
      if (attempt + 1 < attempts) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return null;
  }

  function tooMany(chat: string): Answer | null {
    const now = Date.now();
    const stormy = now < faults.stormUntil || (faults.refuseEvery > 0 && counters.sends % faults.refuseEvery === 0);
    const second = Math.floor(now / 1000);
    if (windows.second !== second) Object.assign(windows, { second, count: 0 });
    if (windows.count === 0) perChat.clear();
    const inChat = (perChat.get(chat) ?? 0) + 1;
    perChat.set(chat, inChat);
    windows.count += 1;
    const within = faults.perSecond === 0 || windows.count <= faults.perSecond;
    if (!stormy && within && (faults.perSecondAndChat === 0 || inChat <= faults.perSecondAndChat)) return null;
    counters.refused += 1;
    return { ok: false, error: 'ratelimited', retryAfter: faults.stormRetryAfter };
  }

  function deliver(payload: Payload): Answer {
    counters.sends += 1;
    const chat = String(payload.channel ?? payload.channel_id);
    const refused = tooMany(chat);
    if (refused) return refused;
    const person = chats.get(chat);
    if (!person) return { ok: false, error: 'channel_not_found' };
    if (person.blocked) {
      counters.blocked += 1;
      return { ok: false, error: 'user_disabled' };
    }
    if (payload.files !== undefined) return share(person, payload);
    const blocks = blocksOf(payload.blocks);
    if (blocks.length > 50 || !blocks.every(isSound)) return { ok: false, error: 'invalid_blocks' };
    sent.push(payload);
    const ts = stamp();
    person.receive({
      from: 'bot',
      text: shown(blocks),
      buttons: buttonsOf(blocks),
      entities: [],
      messageId: Number(ts),
      at: Date.now(),
    });
    return { ok: true, channel: person.dm, ts };
  }

  /** The last of the three calls by which a file is sent. */
  function share(person: Person, payload: Payload): Answer {
    const shared = JSON.parse(String(payload.files)) as { id: string; title?: string }[];
    for (const { id, title } of shared) {
      const file = files.get(id)?.name ?? title ?? '';
      person.receive({ from: 'bot', text: '', buttons: [], entities: [], messageId: next++, at: Date.now(), file });
    }
    return { ok: true, files: shared };
  }

  function openView(payload: Payload): Answer {
    const trigger = triggers.get(String(payload.trigger_id));
    if (!trigger || Date.now() - trigger.at > TRIGGER_MS) return { ok: false, error: 'expired_trigger_id' };
    triggers.delete(String(payload.trigger_id));
    trigger.person.modal = { ...(JSON.parse(String(payload.view)) as SentView), id: `V${next++}` };
    return { ok: true, view: { id: trigger.person.modal.id } };
  }

  function call(method: string, payload: Payload, url: string): Answer {
    const person = people.get(String(payload.user ?? payload.users ?? payload.user_id ?? ''));
    switch (method) {
      case 'auth.test':
        return { ok: true, user_id: 'UBOT', bot_id: 'B1', team_id: TEAM };
      case 'chat.postMessage':
      case 'files.completeUploadExternal':
        return deliver(payload);
      case 'files.getUploadURLExternal': {
        const id = `F${next++}`;
        files.set(id, { name: String(payload.filename), bytes: new Uint8Array() });
        return { ok: true, file_id: id, upload_url: `${url}/upload/${id}` };
      }
      case 'conversations.open':
        return person ? { ok: true, channel: { id: person.dm } } : { ok: false, error: 'user_not_found' };
      case 'users.info':
        return person
          ? { ok: true, user: { id: person.id, locale: person.about.language ?? 'en-US' } }
          : { ok: false, error: 'user_not_found' };
      case 'views.publish':
        counters.homes += 1;
        if (person) person.homeView = JSON.parse(String(payload.view)) as SentView;
        return person ? { ok: true, view: { id: 'V0' } } : { ok: false, error: 'user_not_found' };
      case 'views.open':
        return openView(payload);
      case 'apps.connections.open':
        return { ok: true, url: `${url.replace('http', 'ws')}/socket` };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  function isLost(): boolean {
    if (faults.loseNext > 0) return faults.loseNext-- > 0;
    return faults.loseEvery > 0 && counters.sends % faults.loseEvery === 0;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await payloadOf(request);
    const method = (request.url ?? '').replace(/^\/api\//, '');
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const wanted = method === 'apps.connections.open' ? appToken : botToken;
    if (token !== wanted) return reply(response, { ok: false, error: 'invalid_auth' });
    if (method.startsWith('/upload/')) return void response.end('OK');
    if (method.startsWith('/files/')) return void response.end(files.get(method.slice('/files/'.length))?.bytes);
    const isSend = method === 'chat.postMessage' || method === 'files.completeUploadExternal';
    if (isSend && faults.failEvery > 0 && (counters.sends + 1) % faults.failEvery === 0) {
      counters.sends += 1;
      return void response.writeHead(500).end();
    }
    const answer = call(method, payload, url);
    if (isSend && faults.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.delayMs));
    if (isSend && answer.ok && isLost()) return void request.socket.destroy();
    reply(response, answer);
  }

  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  const socketServer = new WebSocketServer({ server, path: '/socket' });
  socketServer.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('message', (data) => acknowledge(String(data)));
    socket.on('close', () => {
      sockets.delete(socket);
      for (const [id, envelope] of unacked) if (envelope.socket === socket) push(id);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    apiUrl: `${url}/api/`,
    botToken,
    appToken,
    signingSecret,
    faults,
    counters,
    webhooks,
    sent,
    sockets: () => sockets.size,
    dropSockets(rude = false) {
      for (const socket of sockets) {
        if (rude) socket.terminate();
        else socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
      }
    },
    user(id, about = {}) {
      const known = people.get(id) ?? new Person(id, about);
      people.set(id, known);
      chats.set(known.dm, known);
      return known;
    },
    async close() {
      closed = true;
      for (const { timer } of unacked.values()) clearTimeout(timer ?? undefined);
      for (const socket of sockets) socket.terminate();
      socketServer.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The headers and body with which Slack posts a payload of this kind. `atMs`: the moment it claims. */
export function signed(
  kind: Kind,
  payload: Payload,
  secret: string,
  atMs = Date.now(),
): { headers: Record<string, string>; body: string } {
  const fields = kind === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>);
  const body = kind === 'events_api' ? JSON.stringify(payload) : new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(atMs / 1000));
  const headers = {
    'content-type': kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
  };
  return { headers, body };
}

function reply(response: ServerResponse, { retryAfter, ...answer }: Answer): void {
  const limited = retryAfter !== undefined;
  response.writeHead(limited ? 429 : 200, {
    'content-type': 'application/json',
    ...(limited && { 'retry-after': String(retryAfter) }),
  });
  response.end(JSON.stringify(answer));
}

interface Envelope {
  kind: Kind;
  payload: Payload;
  timer: NodeJS.Timeout | null;
  taken: (answer: Payload) => void;
  socket: WebSocket | null;
  attempts: number;
}

interface SentText {
  type: string;
  text: string;
}

interface SentElement {
  type: string;
  text?: SentText | string;
  action_id?: string;
  value?: string;
  url?: string;
  options?: { text: SentText; value: string }[];
}

interface SentBlock {
  type: string;
  block_id?: string;
  text?: SentText;
  element?: { type: string };
  elements?: SentElement[];
}

/** More choices than this come as a list. */
const MOST_BUTTONS = 10;

function refusedByBot(): never {
  throw new Error('The bot did not take it; Slack shows the person a warning.');
}

/** Slack's own checks, as far as messages of ours can fail them. */
function isSound({ type, text, elements = [] }: SentBlock): boolean {
  const most = type === 'header' ? 150 : 3000;
  if (text && (text.text.length > most || text.text === '')) return false;
  if (elements.length > (type === 'context' ? 10 : 25)) return false;
  return elements.every((element) => {
    const label = typeof element.text === 'object' ? element.text.text : (element.text ?? '…');
    return type === 'context' || (label.length <= 75 && label !== '' && (element.options?.length ?? 1) <= 100);
  });
}

const blocksOf = (blocks: unknown): SentBlock[] =>
  typeof blocks === 'string' ? (JSON.parse(blocks) as SentBlock[]) : [];
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** As the person reads it: mentions and links that would act stand out as ⟦…⟧. */
function shown(blocks: SentBlock[]): string {
  const texts = blocks.flatMap(({ type, text, elements = [] }): SentText[] => {
    if (type === 'context') return elements.map((element) => ({ type: element.type, text: String(element.text) }));
    return text ? [text] : [];
  });
  return texts.map(({ type, text }) => (type === 'mrkdwn' ? read(text) : text)).join('\n\n');
}

const read = (mrkdwn: string) =>
  mrkdwn
    .replace(/^>/gm, '')
    .replace(/<([^>]*)>/g, '⟦$1⟧')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function buttonsOf(blocks: SentBlock[]): ChatMessage['buttons'] {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? (block.elements ?? []) : []));
  return elements.flatMap(({ text, value, url, options }) => {
    if (options) return options.map((option) => ({ label: option.text.text, data: option.value, url: null }));
    return [{ label: typeof text === 'object' ? text.text : '', data: value ?? null, url: url ?? null }];
  });
}

async function payloadOf(request: IncomingMessage): Promise<Payload> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) return {};
  return type.startsWith('application/json')
    ? (JSON.parse(body) as Payload)
    : Object.fromEntries(new URLSearchParams(body));
}
