import type { ContributionKind, ContributionState } from '../contributions/contribution.ts';
import type { Attachment } from '../core/inbound.ts';
import type { ResponseItem } from '../responses/response.ts';
import type { ThreadKind, ThreadPlace, ThreadState } from '../responses/thread.ts';
import type { Identity, Recorded } from './turn.ts';

export interface OwnContribution {
  reference: string;
  text: string;
  attachments: Attachment[];
  state: ContributionState;
  kind: ContributionKind;
  /** The name that is shown with it; null: none is. */
  shownName: string | null;
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

/** What the pages about somebody's own things need of them. */
export type OwnPerson = Pick<Identity, 'contributorId' | 'key' | 'language' | 'zone' | 'status' | 'consentVersion'>;

export interface OwnContributions {
  /** By identity key; null for somebody who has never been here. */
  person(key: string): Promise<OwnPerson | null>;
  /** The newest first, after skipping `from`. */
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

/** What somebody said in a thread, and the thread's state. */
export interface OwnThreadWords {
  id: string;
  reference: string;
  state: ThreadState;
  text: string;
  attachments: Attachment[];
  /** The message by which the thread knows them. */
  messageId: string;
}

/** A thread of somebody's own, in which what they say can continue. */
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
  /** The open one about that response: an objection if what is said is one. */
  openAbout(identityId: string, responseId: string, isObjection: boolean): Promise<OwnThreadPlace | null>;
  /** Whether its reader has said already that it is clear. */
  hasAccepted(responseId: string): Promise<boolean>;
}
