import { plainText, say } from '../../core/message.ts';
import { shorten } from '../../core/split.ts';
import { BEGUN_WITH, isLeft } from './drafts.ts';
import { ask, question } from './question.ts';
import { openAsk, phraseOf, type Run, tell } from './run.ts';
import { isWork } from './steps/act.ts';
import type { Session } from './types.ts';
import { formatted } from './values.ts';

/** Nobody remembers what they began longer ago. */
const KEPT_MS = 30 * 86_400_000;
/** The oldest goes when somebody leaves more than that. */
const MOST_UNFINISHED = 5;
/** What the question that is still open takes of the message. */
const MOST_QUOTED = 600;
/** Somebody goes on to something else: what they have begun is kept, and offered to them again. True when it was. */
export function leaveUnfinished(run: Run): boolean {
  const { session } = run;
  const at = openAsk(run);
  if (!session || !at || !isLeft(run.registry, session)) return false;
  // Members work here whether they take part or not.
  if (!run.person.consented && !isWork(at.flow)) return false;
  const others = run.unfinished.filter((other) => !isSame(other, session));
  run.unfinished = [...others, { ...session, offered: undefined }].slice(-MOST_UNFINISHED);
  return true;
}

/** Begun twice by the same button; two comments, say, are two. */
const isSame = (one: Session, other: Session): boolean =>
  one.stack[0]?.flow === other.stack[0]?.flow &&
  BEGUN_WITH.some((name) => Object.hasOwn(one.answers, name)) &&
  [...BEGUN_WITH, 'what'].every((name) => one.answers[name] === other.answers[name]);

/** Somebody has been silent for long: what they say next belongs to what they are reminded of. */
export function remind(run: Run, hasGiven: boolean): void {
  if (leaveUnfinished(run)) run.session = null;
  const left = run.unfinished.at(-1);
  if (left) return remindOf(run, left);
  if (hasGiven) return;
  const at = openAsk(run);
  if (!at) return tell(run, 'reminder_nothing');
  const words = phraseOf(run)('reminder_nothing');
  const { flow, step } = at;
  ask(run, flow, step, step.menu ? words : `${words}\n\n${formatted(run, flow, step.text)}`);
}

function remindOf(run: Run, left: Session): void {
  offer(run, left, 'reminder_unfinished');
  const { now } = run.world;
  run.unfinished = run.unfinished.map((each) => (each.id === left.id ? { ...each, remindedAt: now } : each));
}

/** What is said so soon after a reminder is about what that was of. */
const REMINDED_MS = 86_400_000;

/** Where nothing is open, words go on with what somebody has just been reminded of, without its button. */
export function takeUpReminded(run: Run): void {
  const left = run.unfinished.at(-1);
  if (!isAtRest(run) || left?.remindedAt === undefined || run.world.now - left.remindedAt > REMINDED_MS) return;
  takeUp(run, left);
}

/** What was left is offered once when nothing else is open; later it is one `/back` away. */
export function offerUnfinished(run: Run): void {
  const { session, world } = run;
  const isOpen = (left: Session) => session !== null && isSame(left, session);
  run.unfinished = run.unfinished.filter((left) => world.now - left.seenAt < KEPT_MS && !isOpen(left));
  const last = run.unfinished.at(-1);
  if (!last || last.offered || run.person.status === 'stopped' || !isAtRest(run)) return;
  offer(run, last, 'unfinished_ask');
}

const isAtRest = (run: Run): boolean => run.session === null || openAsk(run)?.step.menu === true;

/** @param words before the question that is still open */
export function offer(run: Run, left: Session, words: 'unfinished_ask' | 'reminder_unfinished' | 'work_left'): void {
  const asked = questionOf(run, left);
  if (asked === null) return void drop(run, left.id);
  const phrase = phraseOf(run);
  const message = say(`${phrase(words)}\n\n${asked}`, [
    { label: phrase('leave_no'), data: `${GO_ON}${left.id}` },
    { label: phrase('leave_yes'), data: `${LEAVE}${left.id}` },
  ]);
  run.unfinished = run.unfinished.map((each) => (each.id === left.id ? { ...each, offered: true } : each));
  run.events.push({ kind: 'offered', message });
}

const GO_ON = 'on:';
const LEAVE = 'off:';

/** Which of them a button means, and whether to go on with it; null for every other button. */
export function unfinishedIn(run: Run, data: string): { left: Session; goesOn: boolean } | null {
  const prefix = [GO_ON, LEAVE].find((each) => data.startsWith(each));
  const left = prefix && run.unfinished.find(({ id }) => data === `${prefix}${id}`);
  return left ? { left, goesOn: prefix === GO_ON } : null;
}

/** It is open again, where it was left. */
export function takeUp(run: Run, { id, offered: _, remindedAt: __, ...session }: Session): void {
  drop(run, id);
  run.session = { ...session, id, seenAt: run.world.now };
  if (session.open) run.session.open = { ...session.open, nonce: run.world.random() };
}

/** When nothing else is open. */
export function offerAgain(run: Run, { id }: Session): void {
  run.unfinished = run.unfinished.map((each) => (each.id === id ? { ...each, offered: undefined } : each));
}

export function drop(run: Run, id: string): void {
  run.unfinished = run.unfinished.filter((each) => each.id !== id);
}

function questionOf(run: Run, session: Session): string | null {
  const its: Run = { ...run, session };
  const at = openAsk(its);
  if (!at) return null;
  const asked = shorten(plainText(question(its, at.flow, at.step)), MOST_QUOTED);
  const { reference, named = reference } = session.answers;
  if (typeof reference !== 'string' || typeof named !== 'string' || asked.includes(reference)) return asked;
  return `${named.charAt(0).toUpperCase()}${named.slice(1)}: ${asked}`;
}
