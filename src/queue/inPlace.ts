import type { QueueName } from './jobs/job.ts';
import { idOf, type JobData, type JobKey, queueOf } from './jobs/list.ts';

type Run = <Key extends JobKey>(key: Key, data: JobData<Key>) => Promise<unknown>;

/**
 * Does jobs in this process, with the same concurrency as a queue's worker. A job that is added again while it waits or
 * runs is done once. Whether it succeeds or fails, the sweep checks again.
 */
export function createInPlace(run: Run, atOnce: (name: QueueName) => number, failed: (error: unknown) => void) {
  const known = new Set<string>();
  const queues = new Map<QueueName, { waiting: (() => Promise<void>)[]; running: number }>();

  async function work(queue: { waiting: (() => Promise<void>)[]; running: number }): Promise<void> {
    queue.running += 1;
    for (let next = queue.waiting.shift(); next; next = queue.waiting.shift()) await next();
    queue.running -= 1;
  }

  async function one<Key extends JobKey>(key: Key, data: JobData<Key>): Promise<void> {
    await run(key, data).catch(failed);
    known.delete(idOf(key, data));
  }

  return function take<Key extends JobKey>(key: Key, list: readonly JobData<Key>[]): void {
    for (const data of list) {
      if (known.has(idOf(key, data))) continue;
      known.add(idOf(key, data));
      const name = queueOf(key, data);
      const queue = queues.get(name) ?? { waiting: [], running: 0 };
      queues.set(name, queue);
      queue.waiting.push(() => one(key, data));
      if (queue.running < atOnce(name)) void work(queue);
    }
  };
}
