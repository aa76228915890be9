import type { ContributionKind, ContributionState } from '../contributions/contribution.ts';
import type { Part } from '../contributions/parts.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Attachment, Inbound, Sender } from '../core/inbound.ts';
import type { OutboundMessage } from '../core/message.ts';
import type { ButtonUse } from '../core/usedButtons.ts';
import type { Remains } from '../people/erasure.ts';
import type { IdentityStatus } from '../people/identity.ts';
import type { Preferences } from '../people/preferences.ts';
import type { EventIn } from '../process/events/attendance.ts';
import type { ResponseItem } from '../responses/response.ts';
import type { ThreadKind, ThreadPlace, ThreadState } from '../responses/thread.ts';
import type { Recent, Subject } from './belongs.ts';
import type { AnswerTo } from './flow/types.ts';

/** An identity as it stands before a turn. `session` is what the engine stored, untouched. */
export interface Identity extends Preferences {
  id: string;
  /** Groups and channels are never talked with. */
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
  /** IANA name; null where nobody has said it. */
  zone: string | null;
  /** Counts every committed turn; a commit on an older number is refused as stale. */
  turn: number;
  session: unknown;
  pacing: Pacing;
  /** When they are to be reminded of what they have begun. */
  remindAt: Date | null;
  /** They have been, and are not a second time. */
  reminded: boolean;
  /** Replies of which nobody knows whether they arrived. */
  unsure: UnsureReply[];
}

/** How far somebody is ahead of the pace at which they are answered; moments in milliseconds since the epoch. */
export interface Pacing {
  /** Each answer is worth some time; those that were given are worth the time until then. */
  until: number;
  held: HeldBack | null;
  /** When what is held back, or the receipt, is to be given. */
  answerAt: number | null;
  gathering?: Gathering | null;
  /** When somebody who has left was told so, since they left. */
  goneToldAt?: number;
}

/** What somebody has just said for the record, or asked: what comes next may belong to it. */
export interface Gathering {
  reference: string;
  /** Left out: an idea. */
  to?: AnswerTo;
  since: number;
  /** How long nothing must come before the receipt is given, and when that is. */
  quietMs: number;
  due: number;
  /** Null once it is given. */
  receipt: OutboundMessage[] | null;
  givenAt: number | null;
  album: string | null;
}

/** What is held back of the answers to somebody who writes faster than they can be answered one by one. */
export interface HeldBack {
  since: number;
  /** When it is to be given. */
  due: number;
  /** Messages that got no answer of their own. */
  count: number;
  /** How many of them were recorded as contributions, and the first of those. */
  recorded: number;
  references: string[];
  /** The answer to the last of them. */
  messages: OutboundMessage[];
}

export interface UnsureReply {
  id: string;
  messages: OutboundMessage[];
}

export interface NewContribution {
  id: string;
  reference: string;
  kind: ContributionKind;
  text: string;
  fields: Record<string, unknown>;
  attachments: Attachment[];
  language: string;
  question: string | null;
  theme: string | null;
  attribution: 'name' | 'group' | 'nobody';
  attributionName: string | null;
  parts: Part[];
  /** The id of the process that it was said in. */
  process: number;
}

/** A change of a contribution that is still open: what it is from now on; what is left out stays as it was. */
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
 * What somebody says to a response, or asks the organizers: a thread begins, or goes on; the words of a message in it are others; it ends since they have what they
 * wanted; or the response is clear to them.
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

/** A contribution as its author goes on with it. */
export interface Recorded
  extends Pick<NewContribution, 'id' | 'reference' | 'kind' | 'text' | 'parts' | 'fields' | 'attachments'> {
  state: ContributionState;
}

/** Something that a person has decided about what is done with them; `profile_…`: with what they tell about themselves. */
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
  /** Until then only what is critical comes between. */
  busyUntil: string | null;
  /** Null: not at all, as far as is known. */
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
  /** The replies are born claimed by this process; a lease that runs out gives them to the sweep. */
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
  /** Everything of the person goes with this turn, but for the words that it sends them, and this; null: nothing does. */
  erase: Remains | null;
  /** What the button that was pressed has come to; null: there is none, or it goes on doing its work. */
  used: ButtonUse | null;
}

export type Committed = { kind: 'done'; deliveryId: string | null } | { kind: 'known' } | { kind: 'stale' };

/** The oldest update of a person that waits, and the person as they stand. */
export interface Due {
  inbound: Inbound;
  /** Null where the update makes nobody known, or another process has just made them known. */
  known: Identity | null;
  /** Whether others of theirs wait behind it. */
  more: boolean;
}

/**
 * What makes nobody known: what is about a group, and what people do not say themselves. Whoever blocks us after they had
 * themselves erased stays forgotten.
 */
export const KNOWS_NOBODY: readonly Inbound['content']['kind'][] = [
  ...(['added', 'removed', 'moved', 'left', 'timeout', 'caught_up', 'reminded'] as const),
];

