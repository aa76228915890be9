import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { renderNotices } from './app/announce.ts';
import { createConversation } from './app/conversation.ts';
import { createDeliverer } from './app/deliver.ts';
import { detectLanguage } from './app/language.ts';
import { createLibrary } from './app/library.ts';
import { loadPhrases } from './app/phrases.ts';
import { changesHome, createPlaces } from './app/places.ts';
import { createReceiver, type ReceiveParts, type Receiver } from './app/receive.ts';
import { renderResponses } from './app/release.ts';
import { createShow } from './app/show.ts';
import { createProcessView } from './app/surroundings.ts';
import { startNotice, sweep } from './app/sweep.ts';
import { createSlackChannel, type SlackChannel } from './channels/slack/channel.ts';
import { createTelegramChannel, type TelegramChannel } from './channels/telegram/channel.ts';
import type { Config } from './config.ts';
import type { Channel, ChannelName } from './domain/channel.ts';
import { systemClock, systemIds } from './domain/clock.ts';
import type { Log } from './domain/log.ts';
import type { ClaimedDelivery, Queue } from './domain/ports.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from './domain/process.ts';
import type { FlowBook } from './flow/book.ts';
import { openBook } from './flow/source/load.ts';
import { createQueue } from './queue/queue.ts';
import { type Database, isOutage, openDatabase } from './store/database.ts';
import { createDeliveries } from './store/deliveries.ts';
import { openEmbedded } from './store/embedded.ts';
import { createFlowVersions } from './store/flows.ts';
import { createGate } from './store/gate.ts';
import { createLeader } from './store/leader.ts';
import { createNotices } from './store/notices.ts';
import { createOwnContributions } from './store/own.ts';
import { createProcesses } from './store/processes.ts';
import { createResponseStore } from './store/responses.ts';
import { signingSecret } from './store/settings.ts';
import { createTidy } from './store/tidy.ts';
import { createTurnStore } from './store/turns.ts';
import { createWeb, listen } from './web/server.ts';

/** Platforms repeat an update for a day; after a week nobody asks what was replied. */
const KEPT_MS = 7 * 86_400_000;

const CHANNELS: ChannelName[] = ['telegram', 'slack'];

/** Things to undo, newest first. Each step is tried, whatever the others do. */
function createStops() {
  const stops: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | null = null;
  async function run(): Promise<void> {
    const errors: unknown[] = [];
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'Stopping was not clean.');
  }
  return { add: (stop: () => Promise<unknown>) => void stops.push(stop), run: () => (stopping ??= run()) };
}

export interface Core {
  db: Database;
  processes: ReturnType<typeof createProcesses<ProcessDefinition>>;
  /** Adds jobs, runs none. */
  queue: Queue;
  close(): Promise<void>;
}

/** What the commands need beside a running service, or without one: the database and a way to hint the workers. */
export async function openCore(config: Config, log: Log): Promise<Core> {
  const stops = createStops();
  try {
    const url = config.databaseUrl ?? (await embedded(config, stops));
    const db = await openDatabase(url);
    stops.add(() => db.close());
    const queue = createQueue({ redisUrl: config.redisUrl, databaseUrl: url, channels: CHANNELS }, null, { log });
    stops.add(() => queue.stop());
    return { db, processes: createProcesses<ProcessDefinition>(db), queue, close: stops.run };
  } catch (error) {
    await stops.run().catch(() => undefined);
    throw error;
  }
}

async function embedded(config: Config, stops: ReturnType<typeof createStops>): Promise<string> {
  const server = await openEmbedded(config.dataDir);
  stops.add(() => server.close());
  return server.url;
}

export interface Service {
  /** Where it listens: for the platforms, and for health checks in every role. */
  url: string;
  core: Core;
  stop(): Promise<void>;
}

/** The whole service, in the order in which its parts need each other. @throws Mistake before anything is listened to */
export async function startService(config: Config, log: Log): Promise<Service> {
  const stops = createStops();
  try {
    return await start(config, log, stops);
  } catch (error) {
    await stops.run().catch(() => undefined);
    throw error;
  }
}

