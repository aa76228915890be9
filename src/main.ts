import { createHealth } from './app/health.ts';
import { createAttachmentKeeper } from './app/keepAttachments.ts';
import { changesHome } from './app/places.ts';
import { watched } from './app/watch.ts';
import type { Config } from './config.ts';
import { type Core, openCore } from './core.ts';
import type { Channel, ChannelName } from './domain/channel.ts';
import { systemClock } from './domain/clock.ts';
import { createTrouble, type Log } from './domain/log.ts';
import { DEFAULT_PROCESS } from './domain/process.ts';
import { openBook } from './flow/source/load.ts';
import { createContent, createInbound } from './inbound.ts';
import { createOutbound } from './outbound.ts';
import { slackChannel, telegramChannel } from './platforms.ts';
import { useProxy } from './proxy.ts';
import { createStops, type Stops } from './stops.ts';
import { createAttachmentStore } from './store/attachments.ts';
import type { Database } from './store/database.ts';
import { createKeeping } from './store/keeping.ts';
import { createLeader } from './store/leader.ts';
import { signingSecret } from './store/settings.ts';
import { createWeb, listen } from './web/server.ts';

/** What has waited so long was left behind by a process that has gone, or goes on faster with our help. */
const LEFT_BEHIND_SECONDS = 5;

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

async function start(config: Config, log: Log, stops: Stops): Promise<Service> {
  await useProxy(config.proxy);
  const book = await openBook(config.flowsDir);
  const core = await openCore(config, log, { service: true });
  stops.add(core.close);
  const { db } = core;
  const secret = await signingSecret(db);
  const sending = { holdSeconds: config.noticeHoldSeconds, approvalAbove: config.approvalAbove };
  const steering = { queue: core.queue, ...sending };
  const content = await createContent(db, config.flowsDir, book, secret, steering);
  const telegram =
    config.telegram && telegramChannel(config.telegram, config.publicUrl, poller(config, db, stops), log);
  const slack = config.slack && slackChannel(config.slack, content, log);
  const channels = new Map<ChannelName, Channel>();
  for (const channel of [telegram, slack]) if (channel) channels.set(channel.name, watched(channel));
  for (const channel of channels.values()) {
    stops.add(() => channel.stop());
    await channel.identify();
  }
  const { languages } = (await core.processes.current()) ?? DEFAULT_PROCESS;
  const { redisUrl, flowsDir } = config;
  const outbound = await createOutbound({ db, redisUrl, channels, languages, flowsDir, secret, ...sending, log });
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
    log.info('Hearback is up', { port: portOf(server), role: config.role });
    return { url: server.url, core, stop: stops.run };
  }
  const fetching = createTrouble(log, { begins: 'Files cannot be fetched now', ends: 'Files are fetched again' });
  const keeper = createAttachmentKeeper({ attachments: createAttachmentStore(db.pool), channels, log });
  const keepAttachments = () => void keeper().then(fetching.over, fetching.met);
  const receiver = createInbound(db, content, {
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
    await channel
      .announceCommands(content.commands)
      .catch((error) => log.warn('Commands could not be registered', { channel: channel.name }, error));
  }
  const trouble = createTrouble(log, { begins: 'The inbound sweep fails', ends: 'The inbound sweep works again' });
  const tick = (waitingForSeconds: number) => {
    void receiver.tick(waitingForSeconds).then(trouble.over, trouble.met);
    keepAttachments();
  };
  tick(0);
  const timer = setInterval(() => tick(LEFT_BEHIND_SECONDS), 2000);
  stops.add(async () => clearInterval(timer));
  log.info('Hearback is up', {
    port: portOf(server),
    role: config.role,
    channels: [...channels.keys()].join(', ') || 'none',
  });
  return { url: server.url, core, stop: stops.run };
}

/** Telegram gives updates to one at a time: of all processes on this database, to whoever holds the lock. */
function poller(config: Config, db: Database, stops: Stops): () => Promise<boolean> {
  const leader = createLeader(db.url, `telegram-poll:${config.telegram?.botToken.split(':')[0]}`);
  stops.add(() => leader.close());
  return () => leader.holds();
}

const portOf = ({ url }: { url: string }): number => Number(new URL(url).port);
