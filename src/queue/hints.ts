import type { Connections } from './connections.ts';
import type { QueueHealth } from './health.ts';
import type { Lane } from './jobs/job.ts';
import { idOf, isUrgent, JOBS, type JobData, type JobKey, laneOf } from './jobs/list.ts';
import { within } from './within.ts';

export interface HintParts {
  queueFor: Connections['queueFor'];
  health: QueueHealth;
  failed: (error: unknown) => void;
  /** Does in this process what the queue does not take; null: left to the sweep. */
  inPlace: (<Key extends JobKey>(key: Key, list: readonly JobData<Key>[]) => void) | null;
}

/** Far longer than a queue that works takes for a hint. */
const HINT_WITHIN_MS = 3_000;

/** Passes jobs on to the queue without waiting for it. */
export function createHints({ queueFor, health, failed, inPlace }: HintParts) {
  const under = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;

  /** Asks whether the queue answers; the same question is not put twice. */
  function look(): void {
    if (looking) return;
    const asked = queueFor('prompt').then((queue) => queue.count());
    looking = asked.then(health.works, failed).finally(() => (looking = null));
    within(HINT_WITHIN_MS, asked).catch(failed);
  }

  async function add<Key extends JobKey>(key: Key, list: readonly JobData<Key>[], delayMs: number): Promise<void> {
    for (const [lane, group] of byLane(key, list)) {
      const queue = await queueFor(lane);
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
    /** Resolves when what was given has got through, or is known not to. */
    settled: async (): Promise<void> => void (await Promise.all(under)),
  };
}

function byLane<Key extends JobKey>(key: Key, list: readonly JobData<Key>[]): Map<Lane, JobData<Key>[]> {
  const lanes = new Map<Lane, JobData<Key>[]>();
  for (const data of list) lanes.set(laneOf(key, data), [...(lanes.get(laneOf(key, data)) ?? []), data]);
  return lanes;
}

/** A finished job frees its id at once, so that a sweep can add it again. */
const jobOptions = <Key extends JobKey>(key: Key, data: JobData<Key>, delay: number) => ({
  jobId: idOf(key, data),
  delay,
  priority: isUrgent(key, data) ? 0 : 1,
  removeOnComplete: true,
  removeOnFail: true,
});
