import { createHmac } from 'node:crypto';
import type { WebSocket } from 'ws';
import { pause } from './http.ts';
import type { SlackPayload } from './slackPayload.ts';

/** How Slack calls what it brings: what happened, what was pressed or filled in, the slash command. */
export type SlackEventKind = 'events_api' | 'interactive' | 'slash_commands';

interface Envelope {
  kind: SlackEventKind;
  payload: SlackPayload;
  timer: NodeJS.Timeout | null;
  taken: (answer: SlackPayload) => void;
  socket: WebSocket | null;
  attempts: number;
}

export interface Roads {
  /** With any address, payloads are posted there, so often each, at once; else they go by socket. `refused`: posts that were not taken. */
  webhooks: { urls: string[]; copies: number; refused: number };
  signingSecret: string;
  faults: { resendMs: number };
  counters: { envelopes: number };
  nextId(): number;
  clock(): number;
}

const AGAIN_MS = 100;
/** While no socket is open. */
const LOOK_AGAIN_MS = 20;

/** Payloads on their way to the bot, by HTTP or by its sockets, until they are taken. */
export function createEvents(roads: Roads) {
  const { webhooks } = roads;
  const sockets = createSockets(roads);
  let closed = false;
  const isOpen = () => !closed;

  /** Resolves once the bot has taken the payload, with its answer. A person's own doing is never sent again by Slack. */
  async function offer(kind: SlackEventKind, payload: SlackPayload): Promise<SlackPayload> {
    const { urls, copies } = webhooks;
    const times = Array.from({ length: copies });
    if (urls.length > 0) {
      const posts = urls.flatMap((url) => times.map(() => post(url, kind, payload, roads, isOpen)));
      return (await Promise.all(posts)).find((answer) => answer !== null) ?? refusedByBot();
    }
    return (await Promise.all(times.map(() => sockets.wrap(kind, payload))))[0] ?? {};
  }

  return {
    offer,
    welcome: sockets.welcome,
    sockets: sockets.count,
    drop: sockets.drop,
    close(): void {
      closed = true;
      sockets.close();
    },
  };
}

/** Socket Mode: envelopes go to the bot's sockets, each in turn, until they are acknowledged. */
function createSockets(roads: Roads) {
  const sockets = new Set<WebSocket>();
  const envelopes = createEnvelopes(sockets, roads);
  return {
    wrap: envelopes.wrap,
    count: () => sockets.size,
    /** Greets a socket of the bot and listens to it; what it leaves undone when it closes goes to another. */
    welcome(socket: WebSocket): void {
      sockets.add(socket);
      socket.on('message', (data) => envelopes.acknowledge(String(data)));
      socket.on('close', () => {
        sockets.delete(socket);
        envelopes.pushAgain(socket);
      });
      socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
    },
    drop(rude = false): void {
      for (const socket of sockets) leave(socket, rude);
    },
    close(): void {
      envelopes.close();
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** Envelopes that the bot has not acknowledged. */
function createEnvelopes(sockets: ReadonlySet<WebSocket>, { faults, counters, nextId }: Roads) {
  const unacked = new Map<string, Envelope>();
  let turn = 0;
  let closed = false;

  /** Sends it by the next socket, and again while there is none or no acknowledgement comes. */
  function push(id: string): void {
    const envelope = unacked.get(id);
    if (!envelope || closed) return;
    clearTimeout(envelope.timer ?? undefined);
    const open = [...sockets];
    const socket = open[turn++ % (open.length || 1)] ?? null;
    if (socket) {
      counters.envelopes += 1;
      socket.send(JSON.stringify(wired(id, envelope)));
      envelope.attempts += 1;
    }
    envelope.socket = socket;
    envelope.timer = setTimeout(() => push(id), socket ? faults.resendMs : LOOK_AGAIN_MS);
  }

  return {
    /** Resolves with the bot's answer. */
    wrap(kind: SlackEventKind, payload: SlackPayload): Promise<SlackPayload> {
      const id = `envelope-${nextId()}`;
      return new Promise((taken) => {
        unacked.set(id, { kind, payload, timer: null, taken, socket: null, attempts: 0 });
        push(id);
      });
    },
    acknowledge: (data: string) => acknowledge(data, unacked),
    /** What went by this socket. */
    pushAgain(lost: WebSocket): void {
      for (const [id, { socket }] of unacked) if (socket === lost) push(id);
    },
    close(): void {
      closed = true;
      for (const { timer } of unacked.values()) clearTimeout(timer ?? undefined);
    },
  };
}

function acknowledge(data: string, unacked: Map<string, Envelope>): void {
  const { envelope_id: id = '', payload = {} } = JSON.parse(data) as { envelope_id?: string; payload?: SlackPayload };
  const envelope = unacked.get(id);
  if (!envelope) return;
  clearTimeout(envelope.timer ?? undefined);
  unacked.delete(id);
  envelope.taken(payload);
}

/** Slack's routine disconnect, or with `rude` a lost connection. */
function leave(socket: WebSocket, rude: boolean): void {
  if (rude) socket.terminate();
  else socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
}

/** An envelope as it goes over a socket. */
const wired = (envelope_id: string, { kind, payload, attempts }: Envelope) => ({
  ...{ type: kind, envelope_id, payload, accepts_response_payload: kind !== 'events_api' },
  ...(attempts > 0 && { retry_attempt: attempts, retry_reason: 'timeout' }),
});

/** The answer, or null when the bot would not take a person's own doing; events are posted until they are taken. */
async function post(
  url: string,
  kind: SlackEventKind,
  payload: SlackPayload,
  { webhooks, signingSecret, clock }: Roads,
  isOpen: () => boolean,
): Promise<SlackPayload | null> {
  for (let attempt = 0; isOpen(); attempt++) {
    const { headers, body } = signed(kind, payload, signingSecret, clock());
    const retry: Record<string, string> =
      attempt > 0 ? { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': 'http_error' } : {};
    const request = { method: 'POST', headers: { ...headers, ...retry }, body, signal: AbortSignal.timeout(3000) };
    const answer = await fetch(url, request).catch(() => null);
    const said = await answer?.text().catch(() => '');
    if (answer?.ok) return said?.startsWith('{') ? (JSON.parse(said) as SlackPayload) : {};
    webhooks.refused += 1;
    if (kind !== 'events_api') return null;
    await pause(AGAIN_MS);
  }
  return null;
}

function refusedByBot(): never {
  throw new Error('The bot did not take it; Slack shows the person a warning.');
}

/** The headers and body with which Slack posts a payload of this kind. `atMs`: the moment it claims. */
export function signed(
  kind: SlackEventKind,
  payload: SlackPayload,
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
