import type { Update } from 'grammy/types';
import { parseUpdate } from '../src/channels/telegram/parse.ts';
import { composeContent, composeConversation as createReceiving, viewOf } from '../src/compose/conversation.ts';
import { composeDelivery } from '../src/compose/delivery.ts';
import { storesOn } from '../src/compose/stores.ts';
import { createFlowRegistry } from '../src/conversation/flow/flowRegistry.ts';
import { readFolder } from '../src/conversation/flow/source/folder.ts';
import { readFlows, scriptOf } from '../src/conversation/flow/source/load.ts';
import type { Flow } from '../src/conversation/flow/source/schema.ts';
import { spokenOf } from '../src/conversation/liveScript.ts';
import type { Channel } from '../src/core/channel.ts';
import { systemAmbient } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import type { Database } from '../src/store/database.ts';

export const SECRET = 'of-the-benchmark';
export const FLOWS = 'flows';

const shippedScript = async () => scriptOf(await readFolder(FLOWS));

export interface Inbound {
  /** Resolves when the update is committed and its reply has arrived; rejects when the reply was refused. */
  take(update: Update): Promise<void>;
  /** Resolves when every outcome is written. */
  idle(): Promise<void>;
}

/** The whole inbound way as the service has it, from the raw update on. */
export async function createInbound(db: Database, flow: Flow, channel: Channel): Promise<Inbound> {
  const arrivals = new Map<string, (error: unknown) => void>();
  function arrived(address: string, error: unknown): void {
    arrivals.get(address)?.(error);
    arrivals.delete(address);
  }
  const { deliverer, queue } = await outbound(db, watched(channel, arrived));
  const { messages, phrasebooks } = await readFlows(FLOWS);
  const spoken = spokenOf({ registry: createFlowRegistry([flow], messages), phrasebooks }, FLOWS, () => ['en']);
  const limits = { holdSeconds: 0, approvalAbove: 10_000_000 };
  const steering = {
    queue,
    planner: IDLE_PLANNER,
    publicUrl: () => 'http://127.0.0.1:3000',
    download: async () => new Uint8Array(),
    ...limits,
    ...systemAmbient,
  };
  const stores = storesOn(db);
  const content = composeContent({ db, stores }, spoken, await viewOf(stores, systemAmbient), SECRET, steering);
  const receiver = createReceiving(stores, content, {
    secret: SECRET,
    send: deliverer.sendClaimed,
    ...systemAmbient,
    log: silentLog,
  });
  async function take(update: Update): Promise<void> {
    const parsed = parseUpdate(update, 4711, Date.now());
    if (!parsed) throw new Error('The benchmark made an update that is none.');
    const { address } = parsed.inbound.sender;
    const reply = new Promise<void>((resolve, reject) => {
      arrivals.set(address, (error) => (error === null ? resolve() : reject(error)));
    });
    await Promise.all([receiver.receive(parsed.inbound), reply]);
  }
  return { take, idle: () => deliverer.idle() };
}

/** No process is applied or published while something is measured. */
export const IDLE_PLANNER = { reconcile: async () => undefined };

/** The outbound way as the service has it, on any channel; its queue lives in the database. */
export const outbound = async (db: Database, channel: Channel) =>
  composeDelivery({
    db,
    stores: storesOn(db),
    redisUrl: null,
    channels: new Map([['telegram', channel]]),
    spoken: spokenOf(await shippedScript(), FLOWS, () => ['en']),
    secret: SECRET,
    planner: IDLE_PLANNER,
    approvalAbove: 10_000_000,
    ...systemAmbient,
    log: silentLog,
  });

function watched(channel: Channel, arrived: (address: string, error: unknown) => void): Channel {
  return {
    ...channel,
    async send(address, message, fromPart) {
      try {
        const refs = await channel.send(address, message, fromPart);
        arrived(address, null);
        return refs;
      } catch (error) {
        // No sweep runs here: what failed once is not tried again, so the measure ends.
        arrived(address, error);
        throw error;
      }
    },
  };
}

/** A platform that takes everything at once. */
export function sinkChannel(arrived: () => void = () => undefined): Channel {
  let last = 0;
  return {
    name: 'telegram',
    limits: { text: 4096, buttonLabel: 64, buttonData: 64, buttons: 100, perSecond: 1_000_000, chatGapMs: 0 },
    async send(address) {
      arrived();
      return [{ chat: address, id: String(++last) }];
    },
    edit: async () => undefined,
    remove: async () => undefined,
    markUsed: async () => undefined,
    shows: () => null,
    link: () => null,
    start: async () => undefined,
    stop: async () => undefined,
    download: async () => new Uint8Array(),
    introduce: async () => undefined,
    identify: async () => undefined,
    trouble: () => null,
  };
}
