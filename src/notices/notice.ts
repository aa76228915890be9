import type { ChannelName } from '../core/channelName.ts';
import type { Texts } from '../core/texts.ts';
import type { NoticeKind } from './kinds.ts';
import type { StoredSchedule } from './schedule.ts';

/** What happens to a message that may or may not have arrived: it is sent again, or listed for the organizer. */
export type OnUncertain = 'resend' | 'hold';

/**
 * A button under a notice: starts a flow, asks a focus question, shows an event, or opens an address. An event without a
 * label is three buttons, with which its invitation is answered.
 */
export type NoticeButton =
  | ({ label: Texts } & ({ flow: string } | { question: string } | { event: string } | { url: string }))
  | { event: string; label?: undefined };

/** An image or a document that goes with a notice: a file of ours by its id, or an address that the platform fetches. */
export type NoticeAttachment = { name: string; mime: string } & ({ file: string } | { url: string });

export interface Notice {
  id: string;
  kind: NoticeKind;
  texts: Texts;
  buttons: NoticeButton[];
  /** An expression; null for kinds that decide themselves whom they reach. */
  audience: string | null;
  /** Only people who want this topic get it; null: no topic. */
  topic: string | null;
  attachment: NoticeAttachment | null;
  onUncertain: OnUncertain;
  state: NoticeState;
  at: Date | null;
  zone: string | null;
  /** The author's schedule; null where it is sent at a fixed time. */
  schedule: StoredSchedule | null;
  /** Set for notices that the program makes: at most one exists for each origin. */
  origin: string | null;
  /** The repeating notice of which it is one turn. */
  turnOf: string | null;
  /** The number of the published timeline that it announces. */
  timeline: number | null;
  /** The event of the process that it is about. */
  event: string | null;
  /** It is not sent to anybody after that. */
  until: Date | null;
  createdBy: string | null;
  scheduledBy: string | null;
  /** How many recipients were confirmed when it was scheduled; null where nobody confirmed. */
  confirmed: number | null;
  /** By a second member: `null` where none is needed. */
  approval: 'needed' | 'given' | null;
  approvedBy: string | null;
  /** How often it was changed after sending. */
  revision: number;
  /** The id of its process; left out before it is stored: the current one. */
  process?: number;
}

export interface NoticeStatus {
  id: string;
  kind: NoticeKind;
  state: NoticeState;
  /** When it begins, or was to begin. */
  at: Date | null;
  approval: Notice['approval'];
  recipients: number;
  sent: number;
  failed: number;
  skipped: number;
  uncertain: number;
  /** Without an outcome yet. */
  open: number;
  /** `failed`, `skipped` and `uncertain` by their reasons. */
  reasons: Partial<Record<'failed' | 'skipped' | 'uncertain', Record<string, number>>>;
  /** Messages a second over the last ten seconds in which any went out; null before the first. */
  perSecond: number | null;
  /** At that rate; null where it is not known. */
  secondsLeft: number | null;
}

/** Something that was done with a notice. */
export interface NoticeEvent {
  what:
    | 'created'
    | 'scheduled'
    | 'approved'
    | 'begun'
    /** Its moment came, and it goes to many more than were agreed to: it waits for approval. */
    | 'outgrown'
    | 'paused'
    | 'resumed'
    | 'cancelled'
    | 'retried'
    | 'edited'
    /** A correction that waits for a second member to say the same. */
    | 'proposed'
    | 'recalled';
  /** A member's id; null: nobody said who. */
  by: string | null;
  detail: unknown;
  at: Date;
}

/** What a latecomer reads of a notice. */
export type CurrentNotice = Pick<Notice, 'id' | 'kind' | 'texts' | 'buttons'> & { process: number };

/** What decides who gets a notice. */
export type Addressed = Pick<Notice, 'kind' | 'topic' | 'audience' | 'timeline' | 'texts' | 'process'>;

/** Why somebody of the audience does not get a notice. */
export const LEFT_OUT = [
  'stopped',
  'unreachable',
  'not_agreed',
  'other_topics',
  'critical_only',
  'answers_only',
] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

/** Whom a notice would reach on one channel in one language, and whom it would not. */
export interface AudienceCount {
  channel: ChannelName;
  language: string | null;
  people: number;
  groups: number;
  /** How many of them are in the middle of something, and get it a little later. */
  busy: number;
  /** How many of them get it when their quiet hours are over. */
  quiet: number;
  /** How many of them read a language that the notice does not have. */
  otherLanguage: number;
  leftOut: Record<LeftOut, number>;
  /** All of them together. */
  skipped: number;
}

export interface Scheduling {
  /** Null for a repeating notice: its turns begin, it does not. */
  at: Date | null;
  zone: string | null;
  /** Whether its author's schedule, if any, stays; false removes it. */
  own: boolean;
  by: string | null;
  /** How many recipients it had when it was scheduled. */
  recipients: number;
  approval: 'needed' | null;
}

