import type { ChannelName, SendErrorCode } from './channel.ts';
import type { NoticeKind } from './kinds.ts';
import type { MessageRef, OutboundMessage } from './message.ts';
import type { OnUncertain } from './notice.ts';
import type { RevisionWork } from './revision.ts';

/** Replies of a committed turn, claimed by the process that committed it. */
export interface ClaimedReply {
  id: string;
  identityId: string;
  channel: ChannelName;
  address: string;
  lease: string;
  messages: OutboundMessage[];
  /** Until when (milliseconds) this person has used up the pace of answers. */
  pacedUntil: number;
}

/** A delivery in this process's hand: nobody else touches it while its lease lives. */
export interface ClaimedDelivery {
  id: string;
  lease: string;
  /** Null for the replies of a turn. */
  noticeId: string | null;
  kind: NoticeKind | null;
  onUncertain: OnUncertain;
  identityId: string;
  identityKey: string;
  recipient: 'person' | 'group';
  channel: ChannelName;
  address: string;
  language: string | null;
  /** The messages themselves; null where they are rendered when they go. */
  payload: OutboundMessage[] | null;
  /** Of replies that have just been made: see there. */
  pacedUntil?: number;
  /** This attempt counted. */
  attempts: number;
  /** How often nobody could tell whether it had arrived. */
  doubts: number;
  /** Whole messages that arrived earlier, then parts of the next one. */
  messagesDone: number;
  partsDone: number;
  /** The mark of the notice's message whose first parts have arrived. */
  begun: string | null;
}

/** Why a delivery did not go out: the platform's refusal, the person's state, or nothing left to say. */
export type DeliveryReason =
  | SendErrorCode
  | 'stopped'
  | 'unreachable'
  | 'erased'
  /** They want what is critical, or what belongs to their topics, and this does not. */
  | 'critical_only'
  | 'other_topics'
  /** It is of no interest any more: the notice's `until` has passed. */
  | 'over'
  | 'cancelled'
  /** A reply that may not have arrived, and was said again with a later one. */
  | 'repeated'
  | 'nothing_to_send'
  | 'no_channel';

export interface Outcome {
  id: string;
  lease: string;
  state: 'sent' | 'pending' | 'failed' | 'skipped' | 'uncertain';
  reason: DeliveryReason | null;
  /** With `pending`: milliseconds from now, by the database's clock. */
  delayMs: number;
  /** The attempt is not counted: the platform asked for patience, or the call was never made. */
  refund: boolean;
  doubt: boolean;
  messagesDone: number;
  partsDone: number;
  begun: string | null;
  /** Responses, by id, whose message has arrived in this attempt. */
  brought: string[];
  /** Of this attempt; added to those of earlier ones. */
  refs: MessageRef[];
  /** The person's new address. */
  address: string | null;
  /** The person cannot be reached on this channel any more. */
  unreachable: boolean;
}

/** Deliveries of one notice on one channel that make one job. `slice` names the same rows whenever it is made anew. */
export interface Slice {
  notice: string;
  channel: ChannelName;
  slice: string;
  /** Goes before the others that wait. */
  critical?: boolean;
  ids: string[];
}

export interface Deliveries {
  /**
   * Takes those that are due, in one statement; deliveries to people who have left, or do not want this, become `skipped`,
   * and those to people who are not to be disturbed now wait.
   * Lease and moment are by the database's clock.
   */
  claim(ids: string[], lease: string, leaseMs: number): Promise<ClaimedDelivery[]>;
  /** Writes outcomes back, each only while its lease still holds. Gives the ids that were written. */
  settle(outcomes: Outcome[]): Promise<string[]>;
  /** Prolongs the leases of deliveries still in hand. Gives the ids of those that were still leased so. */
  extend(held: { id: string; lease: string }[], leaseMs: number): Promise<string[]>;
  /** Which of these wait in a running notice and may go now, in their order. */
  due(ids: string[]): Promise<string[]>;
  /** How soon (milliseconds) the first pending one of these may go; null when none is pending in a running notice. */
  nextDue(ids: string[]): Promise<number | null>;
  /** Deliveries of running notices that are due, the oldest first, at most so many on each channel. */
  dueSlices(limit: number): Promise<Slice[]>;
  /** Replies that are due and in nobody's hand. */
  dueReplies(limit: number): Promise<string[]>;
  /** Deliveries whose process has gone: back to pending with a doubt, or `uncertain` where the notice holds. */
  reclaim(mostDoubts: number): Promise<{ again: number; held: number }>;
}

export interface Gate {
  /**
   * Reserves a stretch of time for `count` messages, spaced evenly from `waitMs` on. Nothing is granted while the
   * platform has asked for silence or the queue before us is longer than `horizonMs`: come back after `waitMs`.
   */
  take(key: string, count: number, perSecond: number, horizonMs: number): Promise<{ granted: number; waitMs: number }>;
  /** So many messages have gone beside the reservations: whoever reserves next comes so much later. */
  charge(key: string, count: number, perSecond: number): Promise<void>;
  /** Silence for so long from now; never shortens one that is longer. */
  block(key: string, ms: number): Promise<void>;
  /** Milliseconds of silence left; 0 when there is none. */
  blocked(key: string): Promise<number>;
}

/**
 * Hints for the workers: everything in it can be made anew from the rows. Adding twice does no harm. Nobody waits for a
 * hint, and none fails: one that does not get through is made good by the sweep.
 */
export interface Queue {
  /**
   * Connects; where handlers were given, begins to work, also while the queue is away. Idempotent.
   * @throws Mistake when the queue refuses us
   */
  start(): Promise<void>;
  /** Passes the last hints on, takes no more, waits for jobs under way, at most ten seconds. Idempotent. */
  stop(): Promise<void>;
  startNotice(notice: string, delayMs: number): void;
  deliver(slices: Slice[]): void;
  retryReplies(ids: string[]): void;
  revise(work: RevisionWork[]): void;
  /** What keeps hints from getting through now; null when nothing does. */
  trouble(): string | null;
}

/** Flow definitions by name and version, as JSON: whoever reads them checks their shape. */
export interface FlowVersions {
  /** A version that is there already stays as it is. */
  keep(versions: { flow: string; version: string; definition: unknown }[]): Promise<void>;
  /** The definitions of those that are there. */
  find(versions: { flow: string; version: string }[]): Promise<unknown[]>;
}

/** The files of all scripts that were ever in force in this deployment, by ascending numbers: the newest is. */
export interface Scripts {
  /** Puts these in force, unless they are. Gives their number. */
  keep(files: Record<string, string>): Promise<number>;
  /** The newest, if it is newer than that number. */
  newest(after: number): Promise<{ number: number; files: Record<string, string> } | null>;
}
