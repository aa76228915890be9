/** What words can belong to. */
export type Subject =
  /** A thread of their own. */
  | { kind: 'thread'; id: string; reference: string }
  /** The thread of somebody else, who waits for their answer: they are a member. */
  | { kind: 'member'; reference: string }
  /** The forum's response to their contribution of this reference, which began with these words. */
  | { kind: 'response'; id: string; reference: string; words: string }
  /** One of several responses: nobody knows which. */
  | { kind: 'responses' }
  | { kind: 'question'; id: string; process: number }
  /** The draft of the plan, as a notice has asked for comments on it. */
  | { kind: 'comment' }
  /** What they have given before. */
  | { kind: 'contribution'; reference: string };

/** Something of late that asks for words, or has taken them; moments in milliseconds since the epoch. */
export interface Recent {
  at: number;
  subject: Subject;
  /** Their own words in a thread, which ask for no more: that more of them follows is asked about elsewhere. */
  said?: true;
}

export interface Occasion {
  /** When the platform took the words in. */
  at: number;
  /** What the message is about that they answer by the platform's own means; null: none, or none of ours. */
  replyTo: Subject | null;
  /** The question that stands open in the conversation; null: none does. */
  open: { askedAt: number; subject: Subject | null } | null;
  recent: readonly Recent[];
}

/** Whoever has been asked something so lately is answering that, whatever else has come meanwhile: people type slowly. */
const ANSWERING_MS = 15 * 60_000;

/** Telegram tells in whole seconds when something was said. */
const WHOLE_SECOND_MS = 1_000;

/** Whether the open question is so new that nothing else needs to be looked at. */
export const isAnswering = ({ at, open }: Pick<Occasion, 'at' | 'open'>): boolean =>
  open !== null && at - open.askedAt <= ANSWERING_MS;

/**
 * What somebody's words belong to: what they answer by the platform's own means; else the newest that asks for words, the open
 * question among it; else nothing, and they are an idea. What they have said themselves since is an end of what was asked before.
 * @param withinMs how long a notice, a response or an answer in a thread asks for words
 */
export function belongsTo(occasion: Occasion, withinMs: number): Subject | 'open' | 'idea' {
  const { at, open, replyTo } = occasion;
  if (replyTo !== null) return open && isSame(open.subject, replyTo) ? 'open' : replyTo;
  if (isAnswering(occasion)) return 'open';
  // What came after the words was not what they meant.
  const recent = occasion.recent.filter((each) => each.at < at + WHOLE_SECOND_MS && at - each.at <= withinMs);
  const newest = newestOf(recent);
  if (open && (newest === null || newest.at <= open.askedAt)) return 'open';
  // An addition to what they have just given is asked about elsewhere.
  if (newest === null || newest.subject.kind === 'contribution') return 'idea';
  if (newest.said) return isAnswered(newest, recent) ? newest.subject : 'idea';
  return isOneOfSeveral(newest, recent) ? { kind: 'responses' } : newest.subject;
}

/** For how long what somebody says against an answer of the forum is about that, also after other things. */
export const OBJECTING_MS = 60 * 24 * 3_600_000;

/**
 * What words are about that speak by themselves of an answer of the forum: the newest that came before them, or one of those
 * that came with it, where nobody knows which; null: there is none.
 * @param withinMs how far apart answers come together
 */
export function answerMeant(
  at: number,
  answers: readonly Recent[],
  withinMs: number,
): Extract<Subject, { kind: 'response' | 'responses' }> | null {
  const before = answers.filter((each) => each.at < at + WHOLE_SECOND_MS && at - each.at <= OBJECTING_MS);
  const newest = newestOf(before);
  if (newest?.subject.kind !== 'response') return null;
  const together = before.filter((each) => newest.at - each.at <= withinMs);
  return isOneOfSeveral(newest, together) ? { kind: 'responses' } : newest.subject;
}

const newestOf = (recent: readonly Recent[]): Recent | null =>
  recent.reduce<Recent | null>((last, each) => (last && last.at >= each.at ? last : each), null);

/** Whether somebody was answered in that thread: they may go on in it whatever they have said there since. */
const isAnswered = ({ subject }: Recent, recent: readonly Recent[]): boolean =>
  recent.some((other) => !other.said && isSame(other.subject, subject));

const isOneOfSeveral = (newest: Recent, recent: readonly Recent[]): boolean =>
  newest.subject.kind === 'response' &&
  recent.some(
    (other) => other !== newest && other.subject.kind === 'response' && !isSame(other.subject, newest.subject),
  );

function isSame(left: Subject | null, right: Subject): boolean {
  if (left?.kind !== right.kind) return false;
  return nameOf(left) === nameOf(right);
}

function nameOf(subject: Subject): string {
  if (subject.kind === 'responses' || subject.kind === 'comment') return '';
  return 'id' in subject ? subject.id : subject.reference;
}
