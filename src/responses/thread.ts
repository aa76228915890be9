import type { ThreadCounts } from '../contributions/ledger.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Attachment } from '../core/inbound.ts';
import type { Role } from '../people/member.ts';
import type { ProcessDefinition } from '../process/process.ts';
import type { DecisionKind } from './decision.ts';

export const THREAD_KINDS = ['question', 'disagreement', 'misunderstanding'] as const;
export type ThreadKind = (typeof THREAD_KINDS)[number];
export const isThreadKind = (word: unknown): word is ThreadKind => THREAD_KINDS.some((kind) => kind === word);

/** `open`: the person waits; `answered`: nobody waits; `closed`: it has ended, until the person goes on. */
export const THREAD_STATES = ['open', 'answered', 'closed'] as const;
export type ThreadState = (typeof THREAD_STATES)[number];

/** Who may answer: objections to a decision are for those who decide. */
const ANSWERED_BY: Record<ThreadKind, readonly Role[]> = {
  question: ['organizer', 'forum'],
  disagreement: ['forum'],
  misunderstanding: ['forum'],
};
export const rolesFor = (kind: ThreadKind): readonly Role[] => ANSWERED_BY[kind];
export const mayAnswer = ({ roles }: { roles: readonly Role[] }, kind: ThreadKind): boolean =>
  roles.some((role) => ANSWERED_BY[kind].includes(role));
/** The role whose members are told in their chats: only one, so that not everybody is called for everything. */
export const toldRole = (kind: ThreadKind): Role => ANSWERED_BY[kind][0] ?? 'forum';

/**
 * Whether this member may answer: not what another is answering, and not what has ended. @param member null: at the
 * terminal, for everybody
 */
export const takesAnswer = (
  { state, assigned }: { state: ThreadState; assigned: string | null },
  member: string | null,
): boolean => state === 'open' || (state === 'answered' && (member === null || assigned === member));

/** How soon an answer is due, and for how long a question asks for words. */
export interface ThreadTerms {
  answerDays: number;
  goOnHours: number;
}
export const threadTerms = ({ threads }: Pick<ProcessDefinition, 'threads'>): ThreadTerms => ({
  answerDays: threads?.answerDays ?? 7,
  goOnHours: threads?.goOnHours ?? 24,
});
export const dueFrom = (now: number, { answerDays }: ThreadTerms): Date => new Date(now + answerDays * 86_400_000);

/** What a thread is about: the contribution, and the decision on it that its author has read. */
export interface ThreadSubject {
  reference: string;
  text: string;
  decision: DecisionKind;
}

export interface ThreadLine {
  id: string;
  reference: string;
  kind: ThreadKind;
  state: ThreadState;
  /** The member who answers it; null: whoever comes first. */
  assigned: string | null;
  openedAt: Date;
  dueAt: Date;
  closedBy: string | null;
  channel: ChannelName;
  /** The person's last words. */
  said: string;
  /** The contribution that it is about; null: it is to the organizers. */
  about: string | null;
}

export interface ThreadMessage {
  /** A member, or `operator`; null: the person. */
  by: string | null;
  text: string;
  attachments: Attachment[];
  at: Date;
  /** What the person had written before they changed it, the oldest first. */
  earlier: string[];
}

export interface Thread extends Omit<ThreadLine, 'about' | 'said'> {
  about: ThreadSubject | null;
  /** The language that its person has chosen, or that the platform tells. */
  reads: string | null;
  messages: ThreadMessage[];
}

/** After a response: what its readers made of it. */
export const STANCES = ['accepted', 'disputed', 'silent'] as const;
export type Stance = (typeof STANCES)[number];

export interface ThreadFilter {
  /** The id of the process; the current one when left out. */
  process?: number;
  state?: ThreadState;
  kinds?: readonly ThreadKind[];
  /** About this contribution, by its reference. */
  about?: string;
}

/** A thread of somebody's own. */
export interface ThreadPlace {
  id: string;
  reference: string;
}

/** What is read of threads. */
export interface ThreadReading {
  /** Threads, those that wait longest first. */
  list(filter?: ThreadFilter): Promise<ThreadLine[]>;
  /** Null when no thread has that reference. */
  find(reference: string): Promise<Thread | null>;
  counts(process?: number | null, now?: Date): Promise<ThreadCounts>;
  stances(process?: number | null): Promise<Record<Stance, number>>;
}

/** How somebody is answered in their chat. */
export interface ThreadReader {
  identityId: string;
  key: string;
  channel: ChannelName;
  language: string | null;
  /** They can be reached now. */
  active: boolean;
  /** Their message that is answered. */
  messageId: string | null;
}

/** A file that a member answers with. */
export interface AnswerFile extends Pick<Attachment, 'kind' | 'seconds'> {
  name: string;
  mime: string;
  bytes: Uint8Array;
}

/** A thread that is locked until what is done to it is stored. */
export interface HeldThread extends Pick<ThreadLine, 'id' | 'reference' | 'kind' | 'state' | 'assigned'> {
  reader: ThreadReader;
}

export interface ThreadWrites {
  /** Null when no thread has that reference. */
  hold(reference: string): Promise<HeldThread | null>;
  /** Stores an answer; its files then belong to the person, each under a name of its own. */
  answer(
    thread: HeldThread,
    answer: { by: string; text: string; files: (AnswerFile & { ref: string })[]; at: Date },
  ): Promise<void>;
  /** Tells the person what was done. Gives the id of the delivery; null: they cannot be reached now. */
  tell(thread: HeldThread, messages: object[], at: Date): Promise<string | null>;
  /** From now on this member is told what is said there, starting with what waits for an answer. */
  assign(id: string, member: string): Promise<void>;
  close(id: string, by: string, at: Date): Promise<void>;
}
