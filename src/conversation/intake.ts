import type { KeepUnreadable, Receive } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { Inbound, Unreadable } from '../core/inbound.ts';
import type { Log } from '../core/log.ts';
import { wellFormed } from '../core/wellFormed.ts';
import type { Inbox } from './inbox.ts';

export interface IntakeParts {
  inbox: Pick<Inbox, 'keep' | 'keepUnreadable'>;
  /** Called with each person for whom something new was stored. */
  kept: (person: string) => void;
  isOutage: (error: unknown) => boolean;
  clock: Clock;
  log: Log;
}

/** Both resolve once the update is stored, now or before, and reject only while the database cannot be reached. */
export interface Intake {
  receive: Receive;
  keepUnreadable: KeepUnreadable;
}

interface Waiting {
  update: Inbound;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const BATCH = 200;
/** The most of one person in a batch when not everything fits: a flood delays only its sender. */
const MOST_OF_ONE = 20;

/** Stores updates as fast as they come: those that arrive while one batch is written form the next. */
export function createIntake(parts: IntakeParts): Intake {
  const { inbox, kept, isOutage, clock, log } = parts;
  const waiting: Waiting[] = [];
  let running = false;

  async function drain(): Promise<void> {
    running = true;
    while (waiting.length > 0) await keep(nextOf(waiting));
    running = false;
  }

  async function keep(batch: Waiting[]): Promise<void> {
    try {
      const fresh = await inbox.keep(batch.map(({ update }) => update));
      for (const { update } of batch) if (fresh.has(update.id)) kept(update.sender.key);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (isOutage(error)) for (const { reject } of batch) reject(error);
      else if (batch.length > 1) for (const one of batch) await keep([one]);
      else if (batch[0]) await keepAsItCame(batch[0], error);
    }
  }

  /**
   * Stores an update unread. Nothing we know of gets here, but if we kept refusing an update, the platform would send
   * no others.
   */
  async function keepAsItCame({ update, resolve, reject }: Waiting, error: unknown): Promise<void> {
    await keepUnreadable({ id: update.id, raw: JSON.stringify(update), error: describe(error) }).then(resolve, reject);
  }

  async function keepUnreadable({ id, raw, error }: Unreadable): Promise<void> {
    log.error('An update could not be read; it is kept as it came', { update: id });
    await inbox.keepUnreadable(storable(id) as string, storable(raw) as string, storable(error) as string);
  }

  function receive(update: Inbound): Promise<void> {
    const at = momentOf(update.at, clock());
    const kept = isStorable(update) ? update : (storable(update) as Inbound);
    return new Promise((resolve, reject) => {
      waiting.push({ update: at === kept.at ? kept : { ...kept, at }, resolve, reject });
      if (!running) queueMicrotask(() => running || void drain());
    });
  }

  return { receive, keepUnreadable };
}

/** Takes the next batch out of everything that waits: each person's first ones, so that their order stays. */
function nextOf(waiting: Waiting[]): Waiting[] {
  if (waiting.length <= BATCH) return waiting.splice(0);
  const counts = new Map<string, number>();
  const [next, left]: [Waiting[], Waiting[]] = [[], []];
  for (const one of waiting) {
    const { key } = one.update.sender;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    (next.length < BATCH && count <= MOST_OF_ONE ? next : left).push(one);
  }
  // They get the room that is left.
  next.push(...left.splice(0, BATCH - next.length));
  waiting.length = 0;
  for (const one of left) waiting.push(one);
  return next;
}

/** A day: the most that a clock may be wrong. An update dated further off counts as coming now. */
const MOST_WRONG_MS = 86_400_000;

const momentOf = (at: number, now: number): number => (at > 0 && at < now + MOST_WRONG_MS ? at : now);

/** Almost everything is well formed, and checking costs less than copying it. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return wellFormed(value) === value;
  if (typeof value !== 'object' || value === null) return true;
  for (const key in value) if (!isStorable(key) || !isStorable((value as Record<string, unknown>)[key])) return false;
  return true;
}

/** The same value with well-formed texts only. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]));
}

/** What is stored with an update that could not be handled. */
export const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown';