/** How many chats a notice would go to: people's and groups'. */
export const recipientsIn = (audience: readonly Pick<AudienceCount, 'people' | 'groups'>[]): number =>
  audience.reduce((sum, { people, groups }) => sum + people + groups, 0);

/** A member of an audience, without anything that identifies them. */
export interface SampleRecipient {
  channel: ChannelName;
  language: string | null;
  group: string | null;
  place: string | null;
  source: string | null;
  /** The day on which they came, such as 2027-03-31. */
  since: string;
  contributions: number;
  /** Questions that they have answered. */
  questions: string[];
  /** Themes that they have contributed to. */
  themes: string[];
}

/** Stands for the message of a notice that is no longer of interest. */
export const OVER = 'over';

export type NoticeChange = 'pause' | 'resume' | 'cancel';

/** Which messages are sent again; when left out, all that failed or are in doubt. */
export interface Retry {
  states?: readonly ('failed' | 'uncertain')[];
  /** Only those of these reasons. */
  reasons?: readonly string[];
}

/** Messages that can be sent again. */
export interface RetryFigures {
  messages: number;
  /** Those that may have arrived, and would arrive twice. */
  twice: number;
}

export interface Notices {
  /** False when a notice of that origin exists already. */
  create(notice: Notice, createdAt: Date): Promise<boolean>;
  find(id: string): Promise<Notice | null>;
  /** The same, locked until the transaction is over. */
  hold(id: string): Promise<Notice | null>;
  /** Of the current process; so are the others that name none. */
  list(): Promise<Notice[]>;
  many(ids: string[]): Promise<Map<string, Notice>>;
  /** Stores a file once, however many notices bring it; gives its id. */
  keepFile(file: { name: string; mime: string; bytes: Uint8Array }): Promise<string>;
  /** The bytes of a file; null when there is none of that id. */
  file(id: string): Promise<Uint8Array | null>;
  /** Whom it would reach if it began at that moment; now when left out. */
  count(notice: Addressed, at?: Date | null): Promise<AudienceCount[]>;
  /** A few of the people it would reach, the same ones each time. */
  samples(notice: Addressed & Pick<Notice, 'id'>): Promise<SampleRecipient[]>;
  /** From draft or scheduled to scheduled; an earlier approval is void. False when it is in another state. */
  schedule(id: string, schedule: Scheduling): Promise<boolean>;
  /** Lets a waiting notice go, no earlier than `earliest`. False when it does not wait, or `by` has scheduled it. */
  approve(id: string, by: string, earliest: Date): Promise<boolean>;
  /** Its audience has grown to this many people: more than may be sent to without approval, or than were confirmed. */
  needApproval(id: string, recipients: number): Promise<void>;
  /** False when its state does not allow it. */
  change(id: string, change: NoticeChange, by: string | null): Promise<boolean>;
  /**
   * Starts a scheduled notice that is due: state and recipients in one statement.
   * False when it is not due, or was started before.
   */
  start(id: string): Promise<boolean>;
  due(): Promise<string[]>;
  /** Notices scheduled until then, or paused before they begin, in order; of one process, or of all. */
  upcoming(until: Date, process?: number | null): Promise<Notice[]>;
  /** Running notices with nothing left to send become done; gives how many. */
  finish(): Promise<number>;
  /** How many messages `retry` would send again. */
  retryable(id: string, which: Retry): Promise<RetryFigures>;
  /** Failed and uncertain deliveries go back to pending, and the notice runs again. Gives how many. */
  retry(id: string, which: Retry, by: string | null): Promise<number>;
  status(id: string): Promise<NoticeStatus | null>;
  statuses(process?: number | null): Promise<NoticeStatus[]>;
  history(id: string): Promise<NoticeEvent[]>;
  /** Adds a line to its record that changes nothing else. */
  note(id: string, event: Pick<NoticeEvent, 'what' | 'by' | 'detail'>): Promise<void>;
}

/** The defaults of a notice. */
export const BLANK_NOTICE: Omit<Notice, 'id' | 'kind' | 'texts'> = {
  buttons: [],
  audience: 'everyone',
  topic: null,
  attachment: null,
  onUncertain: 'hold',
  state: 'draft',
  at: null,
  zone: null,
  schedule: null,
  origin: null,
  turnOf: null,
  timeline: null,
  event: null,
  until: null,
  createdBy: null,
  scheduledBy: null,
  confirmed: null,
  approval: null,
  approvedBy: null,
  revision: 0,
};

/** A message that may or may not have arrived. */
export interface UnsureMessage {
  /** The recipient, by the key of the identity. */
  person: string;
  reason: string | null;
  /** When it was given up. */
  at: Date;
}

export const NOTICE_STATES = ['draft', 'scheduled', 'running', 'paused', 'done', 'cancelled'] as const;

export type NoticeState = (typeof NOTICE_STATES)[number];
