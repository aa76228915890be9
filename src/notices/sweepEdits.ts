import type { NoticeEdits } from './edits.ts';
import type { Queue } from './queue.ts';

/** The same for what is sent already and has other words by now. */
export async function sweepEdits(revisions: Pick<NoticeEdits, 'due'>, queue: Pick<Queue, 'revise'>): Promise<void> {
  const work = await revisions.due();
  if (work.length > 0) queue.revise(work);
}
