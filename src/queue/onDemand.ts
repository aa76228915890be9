import type { Queue } from '../domain/ports.ts';

/** A queue that is opened with its first hint: most commands give none, and what drives it takes long to load. */
export function queueOnDemand(open: () => Promise<Queue>): Queue {
  let opening: Promise<Queue> | null = null;
  let opened: Queue | null = null;
  const queue = async () => (opened = await (opening ??= open()));
  return {
    start: async () => (await queue()).start(),
    stop: async () => (await opening)?.stop(),
    startNotice: async (notice, delayMs) => (await queue()).startNotice(notice, delayMs),
    deliver: async (slices) => (await queue()).deliver(slices),
    retryReplies: async (ids) => (await queue()).retryReplies(ids),
    revise: async (work) => (await queue()).revise(work),
    trouble: () => opened?.trouble() ?? null,
  };
}
