import type { Clock } from '../core/clock.ts';
import { type Pause, systemPause } from './localRateLimit.ts';

export interface PerChatQueue {
  /** Whether something that is added now would have to wait. */
  isBusy(chat: string, gapMs: number): boolean;
  /** Runs after everything else for this chat, and at least `gapMs` after the last of it. */
  run<T>(chat: string, gapMs: number, work: () => Promise<T>): Promise<T>;
}

const MOST_REMEMBERED = 10_000;

/** Sends one message at a time to each chat, so that people read them in order. */
export function createPerChatQueue(clock: Clock, pause: Pause = systemPause): PerChatQueue {
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
