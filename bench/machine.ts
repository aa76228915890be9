import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** More than this of all processors in other hands, and a figure says more about them than about us. */
export const MOST_IN_USE = 0.15;
const LOOK_MS = 250;
/** As long as ours may take to come to rest: PostgreSQL writes and tidies for a while after a round. */
const PATIENCE_MS = 5_000;

let busiest = 0;

/**
 * Looks how much of the machine others use: before, between and after rounds, while all of ours rests, so that whatever
 * the processors do is not ours. To tell during a round which processes are ours would take more than it gives: the
 * database is none of our children.
 */
export async function look(): Promise<void> {
  if (busiest > MOST_IN_USE) return;
  let least = 1;
  const until = performance.now() + PATIENCE_MS;
  do least = Math.min(least, await shareInUse());
  while (least > MOST_IN_USE && performance.now() < until);
  busiest = Math.max(busiest, least);
}

/** The most that was seen since the last call. */
export function seenInUse(): number {
  const seen = busiest;
  busiest = 0;
  return seen;
}

/** From what is idle, not from what is used: time that a host takes from a virtual machine is in neither. */
async function shareInUse(): Promise<number> {
  const [before, began] = [idleMs(), performance.now()];
  await pause(LOOK_MS);
  const idle = (idleMs() - before) / ((performance.now() - began) * cpus().length);
  return Math.min(1, Math.max(0, 1 - idle));
}

const idleMs = (): number => cpus().reduce((sum, { times }) => sum + times.idle, 0);
