import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ChatMessage, Faults } from './telegram.ts';

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
  block(): void;
  unblock(): void;
  /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

export interface SlackSandbox {
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  faults: Faults;
  counters: { sends: number; refused: number; blocked: number; homes: number; envelopes: number };
  user(id: string, about?: { language?: string; name?: string }): SlackSandboxUser;
  /** With any address, payloads are posted there, signed, so often each, at once, until taken; else they go by socket. */
  webhooks: { urls: string[]; copies: number };
  /** Every delivered message as it came over the wire. */
  sent: Record<string, unknown>[];
  close(): Promise<void>;
}

const TEAM = 'T1';
const RESEND_MS = 3000;
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
  const faults: Faults = { delayMs: 0, perSecond: 0, stormUntil: 0, stormRetryAfter: 1, refuseEvery: 0, loseEvery: 0 };
  const counters = { sends: 0, refused: 0, blocked: 0, homes: 0, envelopes: 0 };
  const webhooks = { urls: [] as string[], copies: 1 };
  const windows = { second: 0, count: 0 };
  const sent: Payload[] = [];
  const sockets = new Set<WebSocket>();
  const unacked = new Map<string, { kind: Kind; payload: Payload; timer: NodeJS.Timeout | null; taken: () => void }>();
  let next = 1;
  let closed = false;
  const stamp = () => `${Math.floor(Date.now() / 1000)}.${String(next++).padStart(6, '0')}`;

  class Person implements SlackSandboxUser {
    chat: ChatMessage[] = [];
    blocked = false;
    waiting: { predicate: (message: ChatMessage) => boolean; resolve: (message: ChatMessage) => void }[] = [];
    constructor(
      readonly id: string,
      readonly about: { language?: string; name?: string },
    ) {}
    get dm(): string {
      return `D${this.id}`;
    }
    private event(event: Payload): Promise<void> {
      const body = {
        type: 'event_callback',
        team_id: TEAM,
        api_app_id: 'A1',
        event_id: `Ev${next++}`,
        event_time: Math.floor(Date.now() / 1000),
      };
      return offer('events_api', {
        ...body,
        authorizations: [{ team_id: TEAM, user_id: 'UBOT', is_bot: true }],
        event,
      });
    }
    private who() {
      return {
        team: { id: TEAM },
        user: { id: this.id, name: this.about.name ?? this.id, team_id: TEAM },
        trigger_id: `trigger.${next++}`,
      };
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
    press(which: string | number): Promise<void> {
      const last = this.chat.findLast((message) => message.buttons.some((button) => button.data !== null));
      const at = last?.buttons.findIndex((button, index) => button.label === which || index === which) ?? -1;
      const value = last?.buttons[at]?.data ?? String(which);
      const action = {
        type: 'button',
        action_id: `choice:${Math.max(at, 0)}`,
        block_id: 'b',
        value,
        action_ts: stamp(),
      };
      const container = { type: 'message', channel_id: this.dm, message_ts: String(last?.messageId ?? 0) };
      return offer('interactive', {
        type: 'block_actions',
        ...this.who(),
        channel: { id: this.dm },
        container,
        actions: [action],
      });
    }
    slash(text: string): Promise<void> {
      const { trigger_id } = this.who();
      const where = {
        team_id: TEAM,
        channel_id: 'C1',
        channel_name: 'general',
        user_id: this.id,
        user_name: this.about.name ?? this.id,
      };
      return offer('slash_commands', { command: '/hearback', text: escaped(text), trigger_id, ...where });
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

  /** Resolves once the bot has taken the payload. */
  async function offer(kind: Kind, payload: Payload): Promise<void> {
    if (webhooks.urls.length > 0) {
      await Promise.all(
        webhooks.urls.flatMap((url) => Array.from({ length: webhooks.copies }, () => post(url, kind, payload))),
      );
      return;
    }
    await new Promise<void>((taken) => {
      const id = `envelope-${next++}`;
      unacked.set(id, { kind, payload, timer: null, taken });
      push(id);
    });
  }

  function push(id: string): void {
    const envelope = unacked.get(id);
    if (!envelope || closed) return;
    const socket = [...sockets].at(-1);
    if (socket) {
      counters.envelopes += 1;
      socket.send(
        JSON.stringify({
          type: envelope.kind,
          envelope_id: id,
          payload: envelope.payload,
          accepts_response_payload: envelope.kind !== 'events_api',
        }),
      );
    }
    envelope.timer = setTimeout(() => push(id), socket ? RESEND_MS : 100);
  }

  function acknowledge(data: string): void {
    const { envelope_id: id } = JSON.parse(data) as { envelope_id?: string };
    const envelope = unacked.get(id ?? '');
    if (!envelope) return;
    clearTimeout(envelope.timer ?? undefined);
    unacked.delete(id ?? '');
    envelope.taken();
  }

  async function post(url: string, kind: Kind, payload: Payload): Promise<void> {
    for (let attempt = 0; attempt < 200 && !closed; attempt++) {
      const answer = await fetch(url, { method: 'POST', ...signed(kind, payload, signingSecret) }).catch(() => null);
      await answer?.arrayBuffer().catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  function tooMany(): Answer | null {
    const now = Date.now();
    const stormy = now < faults.stormUntil || (faults.refuseEvery > 0 && counters.sends % faults.refuseEvery === 0);
    const second = Math.floor(now / 1000);
    if (windows.second !== second) Object.assign(windows, { second, count: 0 });
    if (!stormy && (faults.perSecond === 0 || ++windows.count <= faults.perSecond)) return null;
    counters.refused += 1;
    return { ok: false, error: 'ratelimited', retryAfter: faults.stormRetryAfter };
  }

  function deliver(payload: Payload): Answer {
    counters.sends += 1;
    const refused = tooMany();
    if (refused) return refused;
    const person = [...people.values()].find((each) => each.dm === payload.channel);
    if (!person) return { ok: false, error: 'channel_not_found' };
    if (person.blocked) {
      counters.blocked += 1;
      return { ok: false, error: 'user_disabled' };
    }
    const blocks = blocksOf(payload.blocks);
    if (blocks.length > 50 || blocks.some((block) => (textOf(block)?.text.length ?? 0) > 3000))
      return { ok: false, error: 'invalid_blocks' };
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

  function call(method: string, payload: Payload, url: string): Answer {
    const person = people.get(String(payload.user ?? payload.users ?? payload.user_id ?? ''));
    switch (method) {
      case 'auth.test':
        return { ok: true, user_id: 'UBOT', bot_id: 'B1', team_id: TEAM };
      case 'chat.postMessage':
        return deliver(payload);
      case 'conversations.open':
        return person ? { ok: true, channel: { id: person.dm } } : { ok: false, error: 'user_not_found' };
      case 'users.info':
        return person
          ? { ok: true, user: { id: person.id, locale: person.about.language ?? 'en-US' } }
          : { ok: false, error: 'user_not_found' };
      case 'views.publish':
        counters.homes += 1;
        return { ok: true, view: { id: 'V1' } };
      case 'views.open':
        return { ok: true, view: { id: 'V1' } };
      case 'apps.connections.open':
        return { ok: true, url: `${url.replace('http', 'ws')}/socket` };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await payloadOf(request);
    const method = (request.url ?? '').replace(/^\/api\//, '');
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const wanted = method === 'apps.connections.open' ? appToken : botToken;
    if (token !== wanted) return reply(response, { ok: false, error: 'invalid_auth' });
    const answer = call(method, payload, url);
    const isSend = method === 'chat.postMessage';
    if (isSend && faults.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.delayMs));
    if (isSend && answer.ok && faults.loseEvery > 0 && counters.sends % faults.loseEvery === 0)
      return void request.socket.destroy();
    reply(response, answer);
  }

  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  const socketServer = new WebSocketServer({ server, path: '/socket' });
  socketServer.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('message', (data) => acknowledge(String(data)));
    socket.on('close', () => sockets.delete(socket));
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
    user(id, about = {}) {
      const known = people.get(id) ?? new Person(id, about);
      people.set(id, known);
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

interface SentBlock {
  type: string;
  text?: { type: string; text: string };
  elements?: { text: { text: string }; value?: string; url?: string }[];
}

const blocksOf = (blocks: unknown): SentBlock[] =>
  typeof blocks === 'string' ? (JSON.parse(blocks) as SentBlock[]) : [];
const textOf = (block: SentBlock) => block.text;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** As the person reads it: mentions and links that would act stand out as ⟦…⟧. */
function shown(blocks: SentBlock[]): string {
  const texts = blocks.flatMap((block) => (block.text ? [block.text] : []));
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
  return blocks
    .flatMap((block) => block.elements ?? [])
    .map(({ text, value, url }) => ({ label: text.text, data: value ?? null, url: url ?? null }));
}

async function payloadOf(request: IncomingMessage): Promise<Payload> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  return (request.headers['content-type'] ?? '').startsWith('application/json')
    ? (JSON.parse(body) as Payload)
    : Object.fromEntries(new URLSearchParams(body));
}
