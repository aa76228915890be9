import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import { createLimits, noFaults, type SendFaults } from './faults.ts';
import { pause, serve } from './http.ts';
import { type ChannelAbout, createChannel, type SimulatedChannel, type SlackSandboxChannel } from './slackChannels.ts';
import { createEvents, type SlackEventKind } from './slackEvents.ts';
import { createFiles } from './slackFiles.ts';
import { createMessages, type SlackPlace } from './slackMessages.ts';
import { originOf } from './slackOrigin.ts';
import { payloadOf, reply, type SlackAnswer, type SlackPayload } from './slackPayload.ts';
import { createPerson, type PersonAbout, type SimulatedSlackPerson, type SlackSandboxUser } from './slackPerson.ts';
import { type Grants, mayCall, mayHear } from './slackScopes.ts';
import { createViews } from './slackViews.ts';

export interface SlackFaults extends SendFaults {
  /** How many of the next sends are delivered while their answers are lost. */
  loseNext: number;
  /** Milliseconds after which an envelope that was not acknowledged goes out again. */
  resendMs: number;
  /** The time to edit or take back a message is over. */
  closed: boolean;
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
  /** Tells the bot of anything; `envelope`: what is otherwise around it. */
  event(content: SlackPayload, envelope?: SlackPayload): Promise<void>;
  user(id: string, about?: PersonAbout): SlackSandboxUser;
  channel(id: string, about?: ChannelAbout): SlackSandboxChannel;
  /** With any address, payloads are posted there, signed, so often each, at once, until taken; else they go by socket. */
  webhooks: { urls: string[]; copies: number; refused: number };
  /** Every delivered message as it came over the wire. */
  sent: Record<string, unknown>[];
  closeThread(thread: string): void;
  /** The bytes of a file that the bot has sent. */
  uploaded(id: string): Uint8Array;
  close(): Promise<void>;
}

/** Calls that change what was sent. */
const CHANGES = ['chat.update', 'chat.delete', 'files.delete'];

