import type { Clock } from '../domain/clock.ts';

export type Pause = (ms: number) => Promise<void>;
export const systemPause: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A timer this much late may be made up for; more would squeeze two stretches of time into one. It stays below what
 * `safeRate` leaves free in each second: 10 ms of slow rates, 30 ms of fast ones.
 */
const makeUpMs = (gapMs: number): number => (gapMs > 10 ? 8 : 20);
/** How long a lane sleeps before it looks again for a stretch that begins earlier. */
const NAP_MS = 20;

interface Stretch {
  start: number;
  gapMs: number;
  fires: (() => void)[];
  done: () => void;
}

interface Lane {
  waiting: Stretch[];
  next: number;
  running: boolean;
}

export interface Pacer {
  /** Calls the functions evenly from `start` (by the clock) on; resolves after the last call. */
  run(key: string, start: number, gapMs: number, fires: (() => void)[]): Promise<void>;
  /** Something else went before them: the next call comes so much later. */
  yieldTo(key: string, ms: number): void;
}

/**
 * The rate gate hands out stretches of time; this keeps a late timer or a slow claim from firing two stretches at once,
 * which a platform that counts by the second would answer with a 429.
 */
export function createPacer(clock: Clock, pause: Pause = systemPause): Pacer {
  const lanes = new Map<string, Lane>();

  async function work(lane: Lane): Promise<void> {
    lane.running = true;
    for (let first = earliest(lane); first; first = earliest(lane)) {
      const at = Math.max(first.start, lane.next);
      const early = at - clock();
      if (early >= 1) await pause(Math.min(early, NAP_MS));
      else fireOne(lane, first, at, clock());
    }
    lane.running = false;
  }

  return {
    yieldTo(key, ms) {
      const lane = lanes.get(key);
      if (lane) lane.next = Math.max(lane.next, clock()) + ms;
    },
    run(key, start, gapMs, fires) {
      if (fires.length === 0) return Promise.resolve();
      const lane = lanes.get(key) ?? { waiting: [], next: 0, running: false };
      lanes.set(key, lane);
      return new Promise((resolve) => {
        lane.waiting.push({ start, gapMs, fires: [...fires].reverse(), done: resolve });
        if (!lane.running) void work(lane);
      });
    },
  };
}

function fireOne(lane: Lane, stretch: Stretch, at: number, now: number): void {
  lane.next = Math.max(at, now - makeUpMs(stretch.gapMs)) + stretch.gapMs;
  stretch.start = at + stretch.gapMs;
  stretch.fires.pop()?.();
  if (stretch.fires.length > 0) return;
  lane.waiting.splice(lane.waiting.indexOf(stretch), 1);
  stretch.done();
}

function earliest(lane: Lane): Stretch | undefined {
  let first = lane.waiting[0];
  for (const stretch of lane.waiting) if (first && stretch.start < first.start) first = stretch;
  return first;
}

/**
 * What to ask of the gate for a platform's limit: a little less, because answers take unequal time on the way and a
 * platform counts arrivals. Thirty arrivals may then bunch by 10 ms, a thousand by 30 ms, without a refusal.
 */
export const safeRate = (perSecond: number): number => perSecond * (perSecond >= 100 ? 0.97 : 0.99);

/** Rows claimed at once: a twentieth of a second's worth, so that few are in doubt when a process dies. */
export const chunkFor = (perSecond: number): number => Math.min(100, Math.max(1, Math.round(perSecond / 20)));

const BOTH_WITHIN_MS = 1000;
/** How long the answer of the call that went ahead is waited for, and how soon the others ask again. */
const AHEAD_MS = 1000;
const BEHIND_MS = 200;

export interface Brakes {
  /** Milliseconds to wait, 0: go. After a silence one call goes ahead; the others wait for its answer. */
  ask(key: string): number;
  /**
   * A chat was refused for so long; true when the platform means the whole bot: two chats within one second, or the call
   * that went ahead. A chat that was the last to be refused by itself proves nothing of the others: another goes ahead.
   */
  hit(key: string, address: string, ms: number): boolean;
  /** The platform answered something else than "slow down". */
  passed(key: string): void;
  block(key: string, ms: number): void;
}

interface Silence {
  until: number;
  aheadSince: number | null;
}

export function createBrakes(clock: Clock): Brakes {
  const silences = new Map<string, Silence>();
  const last = new Map<string, { address: string; at: number }>();
  const alone = new Map<string, string>();
  const block = (key: string, ms: number) =>
    void silences.set(key, { until: Math.max(silences.get(key)?.until ?? 0, clock() + ms), aheadSince: null });
  const isOver = (silence?: Silence): boolean => silence !== undefined && silence.until <= clock();
  return {
    block,
    ask(key) {
      const silence = silences.get(key);
      if (!silence) return 0;
      const now = clock();
      if (!isOver(silence)) return silence.until - now;
      if (silence.aheadSince !== null && now - silence.aheadSince < AHEAD_MS) return BEHIND_MS;
      silence.aheadSince = now;
      return 0;
    },
    hit(key, address, ms) {
      const before = last.get(key);
      const now = clock();
      last.set(key, { address, at: now });
      const both = before !== undefined && before.address !== address && now - before.at < BOTH_WITHIN_MS;
      const silence = silences.get(key);
      const whole = both || (isOver(silence) && alone.get(key) !== address);
      if (!both) alone.set(key, address);
      if (whole) block(key, ms);
      else if (silence && isOver(silence)) silence.aheadSince = null;
      return whole;
    },
    passed: (key) => void (isOver(silences.get(key)) && silences.delete(key)),
  };
}

export interface ChatLanes {
  /** Whether what is given now would have to wait. */
  isBusy(chat: string, gapMs: number): boolean;
  /** After everything else to this chat, and not before `gapMs` have passed since the last of it. */
  run<T>(chat: string, gapMs: number, work: () => Promise<T>): Promise<T>;
}

const MOST_REMEMBERED = 10_000;

/** One message at a time to a chat, so that a person reads them in their order. */
export function createChatLanes(clock: Clock, pause: Pause = systemPause): ChatLanes {
  const tails = new Map<string, Promise<unknown>>();
  const lastAt = new Map<string, number>();

  const earlyMs = (chat: string, gapMs: number): number => (lastAt.get(chat) ?? 0) + gapMs - clock();

  async function spaced<T>(chat: string, gapMs: number, work: () => Promise<T>): Promise<T> {
    const early = earlyMs(chat, gapMs);
    if (early > 0) await pause(early);
    try {
      return await work();
    } finally {
      lastAt.delete(chat);
      lastAt.set(chat, clock());
      for (const oldest of lastAt.keys()) {
        if (lastAt.size <= MOST_REMEMBERED) break;
        lastAt.delete(oldest);
      }
    }
  }

  return {
    isBusy: (chat, gapMs) => tails.has(chat) || earlyMs(chat, gapMs) > 0,
    run(chat, gapMs, work) {
      const before = tails.get(chat) ?? Promise.resolve();
      const now = before.then(() => spaced(chat, gapMs, work));
      const tail: Promise<unknown> = now
        .catch(() => undefined)
        .then(() => {
          if (tails.get(chat) === tail) tails.delete(chat);
        });
      tails.set(chat, tail);
      return now;
    },
  };
}
