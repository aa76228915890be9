import type { ChannelName } from '../core/channelName.ts';
import type { Clock } from '../core/clock.ts';

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

export interface LocalRateLimit {
  /** Calls the functions evenly from `start` (by the clock) on; resolves after the last call. */
  run(key: string, start: number, gapMs: number, fires: (() => void)[]): Promise<void>;
  /** Something else went before them: the next call comes so much later. */
  yieldTo(key: string, ms: number): void;
}

/**
 * Paces the calls of this process. The shared rate limit hands out stretches of time to all processes; this keeps a late
 * timer or a slow claim from firing two of them at once, which a platform that counts by the second would answer with a 429.
 */
export function createLocalRateLimit(clock: Clock, pause: Pause = systemPause): LocalRateLimit {
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
 * What to ask of the rate limit for a platform's limit: a little less, because answers take unequal time on the way and a
 * platform counts arrivals. Thirty arrivals may then bunch by 10 ms, a thousand by 30 ms, without a refusal.
 */
export const safeRate = (perSecond: number): number => perSecond * (perSecond >= 100 ? 0.97 : 0.99);

/** Rows claimed at once: a twentieth of a second's worth, so that few are in doubt when a process dies. */
export const chunkFor = (perSecond: number): number => Math.min(100, Math.max(1, Math.round(perSecond / 20)));

/** Where the shared rate limit keeps the calls of a channel. */
export const rateLimitKey = (channel: ChannelName): string => `bulk:${channel}`;
