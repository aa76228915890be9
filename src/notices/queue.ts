import type { ChannelName } from '../core/channelName.ts';
import type { EditWork } from './edits.ts';

/** Deliveries of one notice on one channel that make one job. The same rows always have the same `slice`. */
export interface Slice {
  notice: string;
  channel: ChannelName;
  slice: string;
  /** Goes before the others that wait. */
  critical?: boolean;
  ids: string[];
}

/**
 * Hints for the workers: everything in the queue can be rebuilt from the rows. Adding twice does no harm. Nobody waits
 * for a hint, and hints never throw: the sweep makes up for one that is lost.
 */
export interface Queue {
  /**
   * Connects; where handlers were given, begins to work, also while the queue is away. Idempotent.
   * @throws UserError when the queue refuses us
   */
  start(): Promise<void>;
  /** Delivers the last hints, takes no more, and waits for jobs under way, at most ten seconds. Idempotent. */
  stop(): Promise<void>;
  startNotice(notice: string, delayMs: number): void;
  deliver(slices: Slice[]): void;
  retryReplies(ids: string[]): void;
  revise(work: EditWork[]): void;
  /** What keeps hints from getting through at present; null when nothing does. */
  trouble(): string | null;
}
