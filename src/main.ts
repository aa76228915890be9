import { type Base, openBase } from './compose/base.ts';
import type { Content, ConversationWay } from './compose/conversation.ts';
import { type Around, composeService, introduce, type ServiceParts } from './compose/service.ts';
import type { Config } from './config.ts';
import { type LiveScript, readScript } from './conversation/liveScript.ts';
import type { ProcessView } from './conversation/processContext.ts';
import type { Channel } from './core/channel.ts';
import { type Ambient, systemAmbient, systemClock } from './core/clock.ts';
import { UserError } from './core/errors.ts';
import { createTrouble, type Log, silentLog } from './core/log.ts';
import { createStops, type Stops } from './core/shutdown.ts';
import { useProxy } from './core/useProxy.ts';
import { createConsole } from './interfaces/web/console/app.tsx';
import { createHealth } from './interfaces/web/health.ts';
import { createWeb, listen, PortTaken, tryPort } from './interfaces/web/server.ts';
import { eraseAgain } from './people/eraseAgain.ts';
import type { Erasure } from './people/erasure.ts';
import { isOutage } from './store/database.ts';
import { runningServices } from './store/services.ts';

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
  const parts = await composeService(core, read, { config, log, stops }, around);
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
  const server = await listen(webOf(core, parts, config, { ...around, log }), config.host, config.port);
  parts.address.url = config.publicUrl.replace(/:0$/, `:${portOf(server)}`);
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

/** Before anything goes out: a restored backup has people in it who are to be forgotten. */
async function forgetAgain(erasure: Erasure, { forgetList }: Base, log: Log): Promise<void> {
  const count = await eraseAgain(erasure, forgetList);
  if (count > 0) log.info('People of a restored backup who had themselves erased are erased again', { count });
}

/** Where this process is reached: by the platforms, and for health checks in every role. */
function webOf(core: Base, parts: ServiceParts, { role }: Config, { clock, ids, log }: Ambient & { log: Log }) {
  const { stores, channels, outbound, receiver, content, spoken, view, address } = parts;
  const listens = role !== 'worker';
  const console = createConsole({
    ...{ views: core.views, actions: content.actions, process: view.process, clock, ids, log },
    phrasesIn: spoken.catalog('console'),
    languages: () => [...new Set(spoken.registry().flows.flatMap(({ languages }) => languages))],
    publicUrl: () => address.url,
  });
  const health = createHealth({
    database: stores.keeping,
    queue: () => (role === 'web' ? core : outbound).queue.trouble(),
    channels,
    clock: systemClock,
    ...(listens && { intake: receiver.trouble }),
  });
  if (!listens) return createWeb({ health });
  return createWeb({ routes: [...channels.values()].flatMap(({ routes }) => routes), health, console });
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

async function hear(channel: Channel, receiver: ConversationWay, content: Content, log: Log): Promise<void> {
  await channel.start(receiver.receive, receiver.keepUnreadable);
  await introduce(channel, content, log);
}

/** What was left behind, at once and then again and again; gives what ends that. */
function sweepInbound({ channels, receiver, after }: ServiceParts, log: Log): () => Promise<void> {
  const trouble = createTrouble(log, { begins: 'The inbound sweep fails', ends: 'The inbound sweep works again' });
  const shown = createTrouble(log, {
    begins: 'Homes cannot be looked after now',
    ends: 'Homes are looked after again',
  });
  const tick = (waitingForSeconds: number) => {
    void receiver.tick(waitingForSeconds).then(trouble.over, trouble.met);
    after.sweep();
    for (const channel of channels.values()) void channel.lookAfterHomes?.().then(shown.over, shown.met);
  };
  tick(0);
  const timer = setInterval(tick, SWEEP_MS, LEFT_BEHIND_SECONDS);
  return async () => clearInterval(timer);
}

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

const portOf = ({ url }: { url: string }): number => Number(new URL(url).port);
