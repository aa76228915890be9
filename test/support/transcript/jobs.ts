import type { Queue } from '../../../src/notices/queue.ts';
import type { Handlers, JobData, JobKey } from '../../../src/queue/jobs/list.ts';

interface Waiting {
  at: number;
  run: () => Promise<{ againInMs: number | null } | undefined>;
}

/** A queue whose jobs are done when it is told so, one after the other, at the time of its clock. */
export function jobsInHand(clock: () => number) {
  let handlers: Handlers | null = null;
  let waiting: Waiting[] = [];
  const { signal } = new AbortController();

  const add = <Key extends JobKey>(key: Key, data: JobData<Key>, delayMs = 0): void => {
    const run = async () => handlers?.[key](data, signal);
    waiting.push({ at: clock() + delayMs, run });
  };

  const queue: Queue = {
    start: async () => undefined,
    stop: async () => undefined,
    startNotice: (notice, delayMs) => add('startNotice', { notice }, delayMs),
    deliver: (slices) => {
      for (const slice of slices) add('deliver', slice);
    },
    retryReplies: (ids) => add('retryReplies', { ids }),
    revise: (work) => {
      for (const one of work) add('revise', one);
    },
    trouble: () => null,
  };

  return {
    queue,
    queueOf(given: Handlers): Queue {
      handlers = given;
      return queue;
    },
    /** Does what is due; false when nothing was. */
    async work(): Promise<boolean> {
      const due = waiting.filter(({ at }) => at <= clock());
      waiting = waiting.filter((job) => !due.includes(job));
      for (const { run } of due) {
        const again = (await run())?.againInMs ?? null;
        if (again !== null) waiting.push({ at: clock() + again, run });
      }
      return due.length > 0;
    },
  };
}
