import type { ChannelName } from '../core/channelName.ts';
import type { EditWork } from './edits.ts';

/** Deliveries of one notice on one channel that make one job. `slice` names the same rows whenever it is made again. */
export interface Slice {
  notice: string;
  channel: ChannelName;
  slice: string;
  /** Goes before the others that wait. */
  critical?: boolean;
  ids: string[];
}

/**
 * Hints for the workers: everything in it can be made again from the rows. Adding twice does no harm. Nobody waits for a
 * hint, and none fails: one that does not get through is made good by the sweep.
 */
export interface Queue {
  /**
   * Connects; where handlers were given, begins to work, also while the queue is away. Idempotent.
   * @throws UserError when the queue refuses us
   */
  start(): Promise<void>;
  /** Passes the last hints on, takes no more, waits for jobs under way, at most ten seconds. Idempotent. */
  stop(): Promise<void>;
  startNotice(notice: string, delayMs: number): void;
  deliver(slices: Slice[]): void;
  retryReplies(ids: string[]): void;
  revise(work: EditWork[]): void;
  /** What keeps hints from getting through now; null when nothing does. */
  trouble(): string | null;
}
