import type { RunningChannel } from './channels/kind.ts';
import { channelsIn } from './channels/registry.ts';
import { watched } from './channels/watched.ts';
import { type Base, openBase } from './compose/base.ts';
import {
  type Content,
  type ConversationWay,
  type ConversationWiring,
  composeContent,
  composeConversation,
  viewOf,
} from './compose/conversation.ts';
import { composeDelivery, type DeliveryParts } from './compose/delivery.ts';
import { openPlanner } from './compose/planner.ts';
import { type Stores, storesOn } from './compose/stores.ts';
import type { Config } from './config.ts';
import { createAttachmentKeeper } from './contributions/keepAttachments.ts';
import { createLiveScript, type LiveScript, readScript } from './conversation/liveScript.ts';
import type { ProcessView } from './conversation/processContext.ts';
import { changesHome } from './conversation/surfaces.ts';
import { type Channel, SendError } from './core/channel.ts';
import type { ChannelName } from './core/channelName.ts';
import { type Ambient, systemAmbient, systemClock } from './core/clock.ts';
import { UserError } from './core/errors.ts';
import { createTrouble, type Log, silentLog } from './core/log.ts';
import { createStops, type Stops } from './core/shutdown.ts';
import { useProxy } from './core/useProxy.ts';
import { createHealth } from './interfaces/web/health.ts';
import { createWeb, listen, PortTaken, tryPort } from './interfaces/web/server.ts';
import { eraseAgain } from './people/eraseAgain.ts';
import type { Erasure } from './people/erasure.ts';
import { type Database, isOutage } from './store/database.ts';
import { createLeader } from './store/leader.ts';
import { runningServices } from './store/services.ts';
import { signingSecret } from './store/settings.ts';

/** What has waited so long was left behind by a process that has gone, or goes on faster with our help. */
const LEFT_BEHIND_SECONDS = 5;
const SWEEP_MS = 2000;

export interface Service {
  /** Where it listens: for the platforms, and for health checks in every role. */
  url: string;
  core: Base;
  stop(): Promise<void>;
}

/** Never aborted. */
const NEVER = new AbortController().signal;

/**
 * The whole service, in the order in which its parts need each other.
 * @param ended somebody wants no service any more: what has begun is stopped, whatever it still waits for
 * @param around what it has from outside of itself
 * @throws UserError before anything is listened to; the signal's reason when it is aborted
 */
export async function startService(
  config: Config,
  log: Log,
  ended: AbortSignal = NEVER,
  around: Around = systemAmbient,
): Promise<Service> {
  const stops = createStops();
  try {
    return await start(config, log, stops, ended, around);
  } catch (error) {
    await stops.run().catch(() => undefined);
    throw error;
  }
}

async function start(config: Config, log: Log, stops: Stops, ended: AbortSignal, around: Around): Promise<Service> {
  await portIsFree(config);
  await useProxy(config.proxy);
  const read = await readScript(config.flowsDir);
  const core = await openBase(config, log, { service: true, ended });
  stops.add(core.close);
  const parts = await compose(core, read, config, log, stops, around);
  const { channels, outbound, receiver, content } = parts;
  await forgetAgain(parts.stores.erasure, core, log);
  // Stopped in reverse: nothing new comes in, then no new jobs, then what is in hand.
  stops.add(() => outbound.marker.stop());
  stops.add(() => outbound.deliverer.stop());
  stops.add(() => outbound.queue.stop());
  stops.add(() => receiver.idle());
  for (const channel of channels.values()) {
    stops.add(() => channel.stop());
    await unless(ended, () => channel.identify());
  }
  if (config.role !== 'web') await unless(ended, () => outbound.queue.start());
  const listens = config.role !== 'worker';
  const server = await listen(webOf(core, parts, config), config.host, config.port);
  stops.add(() => server.close());
  if (listens) {
    for (const channel of channels.values()) await unless(ended, () => hear(channel, receiver, content, log));
    stops.add(sweepInbound(parts, log));
  }
  stops.add(keepLooking(parts.spoken, parts.view, log));
  log.info('Hearback is up', {
    port: portOf(server),
    role: config.role,
    ...(listens && { channels: [...channels.keys()].join(', ') || 'none' }),
  });
  return { url: server.url, core, stop: stops.run };
}

