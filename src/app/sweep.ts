import type { Log } from '../domain/log.ts';
import type { Notices } from '../domain/notice.ts';
import type { Deliveries, Queue } from '../domain/ports.ts';

/** A delivery that has taken down its process so often is left to a person's judgement. */
const MOST_DOUBTS = 10;
/** Slices a channel: more than a worker can send before the next sweep. */
const MOST_SLICES = 500;
const MOST_REPLIES = 1_000;

export interface SweepParts {
  deliveries: Deliveries;
  notices: Notices;
  queue: Pick<Queue, 'deliver' | 'retryReplies'>;
  log: Log;
}

/**
 * Brings the queue in line with the rows: what has no job gets one, what a dead process held is freed. Any number of
 * processes may sweep at once, and it decides nothing about a message that has an outcome.
 */
export async function sweep({ deliveries, notices, queue, log }: SweepParts): Promise<void> {
  for (const id of await notices.due()) await notices.start(id);
  const { again, held } = await deliveries.reclaim(MOST_DOUBTS);
  if (again + held > 0) log.warn('Deliveries of a process that has gone were freed', { again, held });
  const replies = await deliveries.dueReplies(MOST_REPLIES);
  if (replies.length > 0) await queue.retryReplies(replies);
  await enqueueDue(deliveries, queue);
  await notices.finish();
}

/** Starts a notice whose moment has come, and hands its deliveries to the workers. */
export async function startNotice(id: string, parts: SweepParts): Promise<void> {
  const begun = await parts.notices.start(id);
  if (begun) parts.log.info('A notice has begun', { notice: id });
  await enqueueDue(parts.deliveries, parts.queue);
}

async function enqueueDue(deliveries: Deliveries, queue: Pick<Queue, 'deliver'>): Promise<void> {
  const slices = await deliveries.dueSlices(MOST_SLICES);
  if (slices.length > 0) await queue.deliver(slices);
}
