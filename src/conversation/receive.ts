import type { Ids } from '../core/clock.ts';
import type { Inbound } from '../core/inbound.ts';
import { createTrouble, type Log } from '../core/log.ts';
import { within } from '../core/time.ts';
import type { ClaimedReply } from '../delivery/ports.ts';
import { describe } from './intake.ts';
import { createPersonQueue } from './personQueue.ts';
import type { Committed, Due, Identity, Inbox, TurnStore, TurnWrite } from './turn.ts';

export interface ReceiveParts {
  inbox: Inbox;
  turns: Pick<TurnStore, 'commit'>;
  /** The turn of one update on one identity; pure but for what it reads. */
  turn: (inbound: Inbound, known: Identity) => Promise<TurnWrite>;
  /** Deals with what is nobody's turn, and says whether it was that; the same update twice does no harm. */
  aside?: (inbound: Inbound) => Promise<boolean>;
  send: (replies: ClaimedReply[]) => void;
  /** Told once of each turn that was committed. */
  committed?: (write: TurnWrite, before: Identity) => void;
  isOutage: (error: unknown) => boolean;
  ids: Ids;
  log: Log;
  /** Nobody else waits for what takes longer than `lateMs`; after `hangingMs` it is put aside. */
  patience?: { lateMs: number; hangingMs: number };
}

export interface Receiver {
  /** Something waits of this person. */
  wake(person: string): void;
  /** Wakes those for whom something has waited at least so long; what had failed waits again when its time has come. */
  sweep(seconds: number): Promise<void>;
  /** Resolves when nothing is in hand; handlers that are late are not waited for. */
  idle(): Promise<void>;
}

/** One update in hand; its person is busy until it is let go of. */
interface Item extends Due {
  person: string;
}
interface Made {
  item: Item;
  write: TurnWrite;
  before: Identity;
}

const PATIENCE = { lateMs: 250, hangingMs: 30_000 };
const MOST_SWEPT = 1_000;
const MOST_TAKEN_UP = 50;

/**
 * Handles what waits in the inbox: each person's updates in their order, one at a time, many people in one statement.
 * Whoever sends a flood, or something that fails or hangs, delays only themselves.
 */
export function createReceiver(parts: ReceiveParts): Receiver {
  const { inbox, isOutage, log, patience = PATIENCE } = parts;
  const people = createPersonQueue(handle);
  const trouble = createTrouble(log, { begins: 'Updates cannot be handled now', ends: 'Updates are handled again' });

  /** Never rejects: what could not be handled waits in the inbox, and the sweep comes back to it. */
  async function handle(keys: string[]): Promise<void> {
    try {
      const due = await inbox.next(keys, () => parts.ids.uuid());
      trouble.over();
      await handleItems(due.map((one) => ({ ...one, person: one.inbound.sender.key })));
      const found = new Set(due.map(({ inbound }) => inbound.sender.key));
      for (const key of keys) if (!found.has(key)) people.letGo(key, false);
    } catch (error) {
      if (keys.length > 1 && !isOutage(error)) for (const key of keys) await handle([key]);
      else for (const key of keys) await giveUp(key, error, (why) => inbox.putAsideNext(key, why));
    }
  }

  /** Commits together what is made in time. */
  async function handleItems(items: Item[]): Promise<void> {
    const made: Made[] = [];
    let closed = false;
    const works = items.map(async (item) => {
      const one = await make(item);
      if (one && closed) await commit([one]);
      else if (one) made.push(one);
    });
    await within(Promise.all(works), patience.lateMs);
    closed = true;
    await commit(made);
  }

  /** Null where there is nothing to commit. */
  async function make(item: Item): Promise<Made | null> {
    try {
      const made = await within(writeOf(item), patience.hangingMs);
      if (made !== 'late') return made;
      await giveUpOn(item, new Error(`Its handler has not finished within ${patience.hangingMs / 1000} seconds.`));
    } catch (error) {
      await giveUpOn(item, error);
    }
    return null;
  }

  async function writeOf(item: Item): Promise<Made | null> {
    const { inbound, known, person, more } = item;
    if (await parts.aside?.(inbound)) {
      await inbox.finish(inbound.id);
      people.letGo(person, more);
    } else if (known) return { item, write: await parts.turn(inbound, known), before: known };
    else people.again(person);
    return null;
  }

  async function commit(made: Made[]): Promise<void> {
    if (made.length === 0) return;
    try {
      settle(made, await parts.turns.commit(made.map(({ write }) => write)));
    } catch (error) {
      if (made.length > 1 && !isOutage(error)) for (const one of made) await commit([one]);
      else for (const { item } of made) await giveUpOn(item, error);
    }
  }

  function settle(made: Made[], outcomes: Map<string, Committed>): void {
    const replies: ClaimedReply[] = [];
    for (const { item, write, before } of made) {
      const outcome = outcomes.get(write.updateId) ?? { kind: 'stale' };
      if (outcome.kind === 'stale') {
        people.again(item.person);
        continue;
      }
      if (outcome.kind === 'done') {
        parts.committed?.(write, before);
        if (outcome.deliveryId) replies.push(replyOf(outcome.deliveryId, write, before));
      }
      people.letGo(item.person, item.more || outcome.kind === 'known');
    }
    if (replies.length > 0) parts.send(replies);
  }

  const giveUpOn = ({ inbound, person }: Item, error: unknown): Promise<void> =>
    giveUp(person, error, async (why) => {
      log.error('An update could not be handled; it is kept and tried again', { update: inbound.id }, error);
      await inbox.putAside(inbound.id, why);
    });

  /** While the database is away everything waits where it is. */
  async function giveUp(person: string, error: unknown, putAside: (why: string) => Promise<void>): Promise<void> {
    if (isOutage(error)) {
      trouble.met(error);
      return people.letGo(person, false);
    }
    const done = await putAside(describe(error)).then(
      () => true,
      (outage) => void trouble.met(outage),
    );
    people.letGo(person, done === true);
  }

  async function sweep(seconds: number): Promise<void> {
    await inbox.takeUp(MOST_TAKEN_UP);
    for (const person of await inbox.waitingFor(seconds, MOST_SWEPT)) people.wake(person);
  }

  return { wake: people.wake, sweep, idle: people.idle };
}

const replyOf = (id: string, write: TurnWrite, { channel }: Identity): ClaimedReply => {
  const { identityId, address, lease, messages, pacing } = write;
  return { id, identityId, channel, address, lease, messages, pacedUntil: pacing.until };
};
