import type { RunningChannel } from '../channels/kind.ts';
import { channelsIn } from '../channels/registry.ts';
import { watched } from '../channels/watched.ts';
import type { Config } from '../config.ts';
import { createAttachmentKeeper } from '../contributions/keepAttachments.ts';
import { createLiveScript, type readScript } from '../conversation/liveScript.ts';
import { changesHome } from '../conversation/surfaces.ts';
import type { Identity, TurnWrite } from '../conversation/turn.ts';
import { type Channel, SendError } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import { type Ambient, type Clock, systemAmbient } from '../core/clock.ts';
import { createTrouble, type Log } from '../core/log.ts';
import type { Stops } from '../core/shutdown.ts';
import type { Database } from '../store/database.ts';
import { createLeader } from '../store/leader.ts';
import { signingSecret } from '../store/settings.ts';
import type { Base } from './base.ts';
import { type Content, type ConversationWiring, composeContent, composeConversation, viewOf } from './conversation.ts';
import { composeDelivery, type DeliveryParts } from './delivery.ts';
import { openPlanner } from './planner.ts';
import { type Stores, storesOn } from './stores.ts';

/** What the service has from outside of itself. */
export type Around = Ambient &
  Pick<DeliveryParts, 'pause' | 'hurriedGapMs' | 'queueOf'> &
  Pick<ConversationWiring, 'patience'>;

type Script = Awaited<ReturnType<typeof readScript>>;
type Channels = Map<ChannelName, RunningChannel>;

/** What it is set up with, and what ends with it. */
export interface Setup {
  config: Config;
  log: Log;
  stops: Stops;
}

export type ServiceParts = Awaited<ReturnType<typeof composeService>>;

/** The conversations as they are in force, the platforms, the way in and the way out; none of it has begun. */
export async function composeService(core: Base, read: Script, setup: Setup, around: Around = systemAmbient) {
  const { config, log } = setup;
  const { db, queue } = core;
  const { clock, ids, patience } = around;
  const stores = storesOn(db, core.forgetList);
  const secret = await signingSecret(db);
  const view = await viewOf(stores, around);
  const channels: Channels = new Map();
  const introduceAll = () => Promise.all([...channels.values()].map((channel) => introduce(channel, content, log)));
  const spoken = await createLiveScript(read, {
    ...{ scripts: stores.scripts, languages: () => view.lastSeen().languages, log },
    changed: () => void (config.role === 'worker' || introduceAll()),
  });
  const sending = { holdSeconds: config.noticeHoldSeconds, approvalAbove: config.approvalAbove };
  const planner = openPlanner(db, {
    ...{ queue, phrasesIn: spoken.catalog('outreach'), clock, ids, log },
    holdSeconds: sending.holdSeconds,
  });
  // Where a free port is taken, the whole of it is known only when we listen.
  const address = { url: config.publicUrl };
  const reached = { download: downloadFrom(channels), publicUrl: () => address.url };
  const steering = { queue, planner, clock, ids, ...reached, ...sending };
  const content = composeContent({ db, stores }, spoken, view, secret, steering);
  await openChannels(channels, content, db, setup, clock);
  const outbound = composeDelivery({
    ...{ db, stores, redisUrl: config.redisUrl, channels, spoken, secret, planner },
    ...{ approvalAbove: sending.approvalAbove, ...around, log },
  });
  const after = afterTurns(stores, channels, content, log);
  const receiver = composeConversation(stores, content, {
    ...{ secret, clock, ids, patience, log },
    send: (replies) =>
      outbound.deliverer.sendClaimed(replies).catch((error) => log.error('Replies could not be sent', {}, error)),
    used: outbound.marker.mark,
    committed: after.committed,
  });
  return { stores, view, spoken, content, channels, address, planner, outbound, receiver, after };
}

/** Each platform that is set up, loaded when it is needed. */
async function openChannels(
  channels: Channels,
  content: Content,
  db: Database,
  { config, log, stops }: Setup,
  clock: Clock,
): Promise<void> {
  for (const { kind, settings } of channelsIn(config)) {
    const driver = await kind.load();
    const channel = driver.create(settings, {
      ...{ publicUrl: config.publicUrl, surfaces: content.surfaces, clock, log },
      commands: () => content.introduction().commands.map(({ name }) => name),
      leads: (key) => leading(key, db, stops),
    });
    channels.set(channel.name, watched(channel));
  }
}

const downloadFrom = (channels: Channels) => async (channel: ChannelName, ref: string) => {
  const from = channels.get(channel);
  if (!from) throw new SendError('rejected', `${channel} is not set up here`);
  return from.download(ref);
};

/** What a turn that was committed brings about, and the sweep again where a process that has gone left it behind. */
function afterTurns(stores: Stores, channels: Channels, content: Content, log: Log) {
  const keepAttachments = attachmentKeeper(stores, channels, log);
  const tellMembers = memberTelling(content.tellMembers, log);
  const tellWhatWaits = memberTelling(content.tellWhatWaits, log);
  function committed(write: TurnWrite, before: Identity): void {
    if (changesHome(write, before)) channels.get(before.channel)?.refreshHome?.(before.key);
    if (write.wanted.length > 0) keepAttachments();
    if (write.threads.some(({ change }) => change !== 'accepted' && change !== 'ended')) tellMembers();
  }
  function sweep(): void {
    keepAttachments();
    tellMembers();
    tellWhatWaits();
  }
  return { committed, sweep };
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

/** What the platform shows of us, in its menus and beside the chat. */
export const introduce = (channel: Channel, { introduction }: Content, log: Log): Promise<void> =>
  channel
    .introduce(introduction())
    .catch((error) => log.warn('The platform could not be told what it shows of us', { channel: channel.name }, error));

/** Of all processes on this database, the one that holds the lock. */
function leading(key: string, db: Database, stops: Stops): () => Promise<boolean> {
  const leader = createLeader(db.url, key);
  stops.add(() => leader.close());
  return () => leader.holds();
}
