import type { Connections } from './connections.ts';
import type { QueueHealth } from './health.ts';
import type { QueueName } from './jobs/job.ts';
import { idOf, isUrgent, JOBS, type JobData, type JobKey, queueOf } from './jobs/list.ts';
import { within } from './within.ts';

export interface HintParts {
  queueFor: Connections['queueFor'];
  health: QueueHealth;
  failed: (error: unknown) => void;
  /** Does the job in this process when the queue does not accept it; null: the sweep will find it. */
  inPlace: (<Key extends JobKey>(key: Key, list: readonly JobData<Key>[]) => void) | null;
}

/** Far longer than a working queue takes to accept a hint. */
const HINT_WITHIN_MS = 3_000;

/** Adds jobs to the queue without making callers wait for it. */
export function createHints({ queueFor, health, failed, inPlace }: HintParts) {
  const under = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;

  /** Checks whether the queue answers, with one check at a time. */
  function look(): void {
    if (looking) return;
    const asked = queueFor('prompt').then((queue) => queue.count());
    looking = asked.then(health.works, failed).finally(() => (looking = null));
    within(HINT_WITHIN_MS, asked).catch(failed);
  }

  async function add<Key extends JobKey>(key: Key, list: readonly JobData<Key>[], delayMs: number): Promise<void> {
    for (const [name, group] of byQueue(key, list)) {
      const queue = await queueFor(name);
      await queue.addBulk(group.map((data) => ({ name: JOBS[key].name, data, opts: jobOptions(key, data, delayMs) })));
    }
  }

  function give<Key extends JobKey>(key: Key, list: readonly JobData<Key>[], delayMs: number): void {
    const doHere = () => {
      if (delayMs === 0) inPlace?.(key, list);
    };
    if (health.isAway()) {
      look();
      doHere();
      return;
    }
    const passed: Promise<void> = within(HINT_WITHIN_MS, add(key, list, delayMs), health.away())
      .catch((error) => {
        failed(error);
        doHere();
      })
      .finally(() => under.delete(passed));
    under.add(passed);
  }

  return {
    look,
    give,
    /** Resolves when every hint has been accepted or has failed. */
    settled: async (): Promise<void> => void (await Promise.all(under)),
  };
}

function byQueue<Key extends JobKey>(key: Key, list: readonly JobData<Key>[]): Map<QueueName, JobData<Key>[]> {
  const groups = new Map<QueueName, JobData<Key>[]>();
  for (const data of list) groups.set(queueOf(key, data), [...(groups.get(queueOf(key, data)) ?? []), data]);
  return groups;
}

/** A finished job releases its id at once, so that a sweep can add it again. */
const jobOptions = <Key extends JobKey>(key: Key, data: JobData<Key>, delay: number) => ({
  jobId: idOf(key, data),
  delay,
  priority: isUrgent(key, data) ? 0 : 1,
  removeOnComplete: true,
  removeOnFail: true,
});
