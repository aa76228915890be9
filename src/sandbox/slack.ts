import { WebSocketServer } from 'ws';
import { createLimits, noFaults } from './faults.ts';
import { serve } from './http.ts';
import type { SlackFaults } from './slackApi.ts';
import { type ChannelAbout, createChannel, type SimulatedChannel, type SlackSandboxChannel } from './slackChannels.ts';
import { createEvents, type SlackEventKind } from './slackEvents.ts';
import { createFiles } from './slackFiles.ts';
import { createMessages, type SlackPlace } from './slackMessages.ts';
import { originOf } from './slackOrigin.ts';
import type { SlackPayload } from './slackPayload.ts';
import {
  createPerson,
  type PersonAbout,
  type SimulatedSlackPerson,
  type SlackPlatform,
  type SlackSandboxUser,
} from './slackPerson.ts';
import { type Grants, mayHear } from './slackScopes.ts';
import { createViews } from './slackViews.ts';
import { createWeb } from './slackWeb.ts';

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

interface SlackOptions {
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  /** What the app may do; left out: everything. */
  grants?: Grants | null;
  /** The app is installed for an organization of several workspaces. */
  wholeOrganization?: boolean;
  clock?: () => number;
}

/** A stand-in for Slack: its Web API over real HTTP, its Socket Mode over a real WebSocket, chats in memory. */
export async function startSlackSandbox({
  botToken = 'xoxb-sandbox',
  appToken = 'xapp-1-sandbox',
  signingSecret = 'sandbox-secret',
  grants = null,
  wholeOrganization = false,
  clock = Date.now,
}: SlackOptions = {}): Promise<SlackSandbox> {
  const world = createWorld({ signingSecret, grants, wholeOrganization, clock }, () => server.url);
  const { files, faults, counters, webhooks, events, messages } = world;
  const socketUrl = () => `${server.url.replace('http', 'ws')}/socket`;
  const server = await serve(createWeb({ ...world, botToken, appToken, grants, clock, socketUrl }));
  const socketServer = new WebSocketServer({ server: server.server, path: '/socket' });
  socketServer.on('connection', events.welcome);
  return {
    apiUrl: `${server.url}/api/`,
    ...{ botToken, appToken, signingSecret, faults, counters, webhooks },
    sent: messages.sent,
    closeThread: messages.closeThread,
    uploaded: files.bytesOf,
    sockets: events.sockets,
    dropSockets: events.drop,
    event: world.event,
    user: world.user,
    channel: world.channel,
    async close() {
      events.close();
      socketServer.close();
      await server.close();
    },
  };
}

/** The workspace: who and what is there, and how what happens there reaches the bot. `address`: where Slack is reached. */
function createWorld(
  { signingSecret, grants, wholeOrganization, clock }: Required<Omit<SlackOptions, 'botToken' | 'appToken'>>,
  address: () => string,
) {
  const people = new Map<string, SimulatedSlackPerson>();
  const places = new Map<string, SlackPlace>();
  const faults: SlackFaults = { ...noFaults(), loseNext: 0, resendMs: 3000, closed: false };
  const counters = { sends: 0, refused: 0, blocked: 0, homes: 0, envelopes: 0 };
  const origin = originOf(wholeOrganization);
  const webhooks = { urls: [] as string[], copies: 1, refused: 0 };
  const nextId = numbered();
  const stamp = () => `${Math.floor(clock() / 1000)}.${String(nextId()).padStart(6, '0')}`;
  const events = createEvents({ webhooks, signingSecret, faults, counters, nextId, clock });
  const files = createFiles(nextId, address);
  const messages = createMessages({ places, faults, files, nextId, stamp, clock });
  const views = createViews(people, nextId, clock);
  const offer = async (kind: SlackEventKind, payload: SlackPayload): Promise<SlackPayload> =>
    mayHear(kind, payload, grants) ? events.offer(kind, payload) : {};
  const event = telling({ offer, nextId, around: origin.event, clock });
  const { keep, describe } = files;
  const seen = { offer, event, stamp, trigger: views.trigger, keep, describe, origin, clock };
  return {
    ...{ people, faults, counters, webhooks, events, files, messages, views, event },
    ...{ limits: createLimits(faults, counters, clock), self: origin.self },
    ...createDirectory(people, places, seen, { address, nextId }),
  };
}

/** Tells the bot what happens. */
const telling =
  ({
    offer,
    nextId,
    around,
    clock,
  }: Pick<SlackPlatform, 'offer' | 'clock'> & { nextId(): number; around: SlackPayload }) =>
  async (content: SlackPayload, envelope: SlackPayload = {}): Promise<void> =>
    void (await offer('events_api', {
      type: 'event_callback',
      api_app_id: 'A1',
      event_id: `Ev${nextId()}`,
      event_time: Math.floor(clock() / 1000),
      ...around,
      ...envelope,
      event: content,
    }));

/** Who is there, and the channels: each is made when it is first named. */
function createDirectory(
  people: Map<string, SimulatedSlackPerson>,
  places: Map<string, SlackPlace>,
  parts: Omit<SlackPlatform, 'answerAt'>,
  { address, nextId }: { address: () => string; nextId(): number },
) {
  const channels = new Map<string, SimulatedChannel>();
  const asking = new Map<string, SimulatedSlackPerson>();

  function answerAt(person: SimulatedSlackPerson): string {
    const id = `/respond/${nextId()}`;
    asking.set(id, person);
    return `${address()}${id}`;
  }

  function user(id: string, about: PersonAbout = {}): SlackSandboxUser {
    const known = people.get(id) ?? createPerson(id, about, { ...parts, answerAt });
    people.set(id, known);
    places.set(known.dm, known.place);
    return known;
  }

  function channel(id: string, about: ChannelAbout = {}): SlackSandboxChannel {
    const { event, stamp, clock } = parts;
    const known = channels.get(id) ?? createChannel({ id, about, event, stamp, clock });
    channels.set(id, known);
    places.set(id, known);
    return known;
  }

  return { channels, asking, user, channel };
}

/** 1, 2, 3... */
function numbered(): () => number {
  let next = 1;
  return () => next++;
}
