import type { ContributionKind, ContributionState } from '../contributions/contribution.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Attachment, Sender } from '../core/inbound.ts';
import type { OutboundMessage } from '../core/message.ts';
import type { ButtonUse } from '../core/usedButtons.ts';
import type { Remains } from '../people/erasure.ts';
import type { IdentityStatus } from '../people/identity.ts';
import type { Preferences } from '../people/preferences.ts';
import type { EventIn } from '../process/events/attendance.ts';
import type { ThreadKind } from '../responses/thread.ts';
import type { Recent, Subject } from './belongs.ts';
import type { AnsweredInWords, Contributed } from './flow/events.ts';
import type { Pacing } from './pacing.ts';

/** An identity as it stands before a turn. `session` is what the engine stored, untouched. */
export interface Identity extends Preferences {
  id: string;
  /** There are no conversations with groups and channels. */
  kind: 'person' | 'group';
  key: string;
  contributorId: string;
  channel: ChannelName;
  address: string;
  name: string | null;
  language: string | null;
  languageChosen: boolean;
  status: IdentityStatus;
  consentVersion: string | null;
  source: string | null;
  /** The chat is a member's. */
  isMember: boolean;
  /** IANA name; null where it is not known. */
  zone: string | null;
  /** Counts every committed turn; a commit on an older number is refused as stale. */
  turn: number;
  session: unknown;
  /** The delivery whose last message asks the open question; null: nobody knows. */
  askedIn: string | null;
  pacing: Pacing;
  /** When they are to be reminded of what they have begun. */
  remindAt: Date | null;
  /** They were reminded, and will not be again. */
  reminded: boolean;
  /** Replies that may not have arrived. */
  unsure: UnsureReply[];
}

export interface UnsureReply {
  id: string;
  messages: OutboundMessage[];
}

/** What somebody contributed in this turn, as it is stored. */
export interface NewContribution extends Omit<Contributed['contribution'], 'kind' | 'fields'> {
  id: string;
  reference: string;
  kind: ContributionKind;
  fields: Record<string, unknown>;
  language: string;
}

/** A change of a contribution that is still open: its new values; what is left out stays. */
export type Edit = { id: string } & ({ withdrawn: true } | Partial<Amendable> | NoAnswer);

/** It was not meant for the question. */
interface NoAnswer {
  kind: 'idea';
}

/** What its author can change of a contribution. */
export interface Amendable extends Pick<NewContribution, 'text' | 'parts' | 'fields' | 'attachments' | 'language'> {
  theme: string | null;
  attribution: NewContribution['attribution'];
  attributionName: string | null;
}

interface ThreadWords {
  /** The id of the thread. */
  thread: string;
  text: string;
  attachments: Attachment[];
  language: string;
  messageId: string | null;
  dueAt: string;
}

/**
 * What somebody says about a response, or asks the organizers: a thread opens or goes on; one of its messages is
 * edited; it ends because they have what they wanted; or the response is clear to them.
 */
export type ThreadChange =
  | (ThreadWords & {
      change: 'opened';
      reference: string;
      kind: ThreadKind;
      /** Null: it is to the organizers. */
      response: string | null;
      process: number;
    })
  | (ThreadWords & { change: 'said' })
  | (Omit<ThreadWords, 'dueAt' | 'messageId'> & { change: 'reworded'; messageId: string })
  /** It was nothing more of the thread: of this message of theirs. */
  | { change: 'taken_out'; thread: string; messageId: string }
  | { change: 'ended'; thread: string }
  | { change: 'accepted'; response: string };

/** What its author's conversation needs of a contribution. */
export interface Recorded
  extends Pick<NewContribution, 'id' | 'reference' | 'kind' | 'text' | 'parts' | 'fields' | 'attachments'> {
  state: ContributionState;
}

/** Something that a person decided about taking part; `profile_…`: about what they tell of themselves. */
export interface ConsentChange {
  change:
    | 'given'
    | 'declined'
    | 'stopped'
    | 'restarted'
    | 'preferences'
    | 'profile_given'
    | 'profile_declined'
    | 'profile_removed';
  /** What the person pressed or typed; never what they told about themselves, which can be removed. */
  words: string;
  /** Of the notice that they agreed to or declined; else of the one in force. */
  version: string | null;
}

/** All that one update changes, committed together or not at all. */
export interface TurnWrite extends Preferences {
  updateId: string;
  identityId: string;
  contributorId: string;
  turn: number;
  session: unknown;
  timeoutAt: string | null;
  /** Until then only critical notices may interrupt. */
  busyUntil: string | null;
  /** Null: not at all, as things stand. */
  remindAt: string | null;
  /** This turn has reminded them. */
  reminded: boolean;
  language: string | null;
  languageChosen: boolean;
  status: IdentityStatus;
  consentVersion: string | null;
  consented: boolean;
  source: string | null;
  /** Null: as it was. */
  zone: string | null;
  address: string;
  name: string | null;
  at: string;
  messages: OutboundMessage[];
  /** The replies are created as claimed by this process; when the lease expires, the sweep takes them. */
  lease: string;
  leaseSeconds: number;
  contributions: NewContribution[];
  edits: Edit[];
  threads: ThreadChange[];
  consents: ConsentChange[];
  /** Files that came with the update, by what the platform is asked for. */
  wanted: string[];
  pacing: Pacing;
  /** Ids of the replies that `messages` repeats. */
  repeats: string[];
  /** The published timeline that this turn has shown; null: none. */
  timelineSeen: number | null;
  /**
   * This turn erases everything of the person, except its own messages to them and what remains; null: nothing is
   * erased.
   */
  erase: Remains | null;
  /** What the pressed button led to; null: none was pressed, or it stays in use. */
  used: ButtonUse | null;
  /** A question with buttons that was answered in words; null: none was. */
  answered: AnsweredInWords | null;
  /** Whether its last message asks the question that is open now (`now`), or that one still stands where it stood (`still`). */
  asks: 'now' | 'still' | null;
}

export type Committed = { kind: 'done'; deliveryId: string | null } | { kind: 'known' } | { kind: 'stale' };

export interface TurnStore {
  /**
   * Commits all in one statement: at most one write for each identity, each for an update in the inbox. By update id.
   */
  commit(writes: TurnWrite[]): Promise<Map<string, Committed>>;
  /** The newest that holds words or a file of this message. */
  contributionOf(identityId: string, messageId: string): Promise<Recorded | null>;
  /** Whether this update was handled before: what it asked for has been done. */
  isDone(updateId: string): Promise<boolean>;
  timedOut(now: number, limit: number): Promise<{ sender: Sender; nonce: string }[]>;
  /** People who are to be reminded of what they have begun. */
  remindable(now: number, limit: number): Promise<(Sender & { remindAt: Date })[]>;
  /** People whose held-back answers are due. */
  answerable(now: number, limit: number): Promise<(Sender & { answerAt: string })[]>;
}

/** What somebody's words can belong to. */
export interface Subjects {
  /** Of a message in their chat, ours or their own; null where it belongs to nothing. */
  ofMessage(identityId: string, messageId: string): Promise<Subject | null>;
  /** What has asked them for words, or taken theirs, since then. */
  recent(identityId: string, since: Date): Promise<Recent[]>;
  /** The newest answers of the forum that have reached them since then. */
  answers(identityId: string, since: Date): Promise<Recent[]>;
  /** The event that they were asked about last, or have answered about. */
  invitation(identityId: string): Promise<Invitation | null>;
}

export interface Invitation extends EventIn {
  /** In milliseconds since the epoch. */
  at: number;
}
