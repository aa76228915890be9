import { watched } from './channels/watched.ts';
import { type Base, openBase } from './compose/base.ts';
import { slackChannel, telegramChannel } from './compose/channels.ts';
import { type Content, composeContent, composeConversation, viewOf } from './compose/conversation.ts';
import { composeDelivery } from './compose/delivery.ts';
import type { Config } from './config.ts';
import { createAttachmentKeeper } from './contributions/keepAttachments.ts';
import { createLiveScript, type LiveScript, readScript } from './conversation/liveScript.ts';
import type { ProcessView } from './conversation/processContext.ts';
import { changesHome } from './conversation/surfaces.ts';
import type { Channel, ChannelName } from './core/channel.ts';
import { systemClock } from './core/clock.ts';
import { createTrouble, type Log } from './core/log.ts';
import { createStops, type Stops } from './core/stops.ts';
import { useProxy } from './core/useProxy.ts';
import { createHealth } from './interfaces/web/health.ts';
import { createWeb, listen } from './interfaces/web/server.ts';
import { createAttachmentStore } from './store/attachments.ts';
import { type Database, isOutage } from './store/database.ts';
import { createScripts } from './store/flowVersions.ts';
import { createKeeping } from './store/keeping.ts';
import { createLeader } from './store/leader.ts';
import { signingSecret } from './store/settings.ts';

/** What has waited so long was left behind by a process that has gone, or goes on faster with our help. */
const LEFT_BEHIND_SECONDS = 5;

export interface Service {
  /** Where it listens: for the platforms, and for health checks in every role. */
  url: string;
  core: Base;
  stop(): Promise<void>;
}

/** The whole service, in the order in which its parts need each other. @throws UserError before anything is listened to */
export async function startService(config: Config, log: Log): Promise<Service> {
  const stops = createStops();
  try {
    return await start(config, log, stops);
  } catch (error) {
    await stops.run().catch(() => undefined);
    throw error;
  }
}

async function start(config: Config, log: Log, stops: Stops): Promise<Service> {
  await useProxy(config.proxy);
  const read = await readScript(config.flowsDir);
  const core = await openBase(config, log, { service: true });
  stops.add(core.close);
  const { db } = core;
  const secret = await signingSecret(db);
  const sending = { holdSeconds: config.noticeHoldSeconds, approvalAbove: config.approvalAbove };
  const steering = { queue: core.queue, ...sending };
  const view = await viewOf(db);
  const languages = () => view.lastSeen().languages;
  const channels = new Map<ChannelName, Channel>();
  const announce = () => Promise.all([...channels.values()].map((channel) => announceCommands(channel, content, log)));
  const spoken = await createLiveScript(read, {
    ...{ scripts: createScripts(db.pool), languages, log },
    changed: () => void (config.role === 'worker' || announce()),
  });
  const content = composeContent(db, spoken, view, secret, steering);
  const telegram =
    config.telegram && telegramChannel(config.telegram, config.publicUrl, poller(config, db, stops), log);
  const slack = config.slack && slackChannel(config.slack, content, log);
  for (const channel of [telegram, slack]) if (channel) channels.set(channel.name, watched(channel));
  for (const channel of channels.values()) {
    stops.add(() => channel.stop());
    await channel.identify();
  }
  const { redisUrl } = config;
  const outbound = composeDelivery({ db, redisUrl, channels, spoken, languages, secret, ...sending, log });
  // Stopped in reverse: no new jobs first, then what is in hand.
  stops.add(() => outbound.deliverer.stop());
  if (config.role !== 'web') {
    await outbound.queue.start();
    stops.add(() => outbound.queue.stop());
  }
  const looking = {
    database: createKeeping(db.pool),
    queue: () => (config.role === 'web' ? core : outbound).queue.trouble(),
    channels,
    clock: systemClock,
  };
  if (config.role === 'worker') {
    const server = await listen(createWeb({ health: createHealth(looking) }), config.host, config.port);
    stops.add(() => server.close());
    stops.add(keepLooking(spoken, view, log));
    log.info('Hearback is up', { port: portOf(server), role: config.role });
    return { url: server.url, core, stop: stops.run };
  }
  const fetching = createTrouble(log, { begins: 'Files cannot be fetched now', ends: 'Files are fetched again' });
  const keeper = createAttachmentKeeper({ attachments: createAttachmentStore(db.pool), channels, log });
  const keepAttachments = () => void keeper().then(fetching.over, fetching.met);
  const receiver = composeConversation(db, content, {
    secret,
    send: (replies) =>
      void outbound.deliverer.sendClaimed(replies).catch((error) => log.error('Replies could not be sent', {}, error)),
    committed: (write, before) => {
      if (before.channel === 'slack' && changesHome(write, before)) slack?.refreshHome(before.key);
      if (write.wanted.length > 0) keepAttachments();
    },
    log,
  });
  stops.add(() => receiver.idle());
  const health = createHealth({ ...looking, intake: receiver.trouble });
  const web = createWeb({ ...(telegram && { telegram }), ...(slack && { slack }), health });
  const server = await listen(web, config.host, config.port);
  stops.add(() => server.close());
  for (const channel of channels.values()) {
    await channel.start(receiver.receive, receiver.keepUnreadable);
    stops.add(() => channel.stop());
    await announceCommands(channel, content, log);
  }
  const trouble = createTrouble(log, { begins: 'The inbound sweep fails', ends: 'The inbound sweep works again' });
  const tick = (waitingForSeconds: number) => {
    void receiver.tick(waitingForSeconds).then(trouble.over, trouble.met);
    keepAttachments();
  };
  tick(0);
  const timer = setInterval(() => tick(LEFT_BEHIND_SECONDS), 2000);
  stops.add(async () => clearInterval(timer));
  stops.add(keepLooking(spoken, view, log));
  log.info('Hearback is up', {
    port: portOf(server),
    role: config.role,
    channels: [...channels.keys()].join(', ') || 'none',
  });
  return { url: server.url, core, stop: stops.run };
}

const announceCommands = (channel: Channel, { commands }: Content, log: Log): Promise<void> =>
  channel
    .announceCommands(commands())
    .catch((error) => log.warn('Commands could not be registered', { channel: channel.name }, error));

const LOOK_EVERY_MS = 2000;

/** What is applied, saved, or put in force by another process is so here within seconds. Gives what ends it. */
function keepLooking(spoken: LiveScript, view: ProcessView, log: Log): () => Promise<void> {
  let underWay: Promise<unknown> | null = null;
  const look = () => Promise.all([view.processContext(), spoken.look()]);
  // A database that is away is told of by those who wait for it.
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

/** Telegram gives updates to one at a time: of all processes on this database, to whoever holds the lock. */
function poller(config: Config, db: Database, stops: Stops): () => Promise<boolean> {
  const leader = createLeader(db.url, `telegram-poll:${config.telegram?.botToken.split(':')[0]}`);
  stops.add(() => leader.close());
  return () => leader.holds();
}

const portOf = ({ url }: { url: string }): number => Number(new URL(url).port);
