import type { Lane } from './jobs/job.ts';
import { idOf, type JobData, type JobKey, laneOf } from './jobs/list.ts';

type Run = <Key extends JobKey>(key: Key, data: JobData<Key>) => Promise<unknown>;

/**
 * Does jobs in this process, as many of a lane at once as a worker of the queue would. One that is taken a second time
 * while it waits or runs is one job. Whatever becomes of it, the sweep looks again.
 */
export function createInPlace(run: Run, atOnce: (lane: Lane) => number, failed: (error: unknown) => void) {
  const known = new Set<string>();
  const lanes = new Map<Lane, { waiting: (() => Promise<void>)[]; running: number }>();

  async function work(lane: { waiting: (() => Promise<void>)[]; running: number }): Promise<void> {
    lane.running += 1;
    for (let next = lane.waiting.shift(); next; next = lane.waiting.shift()) await next();
    lane.running -= 1;
  }

  async function one<Key extends JobKey>(key: Key, data: JobData<Key>): Promise<void> {
    await run(key, data).catch(failed);
    known.delete(idOf(key, data));
  }

  return function take<Key extends JobKey>(key: Key, list: readonly JobData<Key>[]): void {
    for (const data of list) {
      if (known.has(idOf(key, data))) continue;
      known.add(idOf(key, data));
      const name = laneOf(key, data);
      const lane = lanes.get(name) ?? { waiting: [], running: 0 };
      lanes.set(name, lane);
      lane.waiting.push(() => one(key, data));
      if (lane.running < atOnce(name)) void work(lane);
    }
  };
}
