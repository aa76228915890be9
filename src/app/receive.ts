import type { Ids } from '../domain/clock.ts';
import type { Inbound } from '../domain/inbound.ts';
import type { Log } from '../domain/log.ts';
import type { ClaimedReply } from '../domain/ports.ts';
import type { Committed, Known, TurnStore, TurnWrite } from '../domain/turn.ts';

export interface ReceiveParts {
  turns: TurnStore;
  /** The turn of one update on one identity; pure but for what it reads. */
  turn: (inbound: Inbound, known: Known) => Promise<TurnWrite>;
  /** Deals with what is nobody's turn, and says whether it was that; the same update twice does no harm. */
  aside?: (inbound: Inbound) => Promise<boolean>;
  send: (replies: ClaimedReply[]) => void;
  /** Told once of each turn that was committed. */
  committed?: (write: TurnWrite, before: Known) => void;
  isOutage: (error: unknown) => boolean;
  ids: Ids;
  log: Log;
}

export interface Receiver {
  /** Resolves after commit. Rejects only while the database is not there: then nothing was recorded. */
  receive(inbound: Inbound): Promise<void>;
  /** Tries again what a fault of ours had put aside; for the sweep. */
  retryFailed(): Promise<number>;
  idle(): Promise<void>;
}

interface Waiting {
  inbound: Inbound;
  /** A failure is put aside only once: a retry that fails again counts up the same row. */
  resolve: () => void;
  reject: (error: unknown) => void;
  stale: number;
}

const BATCH = 100;
const BATCHES_AT_ONCE = 3;
const MOST_STALE = 20;

/**
 * Takes updates in as fast as they come: whatever has gathered while the last batch was being committed goes as one
 * batch, at most one update a person; a person's updates keep their order.
 */
export function createReceiver(parts: ReceiveParts): Receiver {
  const waiting: Waiting[] = [];
  const busy = new Set<string>();
  const running = new Set<Promise<void>>();

  function receive(inbound: Inbound): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.push({ inbound, resolve, reject, stale: 0 });
      if (running.size === 0) queueMicrotask(pump);
      else pump();
    });
  }

  function pump(): void {
    while (running.size < BATCHES_AT_ONCE) {
      const batch = nextBatch(waiting, busy);
      if (batch.length === 0) return;
      for (const { inbound } of batch) busy.add(inbound.sender.key);
      const work: Promise<void> = runBatch(batch).finally(() => {
        for (const { inbound } of batch) busy.delete(inbound.sender.key);
        running.delete(work);
        pump();
      });
      running.add(work);
    }
  }

  async function runBatch(batch: Waiting[]): Promise<void> {
    try {
      const again = await handle(batch);
      // A stale one goes back to the front: its person's later updates must not overtake it.
      waiting.unshift(...again);
    } catch (error) {
      if (parts.isOutage(error)) refuse(batch, error);
      else if (batch.length > 1) for (const item of batch) await runBatch([item]);
      else if (batch[0]) await putAside(batch[0], error);
    }
  }

  /** With them goes what these people sent after: the platform repeats it all, and must not be overtaken by itself. */
  function refuse(batch: Waiting[], error: unknown): void {
    const people = new Set(batch.map(({ inbound }) => inbound.sender.key));
    const later = waiting.filter(({ inbound }) => people.has(inbound.sender.key));
    waiting.splice(0, waiting.length, ...waiting.filter((item) => !later.includes(item)));
    for (const item of [...batch, ...later]) item.reject(error);
  }

  /** What is left of a batch when nobody's turns are done with. */
  async function turnsOf(batch: Waiting[]): Promise<Waiting[]> {
    const { aside } = parts;
    if (!aside) return batch;
    const done = await Promise.all(batch.map(({ inbound }) => aside(inbound)));
    for (const { inbound, resolve } of batch.filter((_, index) => done[index])) {
      await parts.turns.forgetFailure(inbound.id);
      resolve();
    }
    return batch.filter((_, index) => !done[index]);
  }

  async function handle(all: Waiting[]): Promise<Waiting[]> {
    const batch = await turnsOf(all);
    if (batch.length === 0) return [];
    const senders = batch.map(({ inbound }) => inbound.sender);
    const known = await parts.turns.load(senders, () => parts.ids.uuid());
    const writes = await Promise.all(
      batch.map(({ inbound }) => {
        const identity = known.get(inbound.sender.key);
        return identity && parts.turn(inbound, identity);
      }),
    );
    const made = writes.filter((write) => write !== undefined);
    const outcomes = await parts.turns.commit(made);
    return settle(batch, made, outcomes, known);
  }

  function settle(
    batch: Waiting[],
    writes: TurnWrite[],
    outcomes: Map<string, Committed>,
    known: Map<string, Known>,
  ): Waiting[] {
    const again: Waiting[] = [];
    const replies: ClaimedReply[] = [];
    const written = new Map(writes.map((write) => [write.updateId, write]));
    for (const item of batch) {
      const outcome = outcomes.get(item.inbound.id) ?? { kind: 'stale' };
      const write = written.get(item.inbound.id);
      if (outcome.kind === 'stale') {
        if (++item.stale > MOST_STALE) item.reject(new Error('This person is being handled elsewhere without end.'));
        else again.push(item);
        continue;
      }
      const before = known.get(item.inbound.sender.key);
      if (outcome.kind === 'done' && write && before) parts.committed?.(write, before);
      if (outcome.kind === 'done' && outcome.deliveryId && write) {
        const channel = before?.channel ?? item.inbound.sender.channel;
        replies.push({
          id: outcome.deliveryId,
          identityId: write.identityId,
          channel,
          address: write.address,
          lease: write.lease,
          messages: write.messages,
        });
      }
      item.resolve();
    }
    if (replies.length > 0) parts.send(replies);
    return again;
  }

  async function putAside(item: Waiting, error: unknown): Promise<void> {
    parts.log.error('An update could not be handled; it is kept and tried again', { update: item.inbound.id }, error);
    try {
      const what = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown';
      await parts.turns.recordFailure(item.inbound, what);
      item.resolve();
    } catch (outage) {
      item.reject(outage);
    }
  }

  async function retryFailed(): Promise<number> {
    const failed = await parts.turns.takeFailed(50);
    await Promise.allSettled(failed.map(({ inbound }) => receive(inbound)));
    return failed.length;
  }

  async function idle(): Promise<void> {
    while (running.size > 0 || waiting.length > 0) await Promise.allSettled([...running]);
  }

  return { receive, retryFailed, idle };
}

/** The oldest waiting updates, one a person, none of a person who is being handled. Removes them from the list. */
function nextBatch(waiting: Waiting[], busy: ReadonlySet<string>): Waiting[] {
  const batch: Waiting[] = [];
  const taken = new Set<string>();
  const left: Waiting[] = [];
  for (const item of waiting) {
    const { key } = item.inbound.sender;
    if (batch.length < BATCH && !busy.has(key) && !taken.has(key)) batch.push(item);
    else left.push(item);
    taken.add(key);
  }
  if (batch.length > 0) waiting.splice(0, waiting.length, ...left);
  return batch;
}
