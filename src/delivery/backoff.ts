import type { Clock } from '../core/clock.ts';

const BOTH_WITHIN_MS = 1000;

/** How long the others wait for the answer to the trial call. */
const AHEAD_MS = 1000;

const BEHIND_MS = 200;

export interface Backoff {
  /** Milliseconds to wait; 0: go. After a silence one trial call goes ahead and the others wait for its answer. */
  ask(key: string): number;
  /**
   * Notes that a call was refused for so long. True when the limit is the whole bot's: two chats were refused within
   * one second, or the trial call was. If the trial goes to the chat that was refused last, it says nothing about the
   * others: another call is tried.
   */
  hit(key: string, address: string, ms: number): boolean;
  /** The platform gave any answer but "slow down". */
  passed(key: string): void;
  block(key: string, ms: number): void;
}

interface Silence {
  until: number;
  aheadSince: number | null;
}

export function createBackoff(clock: Clock): Backoff {
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
