import type { SendErrorCode } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { MessageRef, NoticeMessage, OutboundMessage, StoredMessage } from '../core/message.ts';
import type { NoticeKind } from '../notices/kinds.ts';
import type { OnUncertain, OVER } from '../notices/notice.ts';
import type { Slice } from '../notices/queue.ts';

/** What is left to send of a delivery; or that it is of no interest any more. */
export type Rendered = NoticeMessage[] | typeof OVER;

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

/** A delivery that this process has claimed: no other process touches it until the lease expires. */
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
  payload: StoredMessage[] | null;
  /** As of a claimed reply. */
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
  /** They want what answers to them, what is critical, or what belongs to their topics, and this does not. */
  | 'answers_only'
  | 'critical_only'
  | 'other_topics'
  /** It is of no interest any more: the notice's `until` has passed, or nobody can answer what it asks. */
  | 'over'
  | 'cancelled'
  /** A reply that may not have arrived, and was said again with a later one. */
  | 'repeated'
  | 'nothing_to_send'
  | 'no_channel';

/** How far a delivery has come in one attempt. */
export interface Progress {
  messagesDone: number;
  partsDone: number;
  /** Of the message under way; null for replies, whose words never change. */
  begun: string | null;
  /** Responses, by id, whose message has arrived. */
  brought: string[];
  /** Of this attempt; added to those of earlier ones. */
  refs: MessageRef[];
  /** The person's new address. */
  address: string | null;
}

export interface Outcome extends Progress {
  id: string;
  lease: string;
  state: 'sent' | 'pending' | 'failed' | 'skipped' | 'uncertain';
  reason: DeliveryReason | null;
  /** With `pending`: milliseconds from now, by the database's clock. */
  delayMs: number;
  /** The attempt does not count: the platform asked to slow down, or the call was never made. */
  refund: boolean;
  doubt: boolean;
  /** The person cannot be reached on this channel any more. */
  unreachable: boolean;
}

export interface Deliveries {
  /**
   * Claims those that are due, in one statement. Deliveries to people who have left or do not want this become
   * `skipped`; those to people who must not be disturbed now wait. Lease and time are by the database's clock.
   */
  claim(ids: string[], lease: string, leaseMs: number): Promise<ClaimedDelivery[]>;
  /** Writes outcomes back, each only while its lease still holds. Gives the ids that were written. */
  settle(outcomes: Outcome[]): Promise<string[]>;
  /** Extends the leases of claimed deliveries. Gives the ids of those whose lease still held. */
  extend(held: { id: string; lease: string }[], leaseMs: number): Promise<string[]>;
  /** Which of these wait in a running notice and may go now, in their order. */
  due(ids: string[]): Promise<string[]>;
  /** How soon (milliseconds) the first pending one of these may go; null when none is pending in a running notice. */
  nextDue(ids: string[]): Promise<number | null>;
  /** Deliveries of running notices that are due, the oldest first, at most `limit` on each channel. */
  dueSlices(limit: number): Promise<Slice[]>;
  /** Replies that are due and not claimed. */
  dueReplies(limit: number): Promise<string[]>;
  /** Where its last message stands; null where that is not known (any more). */
  lastOf(id: string): Promise<MessageRef | null>;
  /**
   * Deliveries whose process has died go back to pending with a doubt, or become `uncertain` where the notice says
   * `hold`.
   */
  reclaim(mostDoubts: number): Promise<{ again: number; held: number }>;
}
