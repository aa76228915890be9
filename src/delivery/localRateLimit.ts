import type { ChannelName } from '../core/channelName.ts';
import type { Clock } from '../core/clock.ts';

export type Pause = (ms: number) => Promise<void>;
export const systemPause: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * How late a timer may be and still be made up for; more would squeeze two stretches of time into one. It stays below
 * what `safeRate` leaves free in each second: 10 ms of slow rates, 30 ms of fast ones.
 */
const makeUpMs = (gapMs: number): number => (gapMs > 10 ? 8 : 20);
/** How long to sleep before looking again for a stretch that starts earlier. */
const NAP_MS = 20;

interface Stretch {
  start: number;
  gapMs: number;
  fires: (() => void)[];
  done: () => void;
}

interface Schedule {
  waiting: Stretch[];
  next: number;
  running: boolean;
}

export interface LocalRateLimit {
  /** Calls the functions evenly from `start` on (by the clock); resolves after the last call. */
  run(key: string, start: number, gapMs: number, fires: (() => void)[]): Promise<void>;
  /** Delays the next call by so much: something else was sent first. */
  yieldTo(key: string, ms: number): void;
}

/**
 * Spaces the calls of this process evenly. The shared rate limit grants stretches of time to all processes; this keeps
 * a late timer or a slow claim from using two of them at once, which a platform that counts by the second would answer
 * with a 429.
 */
export function createLocalRateLimit(clock: Clock, pause: Pause = systemPause): LocalRateLimit {
  const schedules = new Map<string, Schedule>();

  async function work(schedule: Schedule): Promise<void> {
    schedule.running = true;
    for (let first = earliest(schedule); first; first = earliest(schedule)) {
      const at = Math.max(first.start, schedule.next);
      const early = at - clock();
      if (early >= 1) await pause(Math.min(early, NAP_MS));
      else fireOne(schedule, first, at, clock());
    }
    schedule.running = false;
  }

  return {
    yieldTo(key, ms) {
      const schedule = schedules.get(key);
      if (schedule) schedule.next = Math.max(schedule.next, clock()) + ms;
    },
    run(key, start, gapMs, fires) {
      if (fires.length === 0) return Promise.resolve();
      const schedule = schedules.get(key) ?? { waiting: [], next: 0, running: false };
      schedules.set(key, schedule);
      return new Promise((resolve) => {
        schedule.waiting.push({ start, gapMs, fires: [...fires].reverse(), done: resolve });
        if (!schedule.running) void work(schedule);
      });
    },
  };
}

function fireOne(schedule: Schedule, stretch: Stretch, at: number, now: number): void {
  schedule.next = Math.max(at, now - makeUpMs(stretch.gapMs)) + stretch.gapMs;
  stretch.start = at + stretch.gapMs;
  stretch.fires.pop()?.();
  if (stretch.fires.length > 0) return;
  schedule.waiting.splice(schedule.waiting.indexOf(stretch), 1);
  stretch.done();
}

function earliest(schedule: Schedule): Stretch | undefined {
  let first = schedule.waiting[0];
  for (const stretch of schedule.waiting) if (first && stretch.start < first.start) first = stretch;
  return first;
}

/**
 * A rate a little below the platform's limit: the platform counts arrivals, and calls take unequal time on the way.
 * Thirty arrivals may then bunch by 10 ms, a thousand by 30 ms, without a refusal.
 */
export const safeRate = (perSecond: number): number => perSecond * (perSecond >= 100 ? 0.97 : 0.99);

/** How many rows to claim at once: a twentieth of a second's worth, so that few are in doubt when a process dies. */
export const chunkFor = (perSecond: number): number => Math.min(100, Math.max(1, Math.round(perSecond / 20)));

/** The key under which the shared rate limit counts a channel's calls. */
export const rateLimitKey = (channel: ChannelName): string => `bulk:${channel}`;