/** A stand-in for Slack: its Web API over real HTTP, its Socket Mode over a real WebSocket, chats in memory. */
export async function startSlackSandbox({
  botToken = 'xoxb-sandbox',
  appToken = 'xapp-1-sandbox',
  signingSecret = 'sandbox-secret',
  grants = null,
  wholeOrganization = false,
  clock = Date.now,
}: {
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  /** What the app may do; left out: everything. */
  grants?: Grants | null;
  /** The app is installed for an organization of several workspaces. */
  wholeOrganization?: boolean;
  clock?: () => number;
} = {}): Promise<SlackSandbox> {
  const people = new Map<string, SimulatedSlackPerson>();
  const channels = new Map<string, SimulatedChannel>();
  const chats = new Map<string, SlackPlace>();
  /** By the last part of the address at which somebody waits to be answered. */
  const asking = new Map<string, SimulatedSlackPerson>();
  const faults: SlackFaults = { ...noFaults(), loseNext: 0, resendMs: 3000, closed: false };
  const counters = { sends: 0, refused: 0, blocked: 0, homes: 0, envelopes: 0 };
  const origin = originOf(wholeOrganization);
  const limits = createLimits(faults, counters, clock);
  const webhooks = { urls: [] as string[], copies: 1, refused: 0 };
  let next = 1;
  const nextId = () => next++;
  const stamp = () => `${Math.floor(clock() / 1000)}.${String(nextId()).padStart(6, '0')}`;
  const events = createEvents({ webhooks, signingSecret, faults, counters, nextId, clock });
  const files = createFiles(nextId, () => server.url);
  const messages = createMessages({ places: chats, faults, files, nextId, stamp, clock });
  const views = createViews(people, nextId, clock);
  const offer = async (kind: SlackEventKind, payload: SlackPayload): Promise<SlackPayload> =>
    mayHear(kind, payload, grants) ? events.offer(kind, payload) : {};

  async function event(content: SlackPayload, envelope: SlackPayload = {}): Promise<void> {
    await offer('events_api', {
      type: 'event_callback',
      api_app_id: 'A1',
      event_id: `Ev${nextId()}`,
      event_time: Math.floor(clock() / 1000),
      ...origin.event,
      ...envelope,
      event: content,
    });
  }

  function answerAt(person: SimulatedSlackPerson): string {
    const id = `/respond/${nextId()}`;
    asking.set(id, person);
    return `${server.url}${id}`;
  }

  function deliver(payload: SlackPayload): SlackAnswer {
    counters.sends += 1;
    const chat = String(payload.channel ?? payload.channel_id);
    if (limits.isRefused(chat)) return { ok: false, error: 'ratelimited', retryAfter: faults.stormRetryAfter };
    const answer = messages.deliver(payload);
    if (answer.error === 'user_disabled') counters.blocked += 1;
    return answer;
  }

  function change(method: string, payload: SlackPayload): SlackAnswer {
    if (clock() < faults.stormUntil) return { ok: false, error: 'ratelimited', retryAfter: faults.stormRetryAfter };
    if (method === 'chat.update') return messages.update(payload);
    return method === 'chat.delete' ? messages.remove(payload) : messages.removeFile(payload);
  }

  /** Calls that name a person. */
  function callAbout(method: string, payload: SlackPayload): SlackAnswer {
    const person = people.get(String(payload.user ?? payload.users ?? payload.user_id ?? ''));
    if (!person) return { ok: false, error: 'user_not_found' };
    if (method === 'conversations.open') return { ok: true, channel: { id: person.dm } };
    if (method === 'users.info') return { ok: true, user: person.info };
    const answer = views.publish(person, payload);
    if (answer.ok) counters.homes += 1;
    return answer;
  }

  function call(method: string, payload: SlackPayload): SlackAnswer {
    if (CHANGES.includes(method)) return change(method, payload);
    switch (method) {
      case 'auth.test':
        return { ok: true, user: 'hearback', user_id: 'UBOT', bot_id: 'B1', ...origin.self };
      case 'bots.info':
        return { ok: true, bot: { id: 'B1', app_id: 'A1', user_id: 'UBOT' } };
      case 'chat.postMessage':
      case 'files.completeUploadExternal':
        return deliver(payload);
      case 'files.getUploadURLExternal':
        return files.request(payload);
      case 'files.info':
        return files.infoOf(String(payload.file));
      case 'conversations.info': {
        const channel = channels.get(String(payload.channel));
        return channel ? { ok: true, channel: channel.info } : { ok: false, error: 'channel_not_found' };
      }
      case 'conversations.open':
      case 'users.info':
      case 'views.publish':
        return callAbout(method, payload);
      case 'views.open':
        return views.open(payload);
      case 'views.update':
        return views.update(payload);
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
    const method = (request.url ?? '').replace(/^\/api\//, '');
    if (method.startsWith('/upload/')) return files.fill(method, request, response);
    const payload = await payloadOf(request);
    const asker = asking.get(request.url ?? '');
    if (asker) return void response.end(asker.answered(String(payload.text)));
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const wanted = method === 'apps.connections.open' ? appToken : botToken;
    if (method.startsWith('/files/') || method === '/signin')
      return files.give(method, response, token === wanted && mayCall(method, grants));
    if (token !== wanted) return reply(response, { ok: false, error: 'invalid_auth' });
    const isPrivate = channels.get(String(payload.channel))?.info.is_private;
    if (!mayCall(method, grants, isPrivate)) return reply(response, { ok: false, error: 'missing_scope' });
    const isSend = method === 'chat.postMessage' || method === 'files.completeUploadExternal';
    if (isSend && faults.failEvery && (counters.sends + 1) % faults.failEvery === 0) {
      counters.sends += 1;
      return void response.writeHead(500).end();
    }
    if (CHANGES.includes(method) && faults.failEvery === 1) return void response.writeHead(500).end();
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
    sent: messages.sent,
    closeThread: messages.closeThread,
    uploaded: files.bytesOf,
    sockets: events.sockets,
    dropSockets: events.drop,
    event,
    user(id, about = {}) {
      const { keep, describe } = files;
      const parts = { offer, event, stamp, trigger: views.trigger, answerAt, keep, describe, origin, clock };
      const known = people.get(id) ?? createPerson(id, about, parts);
      people.set(id, known);
      chats.set(known.dm, known.place);
      return known;
    },
    channel(id, about = {}) {
      const known = channels.get(id) ?? createChannel({ id, about, event, stamp, clock });
      channels.set(id, known);
      chats.set(id, known);
      return known;
    },
    async close() {
      events.close();
      socketServer.close();
      await server.close();
    },
  };
}