async function start(config: Config, log: Log, stops: ReturnType<typeof createStops>): Promise<Service> {
  const book = await openBook(config.flowsDir);
  const core = await openCore(config, log);
  stops.add(core.close);
  const { db } = core;
  const secret = await signingSecret(db);
  const content = await createContent(config, core, book, secret);
  const telegram = config.telegram ? telegramChannel(config, db, log, stops) : null;
  const slack = config.slack ? slackChannel(config.slack, content, log) : null;
  const channels = new Map<ChannelName, Channel>();
  for (const channel of [telegram, slack]) if (channel) channels.set(channel.name, channel);
  const outbound = await createOutbound(config, core, channels, secret, log);
  if (config.role !== 'web') {
    await outbound.queue.start();
    stops.add(() => outbound.queue.stop());
  }
  stops.add(() => outbound.deliverer.idle());
  const healthy = async () => void (await db.pool.query('SELECT 1'));
  if (config.role === 'worker') {
    const server = await listen(createWeb({ healthy }), config.host, config.port);
    stops.add(() => server.close());
    log.info('Hearback is up', { port: portOf(server), role: config.role });
    return { url: server.url, core, stop: stops.run };
  }
  const receiver = createInbound(core, content, {
    secret,
    send: (replies) =>
      void outbound.deliverer.sendClaimed(replies).catch((error) => log.error('Replies could not be sent', {}, error)),
    committed: (write, before) => {
      if (before.channel === 'slack' && changesHome(write, before)) slack?.refreshHome(before.key);
    },
    log,
  });
  stops.add(() => receiver.idle());
  const web = createWeb({ ...(telegram && { telegram }), ...(slack && { slack }), healthy });
  const server = await listen(web, config.host, config.port);
  stops.add(() => server.close());
  for (const channel of channels.values()) {
    await channel.start(receiver.receive);
    stops.add(() => channel.stop());
    await channel
      .announceCommands(content.commands)
      .catch((error) => log.warn('Commands could not be registered', { channel: channel.name }, error));
  }
  const timer = setInterval(
    () => void receiver.tick().catch((error) => log.warn('The inbound sweep failed', {}, error)),
    2000,
  );
  stops.add(async () => clearInterval(timer));
  log.info('Hearback is up', {
    port: portOf(server),
    role: config.role,
    channels: [...channels.keys()].join(', ') || 'none',
  });
  return { url: server.url, core, stop: stops.run };
}

const portOf = ({ url }: { url: string }): number => Number(new URL(url).port);

function telegramChannel(
  config: Config,
  db: Database,
  log: Log,
  stops: ReturnType<typeof createStops>,
): TelegramChannel {
  const { botToken, apiRoot, webhookSecret, messagesPerSecond } = config.telegram as NonNullable<Config['telegram']>;
  const leader = createLeader(db.url, `telegram-poll:${botToken.split(':')[0]}`);
  stops.add(() => leader.close());
  return createTelegramChannel({
    token: botToken,
    apiRoot,
    webhook: webhookSecret ? { secret: webhookSecret, url: `${config.publicUrl}/telegram/webhook` } : null,
    mayPoll: () => leader.holds(),
    perSecond: messagesPerSecond,
    clock: systemClock,
    log,
  });
}

function slackChannel(config: NonNullable<Config['slack']>, { commands, places }: Content, log: Log): SlackChannel {
  const { messagesPerSecond, ...tokens } = config;
  return createSlackChannel({
    ...tokens,
    commands: commands.map(({ name }) => name),
    places,
    perSecond: messagesPerSecond,
    clock: systemClock,
    log,
  });
}

type Content = Awaited<ReturnType<typeof createContent>>;

