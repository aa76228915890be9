import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Pause, RateLimiter } from './rateLimiter.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

export interface ReplyRateParts {
  rateLimit: SharedRateLimit;
  rateLimiter: RateLimiter;
  /** Of what goes to many: replies go before it, and it makes room for them. */
  bulkKey: string;
  perSecond: number;
  /** Milliseconds for which the platform wants to hear nothing; 0: it listens. */
  silence: () => number;
  clock: Clock;
  pause: Pause;
  log: Log;
}

/** When the calls of replies may go, those of a channel together with those of every other process. */
export interface ReplyRate {
  /**
   * Resolves to true when one call may go, to false when none goes any more. In their order: first those who have begun,
   * then one call of each who has not.
   */
  next(hasBegun: boolean, signal?: AbortSignal): Promise<boolean>;
  /** Counts calls that went out beside those that were asked for. */
  spent(calls: number): void;
  /** Sends away whoever waits, and whoever comes. */
  stop(): void;
}

interface Reserved {
  calls: number;
  start: Promise<number | null>;
}
type Waiter = (go: boolean) => void;

/** How many calls of a quiet second (a third) go at once and are counted afterwards. */
const QUIET_SHARE = 3;
/** Calls that are reserved at once: a tenth of a second's worth. */
const RESERVED_SHARE = 10;
const COUNT_EVERY_MS = 100;
/** The longest that a call waits for the rate limit to take it in. */
const HORIZON_MS = Number.MAX_SAFE_INTEGER;

/** Where the rate limit keeps the calls of a channel's replies. */
export const replyKey = (bulkKey: string): string => `${bulkKey}:replies`;

export function createReplyRate(parts: ReplyRateParts): ReplyRate {
  const { rateLimit, rateLimiter, bulkKey, perSecond, silence, clock, pause, log } = parts;
  const key = replyKey(bulkKey);
  const gapMs = 1000 / perSecond;
  const [begun, fresh]: [Waiter[], Waiter[]] = [[], []];
  const waiting = () => begun.length + fresh.length;
  /** Calls that the rate limit does not know of yet, as replies and as what goes before bulk. */
  const uncounted = { replies: 0, bulk: 0 };
  let counting = false;
  let second = { began: Number.NEGATIVE_INFINITY, calls: 0 };
  let running = false;
  let stopped = false;

  function isQuiet(): boolean {
    const now = clock();
    if (now - second.began >= 1000) second = { began: now, calls: 0 };
    return !running && second.calls < Math.max(1, perSecond / QUIET_SHARE) && silence() === 0;
  }

  function went(calls: number): void {
    second.calls += calls;
    uncounted.bulk += calls;
    rateLimiter.yieldTo(bulkKey, calls * gapMs);
    void count();
  }

  /** Calls that have gone are told to the rate limit together. */
  async function count(): Promise<void> {
    if (counting) return;
    counting = true;
    await pause(COUNT_EVERY_MS);
    counting = false;
    const { replies, bulk } = uncounted;
    Object.assign(uncounted, { replies: 0, bulk: 0 });
    const told = [rateLimit.charge(bulkKey, bulk, perSecond), replies > 0 && rateLimit.charge(key, replies, perSecond)];
    await Promise.all(told).catch((error) => log.debug('Replies could not be counted', { error: String(error.code) }));
  }

  /** The moment from which this many calls may go; null: ask again. Without the database each process keeps the rate for itself. */
  async function reserve(calls: number): Promise<number | null> {
    const before = uncounted.replies;
    uncounted.replies = 0;
    try {
      const { granted, waitMs } = await rateLimit.take(key, before + calls, perSecond, HORIZON_MS);
      if (granted > 0) return clock() + waitMs + before * gapMs;
      uncounted.replies += before;
      await pause(waitMs);
      return null;
    } catch (error) {
      log.debug('Calls of replies could not be reserved', { error: String((error as { code?: string }).code) });
      return clock();
    }
  }

  const atOnce = (): number => Math.min(waiting(), Math.max(1, Math.round(perSecond / RESERVED_SHARE)));

  /** While one stretch is used the next is reserved already. */
  async function work(): Promise<void> {
    running = true;
    let ahead: Reserved | null = null;
    while (waiting() > 0) {
      const isTry = await listened();
      if (waiting() === 0) break;
      const turn: Reserved = isTry ? reserved(1) : (ahead ?? reserved(atOnce()));
      const from = await turn.start;
      ahead = waiting() > turn.calls && !isTry ? reserved(atOnce()) : null;
      if (from !== null) await rateLimiter.run(key, from, gapMs, Array<() => void>(turn.calls).fill(goOne));
    }
    running = false;
  }

  const reserved = (calls: number): Reserved => ({ calls, start: reserve(calls) });

  /** Resolves when the platform listens; whether it had asked for silence: then one call goes ahead. */
  async function listened(): Promise<boolean> {
    let asked = false;
    for (let ms = silence(); ms > 0 && waiting() > 0; ms = silence()) {
      asked = true;
      await pause(ms);
    }
    return asked;
  }

  function goOne(): void {
    const go = begun.shift() ?? fresh.shift();
    if (!go) return;
    went(1);
    go(true);
  }

  function wait(queue: Waiter[], signal?: AbortSignal): Promise<boolean> {
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
      if (!running) void work();
    });
  }

  return {
    async next(hasBegun, signal) {
      if (stopped || signal?.aborted) return false;
      if (!isQuiet()) return wait(hasBegun ? begun : fresh, signal);
      uncounted.replies += 1;
      went(1);
      return true;
    },
    spent(calls) {
      uncounted.replies += calls;
      went(calls);
    },
    stop() {
      stopped = true;
      for (const go of [...begun.splice(0), ...fresh.splice(0)]) go(false);
    },
  };
}
