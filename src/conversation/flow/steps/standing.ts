import { MOST_BYTES } from '../../../core/signedButtons.ts';

/** What a button carries that answers its question whatever is asked by then. */
export interface Standing {
  flow: string;
  step: string;
  value: string;
  /** What was given before, in the order in which the step names it. */
  carried: readonly string[];
  /** In milliseconds since the epoch, to the minute. */
  askedAt: number;
}

const PREFIX = 'do:';
const BETWEEN = ':';
const MINUTE_MS = 60_000;

/** Null where it does not fit into a button. It can do no more than whoever presses it may do, so that nothing is signed. */
export function standingData({ flow, step, value, carried, askedAt }: Standing): string | null {
  const parts = [flow, step, Math.floor(askedAt / MINUTE_MS).toString(36), value, ...carried];
  const data = PREFIX + parts.join(BETWEEN);
  return parts.some((part) => part.includes(BETWEEN)) || Buffer.byteLength(data) > MOST_BYTES ? null : data;
}

/** Null for every other button. */
export function readStanding(data: string): Standing | null {
  if (!data.startsWith(PREFIX)) return null;
  const [flow = '', step = '', minute = '', value = '', ...carried] = data.slice(PREFIX.length).split(BETWEEN);
  const minutes = Number.parseInt(minute, 36);
  return { flow, step, value, carried, askedAt: Number.isFinite(minutes) ? minutes * MINUTE_MS : 0 };
}

/** Whoever presses it later is asked once more: they may not know any more what it was about. */
const GOOD_FOR_MS = 86_400_000;
export const isGood = (askedAt: number, now: number): boolean => now - askedAt < GOOD_FOR_MS;