/** Where updates are kept from the moment they come until they are handled. */
export interface Inbox {
  /** Keeps those that are not known, in their order and all at once. Gives the ids of these. */
  keep(updates: Inbound[]): Promise<Set<string>>;
  /** What nobody could read is kept for somebody to look at: it is nobody's turn. */
  keepUnreadable(id: string, raw: string, error: string): Promise<void>;
  /** What each of these people waits for first; people seen for the first time are created. */
  next(people: string[], newContributor: () => string): Promise<Due[]>;
  /** One needed no turn. */
  finish(updateId: string): Promise<void>;
  /** What could not be handled makes room for what its person sent after; it is tried again ever more rarely, and never given up. */
  putAside(updateId: string, error: string): Promise<void>;
  /** The same, for what a person waits for first. */
  putAsideNext(person: string, error: string): Promise<void>;
  /** Those whose moment has come again wait in their old place. Gives how many. */
  takeUp(limit: number): Promise<number>;
  /** People for whom something has waited at least so long. */
  waitingFor(seconds: number, limit: number): Promise<string[]>;
  /** Whether an update has waited so long that was never put aside: not one of a person's own trouble. */
  isStuck(seconds: number): Promise<boolean>;
  /** How many updates were put aside or could not be read. */
  countAside(): Promise<number>;
}

export interface TurnStore {
  /** One statement for all, at most one write an identity, each for an update in the inbox. By update id. */
  commit(writes: TurnWrite[]): Promise<Map<string, Committed>>;
  /** The newest that holds words or a file of this message. */
  contributionOf(identityId: string, messageId: string): Promise<Recorded | null>;
  /** Whether this update was handled before: what it asked for has been done. */
  isDone(updateId: string): Promise<boolean>;
  timedOut(now: number, limit: number): Promise<{ sender: Sender; nonce: string }[]>;
  /** People who are to be reminded of what they have begun. */
  remindable(now: number, limit: number): Promise<(Sender & { remindAt: Date })[]>;
  /** People to whom what was held back of our answers is to be given. */
  answerable(now: number, limit: number): Promise<(Sender & { answerAt: string })[]>;
}

export interface OwnContribution {
  reference: string;
  text: string;
  attachments: Attachment[];
  state: ContributionState;
  kind: ContributionKind;
  submittedAt: Date;
}

/** What somebody asked, or disagreed with. */
export interface OwnThread {
  reference: string;
  kind: ThreadKind;
  state: ThreadState;
  /** What they began it with. */
  asked: ThreadLine;
  /** What they were answered last. */
  answered: ThreadLine | null;
  /** What they have said last since then. */
  since: ThreadLine | null;
  dueAt: Date;
}

interface ThreadLine {
  text: string;
  attachments: Attachment[];
}

/** What somebody has sent in the current process. */
export interface OwnList {
  list: OwnContribution[];
  /** Listed or not. */
  total: number;
  /** In earlier processes. */
  earlier: number;
}

/** What somebody's own pages depend on. */
export type OwnPerson = Pick<Identity, 'contributorId' | 'key' | 'language' | 'zone' | 'status' | 'consentVersion'>;

export interface OwnContributions {
  /** By the key of an identity; null for whoever has never been here. */
  person(key: string): Promise<OwnPerson | null>;
  /** Those after the first `from`, the newest first. */
  latest(contributorId: string, limit: number, from?: number): Promise<OwnList>;
  /** What they asked or disagreed with, the newest first. */
  threads(contributorId: string, limit: number): Promise<OwnThread[]>;
  /** The questions of the current process that somebody has answered, by their ids. */
  answered(contributorId: string): Promise<string[]>;
  /** The person's own contribution; it may be changed while it is `received`. */
  find(contributorId: string, reference: string): Promise<Recorded | null>;
  /** What the forum has answered to it; null where nothing has arrived. */
  answer(contributorId: string, reference: string): Promise<ResponseItem | null>;
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

/** What somebody has said in a thread, with how that stands. */
export interface OwnThreadWords {
  id: string;
  reference: string;
  state: ThreadState;
  text: string;
  attachments: Attachment[];
  /** The message by which the thread knows them. */
  messageId: string;
}

/** A thread of somebody's own, as what they say goes on in it. */
export interface OwnThreadPlace extends ThreadPlace {
  kind: ThreadKind;
  state: ThreadState;
  dueAt: Date;
  /** What it began with. */
  text: string;
  /** Whoever answered there last asked something back. */
  asks: boolean;
}

export interface OwnThreads {
  /** Their own words that came with that message, as they are now; null where it belongs to no thread of theirs. */
  wordsOf(identityId: string, messageId: string): Promise<OwnThreadWords | null>;
  /** One of their own; null where it is somebody else's. */
  byReference(identityId: string, reference: string): Promise<OwnThreadPlace | null>;
  /** The open one about that response; of those against it where what is said is, too. */
  openAbout(identityId: string, responseId: string, isObjection: boolean): Promise<OwnThreadPlace | null>;
  /** Whether its reader has said already that it is clear. */
  hasAccepted(responseId: string): Promise<boolean>;
}
