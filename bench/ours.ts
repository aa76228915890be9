import { randomBytes } from 'node:crypto';
import type { Update } from 'grammy/types';
import { createConversation } from '../src/app/conversation.ts';
import { createDeliverer } from '../src/app/deliver.ts';
import { detectLanguage } from '../src/app/language.ts';
import { createLibrary } from '../src/app/library.ts';
import { createReceiver } from '../src/app/receive.ts';
import { createProcessView } from '../src/app/surroundings.ts';
import { parseUpdate } from '../src/channels/telegram/parse.ts';
import type { Channel } from '../src/domain/channel.ts';
import { systemClock, systemIds } from '../src/domain/clock.ts';
import { silentLog } from '../src/domain/log.ts';
import type { ClaimedReply } from '../src/domain/ports.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../src/domain/process.ts';
import { createBook } from '../src/flow/book.ts';
import type { Flow } from '../src/flow/source/schema.ts';
import { type Database, isOutage } from '../src/store/database.ts';
import { createDeliveries } from '../src/store/deliveries.ts';
import { createFlowVersions } from '../src/store/flows.ts';
import { createGate } from '../src/store/gate.ts';
import { createOwnContributions } from '../src/store/own.ts';
import { createProcesses } from '../src/store/processes.ts';
import { createTurnStore } from '../src/store/turns.ts';
import { shippedMessages } from './dialogue.ts';

export interface Inbound {
  /** Resolves when the update is committed and its reply has arrived; rejects when the reply was refused. */
  take(update: Update): Promise<void>;
  /** Resolves when every outcome is written. */
  idle(): Promise<void>;
}

/** The whole inbound way as `src/main.ts` wires it, from the raw update on. */
export async function createInbound(db: Database, flow: Flow, channel: Channel): Promise<Inbound> {
  const arrivals = new Map<string, (error: unknown) => void>();
  function arrived(address: string, error: unknown): void {
    arrivals.get(address)?.(error);
    arrivals.delete(address);
  }
  const deliverer = createDeliverer({
    deliveries: createDeliveries(db.pool),
    gate: createGate(db.pool),
    channels: new Map([['telegram', watched(channel, arrived)]]),
    render: async () => new Map(),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
  });
  const receiver = createReceiver({
    turns: createTurnStore(db.pool),
    turn: await conversation(db, flow),
    send: (replies: ClaimedReply[]) => void deliverer.sendClaimed(replies),
    isOutage,
    clock: systemClock,
    ids: systemIds,
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

async function conversation(db: Database, flow: Flow) {
  const random = () => randomBytes(6).toString('base64url');
  const view = createProcessView(createProcesses<ProcessDefinition>(db), DEFAULT_PROCESS, systemClock, random);
  const library = await createLibrary(createBook([flow], await shippedMessages()), createFlowVersions(db.pool));
  return createConversation({
    library,
    surroundings: view.surroundings,
    phrase: (key) => key,
    show: async () => [],
    turns: createTurnStore(db.pool),
    own: createOwnContributions(db.pool),
    detect: detectLanguage,
    secret: 'of-the-benchmark',
    ids: systemIds,
    clock: systemClock,
  });
}

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
    start: async () => undefined,
    stop: async () => undefined,
    download: async () => new Uint8Array(),
    announceCommands: async () => undefined,
  };
}
