import type { ChannelName } from './channel.ts';
import type { Attachment, Inbound, Sender } from './inbound.ts';
import type { OutboundMessage } from './message.ts';
import type { OwnRecord } from './own.ts';
import type { ContributionKind, ContributionState, IdentityStatus } from './records.ts';

/** An identity as it stands before a turn. `session` is what the engine stored, untouched. */
export interface Known extends OwnRecord {
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
  /** IANA name; null where nobody has said it. */
  zone: string | null;
  /** Counts every committed turn; a commit on an older number is refused as stale. */
  turn: number;
  session: unknown;
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
  replyTo: string | null;
  messageId: string | null;
}

/** A change of a contribution that is still open; `text` null withdraws it. */
export interface Edit {
  id: string;
  text: string | null;
  /** All its files; left out: as they were. */
  attachments?: Attachment[];
}

/** A contribution that a message belongs to. */
export interface Sent {
  id: string;
  reference: string;
  state: ContributionState;
  text: string;
  attachments: Attachment[];
  /** The message whose words are those of the contribution. */
  messageId: string | null;
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
export interface TurnWrite extends OwnRecord {
  updateId: string;
  identityId: string;
  turn: number;
  session: unknown;
  timeoutAt: string | null;
  /** Until then only what is critical comes between. */
  busyUntil: string | null;
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
  consents: ConsentChange[];
  /** The published timeline that this turn has shown; null: none. */
  timelineSeen: number | null;
}

export type Committed = { kind: 'done'; deliveryId: string | null } | { kind: 'known' } | { kind: 'stale' };

export interface TurnStore {
  /** By sender key; senders seen for the first time are created. */
  load(senders: Sender[], newContributor: () => string): Promise<Map<string, Known>>;
  /** One statement for all, at most one write an identity. By update id. */
  commit(writes: TurnWrite[]): Promise<Map<string, Committed>>;
  /** The newest that holds words or a file of this message. */
  openContribution(identityId: string, messageId: string): Promise<Sent | null>;
  /** Whether this update was taken in before: what it asked for has been done. */
  isDone(updateId: string): Promise<boolean>;
  /** Keeps an update whose handling threw, so that it can be acknowledged; it is tried again ever more rarely, and never given up. */
  recordFailure(inbound: Inbound, error: string): Promise<void>;
  /** For one that was kept so, and needed no turn in the end. */
  forgetFailure(updateId: string): Promise<void>;
  /** How many updates wait so. */
  countFailed(): Promise<number>;
  takeFailed(limit: number): Promise<{ inbound: Inbound; attempts: number }[]>;
  timedOut(now: number, limit: number): Promise<{ sender: Sender; nonce: string }[]>;
}

export interface OwnContribution {
  reference: string;
  text: string;
  state: ContributionState;
  kind: ContributionKind;
  submittedAt: Date;
  /** Of this person's contributions, shown or not. */
  total: number;
}

/** What somebody's own pages depend on. */
export type OwnPerson = Pick<Known, 'contributorId' | 'key' | 'language' | 'status' | 'consentVersion'>;

export interface OwnContributions {
  /** By the key of an identity; null for whoever has never been here. */
  person(key: string): Promise<OwnPerson | null>;
  /** Without "clear": nobody waits for anything there. */
  latest(contributorId: string, limit: number): Promise<OwnContribution[]>;
  /** The person's own contribution; it may be changed while it is `received`. */
  find(
    contributorId: string,
    reference: string,
  ): Promise<{ id: string; text: string; state: ContributionState } | null>;
  /** Whether the person has given this reply to the response already. */
  hasReplied(contributorId: string, responseId: string, reply: string): Promise<boolean>;
}
