import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import { createLimits, noFaults, type SendFaults } from './faults.ts';
import { pause, serve } from './http.ts';
import { createEvents, type Kind } from './slackEvents.ts';
import { createFiles } from './slackFiles.ts';
import {
  type Answer,
  areSound,
  blocksIn,
  buttonsIn,
  isSoundView,
  type Payload,
  payloadOf,
  reply,
  shown,
  viewIn,
} from './slackPayload.ts';
import { createPerson, type Person, type SlackSandboxUser, TEAM } from './slackPerson.ts';
import { type Grants, mayCall, mayHear } from './slackScopes.ts';

export interface SlackFaults extends SendFaults {
  /** So many of the next sends are delivered and their answers lost. */
  loseNext: number;
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

/** Slack asks that a trigger is used within this time. */
const TRIGGER_MS = 3000;

/** A stand-in for Slack: its Web API over real HTTP, its Socket Mode over a real WebSocket, chats in memory. */
export async function startSlackSandbox({
  botToken = 'xoxb-sandbox',
  appToken = 'xapp-1-sandbox',
  signingSecret = 'sandbox-secret',
  grants = null,
}: {
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  /** What the app may do; left out: everything. */
  grants?: Grants | null;
} = {}): Promise<SlackSandbox> {
  const people = new Map<string, Person>();
  const chats = new Map<string, Person>();
  const triggers = new Map<string, { person: Person; at: number }>();
  const faults: SlackFaults = { ...noFaults(), loseNext: 0, resendMs: 3000 };
  const counters = { sends: 0, refused: 0, blocked: 0, homes: 0, envelopes: 0 };
  const limits = createLimits(faults, counters, Date.now);
  const webhooks = { urls: [] as string[], copies: 1 };
  const sent: Payload[] = [];
  let next = 1;
  const nextId = () => next++;
  const stamp = () => `${Math.floor(Date.now() / 1000)}.${String(nextId()).padStart(6, '0')}`;
  const events = createEvents({ webhooks, signingSecret, faults, counters, nextId });

  const files = createFiles(nextId, () => server.url);
  const offer = async (kind: Kind, payload: Payload): Promise<Payload> =>
    mayHear(kind, payload, grants) ? events.offer(kind, payload) : {};

  function trigger(person: Person): string {
    const id = `trigger.${nextId()}`;
    triggers.set(id, { person, at: Date.now() });
    return id;
  }

  function deliver(payload: Payload): Answer {
    counters.sends += 1;
    const chat = String(payload.channel ?? payload.channel_id);
    if (limits.isRefused(chat)) return { ok: false, error: 'ratelimited', retryAfter: faults.stormRetryAfter };
    const person = chats.get(chat);
    if (!person) return { ok: false, error: 'channel_not_found' };
    if (person.blocked) {
      counters.blocked += 1;
      return { ok: false, error: 'user_disabled' };
    }
    if (payload.files !== undefined) return share(person, payload);
    const blocks = blocksIn(payload.blocks);
    if (!areSound(blocks)) return { ok: false, error: 'invalid_blocks' };
    sent.push(payload);
    const ts = stamp();
    const [text, buttons] = [shown(blocks), buttonsIn(blocks)];
    person.receive({ from: 'bot', text, buttons, entities: [], messageId: Number(ts), at: Date.now() });
    return { ok: true, channel: person.dm, ts };
  }

  /** The last of the three calls by which a file is sent. */
  function share(person: Person, payload: Payload): Answer {
    const shared = JSON.parse(String(payload.files)) as { id: string; title?: string }[];
    for (const { id, title } of shared) {
      const file = files.nameOf(id) ?? title ?? '';
      person.receive({ from: 'bot', text: '', buttons: [], entities: [], messageId: nextId(), at: Date.now(), file });
    }
    return { ok: true, files: shared };
  }

  function openView(payload: Payload): Answer {
    const id = String(payload.trigger_id);
    const found = triggers.get(id);
    if (!found || Date.now() - found.at > TRIGGER_MS) return { ok: false, error: 'expired_trigger_id' };
    const view = viewIn(payload.view);
    if (!isSoundView(view)) return { ok: false, error: 'invalid_arguments' };
    triggers.delete(id);
    found.person.openedModal = { ...view, id: `V${nextId()}` };
    return { ok: true, view: { id: found.person.openedModal.id } };
  }

  function publishView(person: Person, payload: Payload): Answer {
    const view = viewIn(payload.view);
    if (!isSoundView(view)) return { ok: false, error: 'invalid_arguments' };
    counters.homes += 1;
    person.homeView = view;
    return { ok: true, view: { id: 'V0' } };
  }

  /** Calls that name a person. */
  function callAbout(method: string, payload: Payload): Answer {
    const person = people.get(String(payload.user ?? payload.users ?? payload.user_id ?? ''));
    if (!person) return { ok: false, error: 'user_not_found' };
    if (method === 'conversations.open') return { ok: true, channel: { id: person.dm } };
    if (method === 'views.publish') return publishView(person, payload);
    return { ok: true, user: { id: person.id, locale: person.about.language ?? 'en-US' } };
  }

  function call(method: string, payload: Payload): Answer {
    switch (method) {
      case 'auth.test':
        return { ok: true, user_id: 'UBOT', bot_id: 'B1', team_id: TEAM };
      case 'chat.postMessage':
      case 'files.completeUploadExternal':
        return deliver(payload);
      case 'files.getUploadURLExternal': {
        const { id, uploadUrl } = files.keep(String(payload.filename), new Uint8Array());
        return { ok: true, file_id: id, upload_url: uploadUrl };
      }
      case 'conversations.open':
      case 'users.info':
      case 'views.publish':
        return callAbout(method, payload);
      case 'views.open':
        return openView(payload);
      case 'apps.connections.open':
        return { ok: true, url: `${server.url.replace('http', 'ws')}/socket` };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  function isLost(): boolean {
    if (faults.loseNext > 0) return faults.loseNext-- > 0;
    return limits.isEach(faults.loseEvery);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await payloadOf(request);
    const method = (request.url ?? '').replace(/^\/api\//, '');
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const wanted = method === 'apps.connections.open' ? appToken : botToken;
    if (method.startsWith('/files/') || method === '/signin')
      return files.give(method, response, token === wanted && mayCall(method, grants));
    if (token !== wanted) return reply(response, { ok: false, error: 'invalid_auth' });
    if (!mayCall(method, grants)) return reply(response, { ok: false, error: 'missing_scope' });
    if (method.startsWith('/upload/')) return void response.end('OK');
    const isSend = method === 'chat.postMessage' || method === 'files.completeUploadExternal';
    if (isSend && faults.failEvery && (counters.sends + 1) % faults.failEvery === 0) {
      counters.sends += 1;
      return void response.writeHead(500).end();
    }
    const answer = call(method, payload);
    if (isSend && faults.delayMs > 0) await pause(faults.delayMs);
    if (isSend && answer.ok && isLost()) return void request.socket.destroy();
    reply(response, answer);
  }

  const server = await serve(handle);
  const socketServer = new WebSocketServer({ server: server.server, path: '/socket' });
  socketServer.on('connection', events.welcome);
  return {
    apiUrl: `${server.url}/api/`,
    botToken,
    appToken,
    signingSecret,
    faults,
    counters,
    webhooks,
    sent,
    sockets: events.sockets,
    dropSockets: events.drop,
    user(id, about = {}) {
      const known = people.get(id) ?? createPerson(id, about, { offer, nextId, stamp, trigger, keep: files.keep });
      people.set(id, known);
      chats.set(known.dm, known);
      return known;
    },
    async close() {
      events.close();
      socketServer.close();
      await server.close();
    },
  };
}
