import { randomBytes, randomUUID } from 'node:crypto';

/** Milliseconds since the epoch. Passed in everywhere, so that tests own the time. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now();

export interface Ids {
  uuid(): string;
  bytes(count: number): Uint8Array;
}
/** Drawn by the page: to ask the system takes longer than what is made with it. */
const PAGE = 4_096;
let page = new Uint8Array(0);

function bytes(count: number): Uint8Array {
  if (page.length < count) page = randomBytes(Math.max(PAGE, count));
  const drawn = page.subarray(0, count);
  page = page.subarray(count);
  return drawn;
}

export const systemIds: Ids = { uuid: () => randomUUID(), bytes };

/** What a program has from outside of itself: the code that composes it may pass in others. */
export interface Ambient {
  clock: Clock;
  ids: Ids;
}
export const systemAmbient: Ambient = { clock: systemClock, ids: systemIds };
