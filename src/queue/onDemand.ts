import type { Log } from '../core/log.ts';
import type { Queue } from '../notices/queue.ts';

/** A queue that is opened with its first hint: most commands give none, and its driver takes long to load. */
export function queueOnDemand(open: () => Promise<Queue>, log: Log): Queue {
  let opening: Promise<Queue> | null = null;
  let opened: Queue | null = null;
  const queue = async () => (opened = await (opening ??= open()));
  const hint = (give: (to: Queue) => void) =>
    void queue()
      .then(give)
      .catch((error) => log.error('The queue could not be opened; the sweep will find the work', {}, error));
  return {
    start: async () => (await queue()).start(),
    // Hints that were given wait for the same promise, so they go first.
    stop: async () => (opening ? (await queue()).stop() : undefined),
    startNotice: (notice, delayMs) => hint((to) => to.startNotice(notice, delayMs)),
    deliver: (slices) => hint((to) => to.deliver(slices)),
    retryReplies: (ids) => hint((to) => to.retryReplies(ids)),
    revise: (work) => hint((to) => to.revise(work)),
    trouble: () => opened?.trouble() ?? null,
  };
}