type Script = Awaited<ReturnType<typeof readScript>>;
type Parts = Awaited<ReturnType<typeof compose>>;

export type Around = Ambient &
  Pick<DeliveryParts, 'pause' | 'hurriedGapMs' | 'queueOf'> &
  Pick<ConversationWiring, 'patience'>;

/** The conversations as they are in force, the platforms, the way in and the way out; none of it has begun. */
export async function compose(
  core: Base,
  read: Script,
  config: Config,
  log: Log,
  stops: Stops,
  around: Around = systemAmbient,
) {
  const { clock, ids, patience } = around;
  const { db } = core;
  const stores = storesOn(db, core.forgetList);
  const secret = await signingSecret(db);
  const sending = { holdSeconds: config.noticeHoldSeconds, approvalAbove: config.approvalAbove };
  const view = await viewOf(stores, around);
  const languages = () => view.lastSeen().languages;
  const channels = new Map<ChannelName, RunningChannel>();
  const introduceAll = () => Promise.all([...channels.values()].map((channel) => introduce(channel, content, log)));
  const spoken = await createLiveScript(read, {
    ...{ scripts: stores.scripts, languages, log },
    changed: () => void (config.role === 'worker' || introduceAll()),
  });
  const planner = openPlanner(db, {
    ...{ queue: core.queue, phrasesIn: spoken.catalog('outreach'), clock, ids, log },
    holdSeconds: sending.holdSeconds,
  });
  const download = async (channel: ChannelName, ref: string) => {
    const from = channels.get(channel);
    if (!from) throw new SendError('rejected', `${channel} is not set up here`);
    return from.download(ref);
  };
  const steering = { queue: core.queue, planner, clock, ids, download, ...sending };
  const content = composeContent({ db, stores }, spoken, view, secret, steering);
  for (const { kind, settings } of channelsIn(config)) {
    const driver = await kind.load();
    const channel = driver.create(settings, {
      ...{ publicUrl: config.publicUrl, surfaces: content.surfaces, clock, log },
      commands: () => content.introduction().commands.map(({ name }) => name),
      leads: (key) => leading(key, db, stops),
    });
    channels.set(channel.name, watched(channel));
  }
  const { redisUrl } = config;
  const { approvalAbove } = sending;
  const rendering = { channels, spoken, secret };
  const outbound = composeDelivery({ db, stores, redisUrl, ...rendering, planner, approvalAbove, ...around, log });
  const keepAttachments = attachmentKeeper(stores, channels, log);
  const tellMembers = memberTelling(content.tellMembers, log);
  const tellWhatWaits = memberTelling(content.tellWhatWaits, log);
  const receiver = composeConversation(stores, content, {
    ...{ secret, clock, ids, patience },
    send: (replies) =>
      outbound.deliverer.sendClaimed(replies).catch((error) => log.error('Replies could not be sent', {}, error)),
    used: outbound.marker.mark,
    committed: (write, before) => {
      if (changesHome(write, before)) channels.get(before.channel)?.refreshHome?.(before.key);
      if (write.wanted.length > 0) keepAttachments();
      if (write.threads.some(({ change }) => change !== 'accepted' && change !== 'ended')) tellMembers();
    },
    log,
  });
  const telling = { tellMembers, tellWhatWaits };
  return { stores, view, spoken, content, channels, planner, outbound, receiver, keepAttachments, ...telling };
}

/** Before anything goes out: a restored backup has people in it who are to be forgotten. */
async function forgetAgain(erasure: Erasure, { forgetList }: Base, log: Log): Promise<void> {
  const count = await eraseAgain(erasure, forgetList);
  if (count > 0) log.info('People of a restored backup who had themselves erased are erased again', { count });
}

/** Where this process is reached: by the platforms, and for health checks in every role. */
function webOf(core: Base, { stores, channels, outbound, receiver }: Parts, { role }: Config) {
  const listens = role !== 'worker';
  const health = createHealth({
    database: stores.keeping,
    queue: () => (role === 'web' ? core : outbound).queue.trouble(),
    channels,
    clock: systemClock,
    ...(listens && { intake: receiver.trouble }),
  });
  return createWeb({ routes: listens ? [...channels.values()].flatMap(({ routes }) => routes) : [], health });
}