/** The conversations, and what is shown beside them. */
async function createContent(config: Config, core: Core, book: FlowBook, secret: string) {
  const own = createOwnContributions(core.db.pool);
  const random = () => randomBytes(6).toString('base64url');
  const view = createProcessView(core.processes, DEFAULT_PROCESS, systemClock, random);
  const { languages } = await view.surroundings();
  const phrasesIn = await loadPhrases(path.join(config.flowsDir, 'chat.yaml'), languages);
  const timeline = (language: string) => view.timeline(language, phrasesIn(language));
  return {
    library: await createLibrary(book, createFlowVersions(core.db.pool)),
    own,
    view,
    phrasesIn,
    show: createShow({ own, timeline, phrasesIn, secret }),
    places: createPlaces({ own, view, book: () => book, phrasesIn, secret, clock: systemClock }),
    commands: Object.entries(book.messages.commands).map(([name, texts]) => ({
      name,
      descriptions: typeof texts === 'string' ? { en: texts } : texts,
    })),
  };
}

async function createOutbound(
  config: Config,
  core: Core,
  channels: Map<ChannelName, Channel>,
  secret: string,
  log: Log,
) {
  const { pool, url } = core.db;
  const deliveries = createDeliveries(pool);
  const notices = createNotices(pool);
  const responses = createResponseStore(pool);
  const languages = (await core.processes.current())?.languages ?? DEFAULT_PROCESS.languages;
  const phrasesIn = await loadPhrases(path.join(config.flowsDir, 'notices.yaml'), languages);

  async function render(rows: ClaimedDelivery[]) {
    const [answers, others] = [
      rows.filter((row) => row.kind === 'response'),
      rows.filter((row) => row.kind !== 'response'),
    ];
    const made = await renderNotices(others, { notices, secret, languages });
    if (answers.length === 0) return made;
    const asked = answers.map((row) => ({ ...row, payload: row.payload as unknown as { responses: string[] } }));
    return new Map([...made, ...(await renderResponses(asked, { responses, secret, phrasesIn }))]);
  }

  const deliverer = createDeliverer({
    deliveries,
    gate: createGate(pool),
    channels,
    render,
    clock: systemClock,
    ids: systemIds,
    log,
  });
  const parts = { deliveries, notices, queue: core.queue, log };
  const handlers = {
    deliver: deliverer.deliver,
    retryReplies: async ({ ids }: { ids: string[] }) => void (await deliverer.retryReplies(ids)),
    startNotice: async ({ notice }: { notice: string }) => void (await startNotice(notice, parts)),
    sweep: async () => void (await sweep(parts)),
    tidy: async () => void (await createTidy(pool)(new Date(systemClock() - KEPT_MS))),
  };
  const queue = createQueue({ redisUrl: config.redisUrl, databaseUrl: url, channels: [...channels.keys()] }, handlers, {
    log,
  });
  return { deliverer, queue };
}

interface InboundParts extends Pick<ReceiveParts, 'send' | 'committed' | 'log'> {
  secret: string;
}

function createInbound(
  core: Core,
  { library, own, view, phrasesIn, show }: Content,
  { secret, ...parts }: InboundParts,
): Receiver & { tick(): Promise<void> } {
  const turns = createTurnStore(core.db.pool);
  const conversation = createConversation({
    library,
    surroundings: view.surroundings,
    phrase: (key, language, values) => phrasesIn(language)(key, values),
    show,
    turns,
    own,
    detect: detectLanguage,
    secret,
    ids: systemIds,
    clock: systemClock,
  });
  const receiver = createReceiver({
    ...parts,
    turns,
    turn: conversation,
    isOutage,
    clock: systemClock,
    ids: systemIds,
  });
  async function tick(): Promise<void> {
    await receiver.retryFailed();
    for (const { sender, nonce } of await turns.timedOut(systemClock(), 100)) {
      const id = `timeout:${sender.key}:${nonce}`;
      await receiver.receive({ id, sender, content: { kind: 'timeout', nonce }, at: systemClock() });
    }
  }
  return { ...receiver, tick };
}
