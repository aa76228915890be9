import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { LocalRateLimit, Pause } from './localRateLimit.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

export interface ReplyRateParts {
  rateLimit: SharedRateLimit;
  localRateLimit: LocalRateLimit;
  /** The key of bulk messages: replies go before them, and bulk makes room. */
  bulkKey: string;
  perSecond: number;
  /** Milliseconds for which the platform still wants no calls; 0: it takes them. */
  silence: () => number;
  clock: Clock;
  pause: Pause;
  log: Log;
}

/** Says when the calls of replies may go: a channel's rate is shared with every other process. */
export interface ReplyRate {
  /**
   * Resolves to true when one call may go, to false once none may go any more. Replies that have begun go first, then
   * the others, each in their order.
   */
  next(hasBegun: boolean, signal?: AbortSignal): Promise<boolean>;
  /** Counts calls that were made beyond those that were asked for. */
  spent(calls: number): void;
  /** Answers false to everybody who waits or asks from now on. */
  stop(): void;
}

interface Reserved {
  calls: number;
  start: Promise<number | null>;
}
type Waiter = (go: boolean) => void;

/** The share of a second's calls (a third) that may go at once and are counted afterwards. */
const QUIET_SHARE = 3;
/** How many calls are reserved at once: a tenth of a second's worth. */
const RESERVED_SHARE = 10;
const COUNT_EVERY_MS = 100;
/** How far ahead a reply's call may be reserved: without limit. */
const HORIZON_MS = Number.MAX_SAFE_INTEGER;

/** The key under which the rate limit counts the calls of a channel's replies. */
export const replyKey = (bulkKey: string): string => `${bulkKey}:replies`;

export function createReplyRate(parts: ReplyRateParts): ReplyRate {
  const queue = createReplyQueue();
  const tally = createTally(parts);
  const stretches = createStretches(parts, queue, tally);
  return {
    async next(hasBegun, signal) {
      if (queue.isStopped() || signal?.aborted) return false;
      if (!tally.isQuiet() || stretches.isRunning()) {
        const turn = queue.wait(hasBegun, signal);
        stretches.run();
        return turn;
      }
      tally.uncounted.replies += 1;
      tally.went(1);
      return true;
    },
    spent(calls) {
      tally.uncounted.replies += calls;
      tally.went(calls);
    },
    stop: queue.stop,
  };
}

type ReplyQueue = ReturnType<typeof createReplyQueue>;

/** Replies that wait for a call: first those that have begun, then the others, each in their order. */
function createReplyQueue() {
  const [begun, fresh]: [Waiter[], Waiter[]] = [[], []];
  let stopped = false;
  return {
    waiting: () => begun.length + fresh.length,
    isStopped: () => stopped,
    /** The next one; undefined where none waits. */
    shift: () => begun.shift() ?? fresh.shift(),
    wait(hasBegun: boolean, signal?: AbortSignal): Promise<boolean> {
      const queue = hasBegun ? begun : fresh;
      return new Promise((resolve) => {
        const answer = (granted: boolean) => {
          signal?.removeEventListener('abort', leave);
          resolve(granted);
        };
        const leave = () => {
          const at = queue.indexOf(answer);
          if (at >= 0) queue.splice(at, 1);
          answer(false);
        };
        queue.push(answer);
        signal?.addEventListener('abort', leave);
      });
    },
    stop() {
      stopped = true;
      for (const go of [...begun.splice(0), ...fresh.splice(0)]) go(false);
    },
  };
}

type Tally = ReturnType<typeof createTally>;

/** Calls that were made and that the shared rate limit does not know of yet; they are reported together. */
function createTally({ rateLimit, localRateLimit, bulkKey, perSecond, silence, clock, pause, log }: ReplyRateParts) {
  const key = replyKey(bulkKey);
  /** As replies, and as calls that bulk has to make room for. */
  const uncounted = { replies: 0, bulk: 0 };
  let counting = false;
  let second = { began: Number.NEGATIVE_INFINITY, calls: 0 };

  async function count(): Promise<void> {
    if (counting) return;
    counting = true;
    await pause(COUNT_EVERY_MS);
    counting = false;
    const { replies, bulk } = uncounted;
    Object.assign(uncounted, { replies: 0, bulk: 0 });
    const counted = [
      rateLimit.charge(bulkKey, bulk, perSecond),
      replies > 0 && rateLimit.charge(key, replies, perSecond),
    ];
    await Promise.all(counted).catch((error) =>
      log.debug('Replies could not be counted', { error: String(error.code) }),
    );
  }

  return {
    uncounted,
    /** Whether a call may go at once, and be counted afterwards. */
    isQuiet(): boolean {
      const now = clock();
      if (now - second.began >= 1000) second = { began: now, calls: 0 };
      return second.calls < Math.max(1, perSecond / QUIET_SHARE) && silence() === 0;
    },
    went(calls: number): void {
      second.calls += calls;
      uncounted.bulk += calls;
      localRateLimit.yieldTo(bulkKey, (calls * 1000) / perSecond);
      void count();
    },
  };
}

/** When more replies wait than may go at once: reserves stretches of time and uses them one after the other. */
function createStretches(parts: ReplyRateParts, queue: ReplyQueue, tally: Tally) {
  const { localRateLimit, bulkKey, perSecond } = parts;
  let running = false;
  const atOnce = (): number => Math.min(queue.waiting(), Math.max(1, Math.round(perSecond / RESERVED_SHARE)));
  const reserved = (calls: number): Reserved => ({ calls, start: reserve(calls, tally, parts) });

  function goOne(): void {
    const go = queue.shift();
    if (!go) return;
    tally.went(1);
    go(true);
  }

  /** Reserves the next stretch while the current one is used. */
  async function work(): Promise<void> {
    running = true;
    let ahead: Reserved | null = null;
    while (queue.waiting() > 0) {
      const isTry = await listened(queue, parts);
      if (queue.waiting() === 0) break;
      const turn: Reserved = isTry ? reserved(1) : (ahead ?? reserved(atOnce()));
      const from = await turn.start;
      ahead = queue.waiting() > turn.calls && !isTry ? reserved(atOnce()) : null;
      if (from === null) continue;
      const fires = Array<() => void>(turn.calls).fill(goOne);
      await localRateLimit.run(replyKey(bulkKey), from, 1000 / perSecond, fires);
    }
    running = false;
  }

  return {
    isRunning: () => running,
    run(): void {
      if (!running) void work();
    },
  };
}

/**
 * The time from which this many calls may go; null: ask again. Without the database each process keeps the rate on its
 * own.
 */
async function reserve(calls: number, { uncounted }: Tally, parts: ReplyRateParts): Promise<number | null> {
  const { rateLimit, bulkKey, perSecond, clock, pause, log } = parts;
  const before = uncounted.replies;
  uncounted.replies = 0;
  try {
    const { granted, waitMs } = await rateLimit.take(replyKey(bulkKey), before + calls, perSecond, HORIZON_MS);
    if (granted > 0) return clock() + waitMs + (before * 1000) / perSecond;
    uncounted.replies += before;
    await pause(waitMs);
    return null;
  } catch (error) {
    log.debug('Calls of replies could not be reserved', { error: String((error as { code?: string }).code) });
    return clock();
  }
}

/** Resolves when the platform takes calls; true when it had asked for silence: then one trial call goes ahead. */
async function listened(queue: ReplyQueue, { silence, pause }: ReplyRateParts): Promise<boolean> {
  let asked = false;
  for (let ms = silence(); ms > 0 && queue.waiting() > 0; ms = silence()) {
    asked = true;
    await pause(ms);
  }
  return asked;
}
