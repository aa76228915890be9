import { randomBytes, randomUUID } from 'node:crypto';

/** Milliseconds since the epoch. Passed in everywhere, so that tests own the time. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now();

export interface Ids {
  uuid(): string;
  bytes(count: number): Uint8Array;
}
export const systemIds: Ids = { uuid: () => randomUUID(), bytes: (count) => randomBytes(count) };

/** What a program has from outside of itself: the code that composes it may pass in others. */
export interface Ambient {
  clock: Clock;
  ids: Ids;
}
export const systemAmbient: Ambient = { clock: systemClock, ids: systemIds };