/** The work, given up when somebody wants no service any more: then its parts are stopped under it. */
async function unless<T>(ended: AbortSignal, work: () => Promise<T>): Promise<T> {
  ended.throwIfAborted();
  let leave = () => {};
  const given = new Promise<never>((_resolve, reject) => {
    const up = () => reject(ended.reason);
    ended.addEventListener('abort', up);
    leave = () => ended.removeEventListener('abort', up);
  });
  return Promise.race([work(), given]).finally(leave);
}

/** Checked before anything begins. @throws UserError when this machine does not give the port, or another service has it */
async function portIsFree(config: Config): Promise<void> {
  const { host, port } = config;
  await tryPort(host, port).catch(async (refusal) => {
    const running = refusal instanceof PortTaken ? await servicesOf(config) : [];
    if (running.length === 0) throw refusal;
    throw new UserError(
      `PORT: ${port} is taken, and a service runs on this database already: ${running.join(', ')}. Nothing more is needed; for another one beside it set PORT to one that is free.`,
    );
  });
}

/** The services that run on the database of this configuration; none where it cannot be asked. */
async function servicesOf(config: Config): Promise<string[]> {
  const core = await openBase(config, silentLog).catch(() => null);
  if (core === null) return [];
  return runningServices(core.db.pool).finally(() => core.close());
}

/** Files that people sent are fetched when they come, and again while they could not be. */
function attachmentKeeper({ attachments }: Stores, channels: Map<ChannelName, Channel>, log: Log): () => void {
  const fetching = createTrouble(log, { begins: 'Files cannot be fetched now', ends: 'Files are fetched again' });
  const keep = createAttachmentKeeper({ attachments, channels, log });
  return () => void keep().then(fetching.over, fetching.met);
}

/** Members hear of what people ask when it is kept, and of what a process that has gone left behind. */
function memberTelling(tell: () => Promise<void>, log: Log): () => void {
  const telling = createTrouble(log, { begins: 'Members cannot be told now', ends: 'Members are told again' });
  return () => void tell().then(telling.over, telling.met);
}

async function hear(channel: Channel, receiver: ConversationWay, content: Content, log: Log): Promise<void> {
  await channel.start(receiver.receive, receiver.keepUnreadable);
  await introduce(channel, content, log);
}

/** What was left behind, at once and then again and again; gives what ends that. */
function sweepInbound(
  { channels, receiver, keepAttachments, tellMembers, tellWhatWaits }: Parts,
  log: Log,
): () => Promise<void> {
  const trouble = createTrouble(log, { begins: 'The inbound sweep fails', ends: 'The inbound sweep works again' });
  const shown = createTrouble(log, {
    begins: 'Homes cannot be looked after now',
    ends: 'Homes are looked after again',
  });
  const tick = (waitingForSeconds: number) => {
    void receiver.tick(waitingForSeconds).then(trouble.over, trouble.met);
    keepAttachments();
    tellMembers();
    tellWhatWaits();
    for (const channel of channels.values()) void channel.lookAfterHomes?.().then(shown.over, shown.met);
  };
  tick(0);
  const timer = setInterval(tick, SWEEP_MS, LEFT_BEHIND_SECONDS);
  return async () => clearInterval(timer);
}

const introduce = (channel: Channel, { introduction }: Content, log: Log): Promise<void> =>
  channel
    .introduce(introduction())
    .catch((error) => log.warn('The platform could not be told what it shows of us', { channel: channel.name }, error));

const LOOK_EVERY_MS = 2000;

/** What is applied, saved, or put in force by another process is so here within seconds. Gives what ends it. */
function keepLooking(spoken: LiveScript, view: ProcessView, log: Log): () => Promise<void> {
  let underWay: Promise<unknown> | null = null;
  const look = () => Promise.all([view.processContext(), spoken.look()]);
  // A database that is away is reported by those who wait for it.
  const failed = (error: unknown) => isOutage(error) || log.error('What is in force could not be looked at', {}, error);
  const timer = setInterval(() => {
    underWay ??= look()
      .catch(failed)
      .finally(() => (underWay = null));
  }, LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

/** Of all processes on this database, the one that holds the lock. */
function leading(key: string, db: Database, stops: Stops): () => Promise<boolean> {
  const leader = createLeader(db.url, key);
  stops.add(() => leader.close());
  return () => leader.holds();
}

const portOf = ({ url }: { url: string }): number => Number(new URL(url).port);
