import { mostLater } from '../core/agreedCount.ts';
import type { Log } from '../core/log.ts';
import { KINDS } from '../notices/kinds.ts';
import { type Notices, recipientsIn } from '../notices/notice.ts';
import type { Queue } from '../notices/queue.ts';
import type { Deliveries } from './ports.ts';

/** After a delivery's process has died so often, a person decides. */
const MOST_DOUBTS = 10;
/** Slices of each channel: more than a worker can send before the next sweep. */
const MOST_SLICES = 500;
const MOST_REPLIES = 1_000;

export interface SweepParts {
  deliveries: Deliveries;
  notices: Notices;
  queue: Pick<Queue, 'deliver' | 'retryReplies'>;
  /** More recipients than this need a second member's approval. */
  approvalAbove: number;
  log: Log;
}

/**
 * Brings the queue in line with the rows: what has no job gets one, and what a dead process had claimed is released.
 * Any number of processes may sweep at once; messages that have an outcome are left alone.
 */
export async function sweep(parts: SweepParts): Promise<void> {
  const { deliveries, notices, queue, log } = parts;
  const { again, held } = await deliveries.reclaim(MOST_DOUBTS);
  if (again + held > 0) log.warn('Deliveries of a dead process were released', { again, held });
  const replies = await deliveries.dueReplies(MOST_REPLIES);
  if (replies.length > 0) queue.retryReplies(replies);
  const due = await notices.due();
  await eachInTurn([
    ...due.map((id) => () => begin(id, parts)),
    () => enqueueDue(deliveries, queue),
    async () => void (await notices.finish()),
  ]);
}

/** Runs them one after the other, even when some fail. @throws the first error, once all have run */
export async function eachInTurn(work: readonly (() => Promise<unknown>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const one of work) await one().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

/** Starts a notice that is due, and queues its deliveries. */
export async function startNotice(id: string, parts: SweepParts): Promise<void> {
  await begin(id, parts);
  await enqueueDue(parts.deliveries, parts.queue);
}

async function begin(id: string, { notices, approvalAbove, log }: SweepParts): Promise<void> {
  const recipients = await outgrown(id, notices, approvalAbove);
  if (recipients !== null) {
    await notices.needApproval(id, recipients);
    log.warn('A notice waits for approval: its audience has grown since it was scheduled', { notice: id, recipients });
  } else if (await notices.start(id)) log.info('A notice has begun', { notice: id });
}

/** How many recipients it has by now, where that is more than were agreed to; else null. */
async function outgrown(id: string, notices: Notices, approvalAbove: number): Promise<number | null> {
  const notice = await notices.find(id);
  if (!notice || notice.approval !== null || KINDS[notice.kind].reaches === 'made_for') return null;
  const recipients = recipientsIn(await notices.count(notice));
  return recipients > mostLater(notice.confirmed, approvalAbove) ? recipients : null;
}

async function enqueueDue(deliveries: Deliveries, queue: Pick<Queue, 'deliver'>): Promise<void> {
  const slices = await deliveries.dueSlices(MOST_SLICES);
  if (slices.length > 0) queue.deliver(slices);
}
