import type { NoticeEdits } from './edits.ts';
import type { Queue } from './queue.ts';

/** Queues the edits of messages that were sent and are out of date. */
export async function sweepEdits(revisions: Pick<NoticeEdits, 'due'>, queue: Pick<Queue, 'revise'>): Promise<void> {
  const work = await revisions.due();
  if (work.length > 0) queue.revise(work);
}
