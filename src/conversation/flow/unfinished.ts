import { plainText, say } from '../../core/message.ts';
import { shorten } from '../../core/split.ts';
import { hasDraft } from './drafts.ts';
import { question } from './question.ts';
import { openAsk, phraseOf, type Run } from './run.ts';
import type { Session } from './types.ts';

/** Nobody remembers what they began longer ago. */
const KEPT_MS = 30 * 86_400_000;
/** The oldest goes when somebody leaves more than that. */
const MOST_UNFINISHED = 5;
/** What the question that is still open takes of the message. */
const MOST_QUOTED = 600;
/** Given by the application to what somebody begins by a button: without it they would have to look for that button again. */
const BEGUN_WITH = ['reference', 'question_id', 'response_id'];
/** What is over with the next thing that somebody does. */
const PASSING = ['loose', 'withdraw', 'stopped'];

/** Somebody goes on to something else: what they have begun is kept, and offered to them again. */
export function leaveUnfinished(run: Run): void {
  const { session } = run;
  if (!session || !openAsk(run) || !isWorthKeeping(run, session)) return;
  const others = run.unfinished.filter((other) => !isSame(other, session));
  run.unfinished = [...others, { ...session, offered: undefined }].slice(-MOST_UNFINISHED);
}

function isWorthKeeping(run: Run, { stack, answers }: Session): boolean {
  if (!run.person.consented) return false;
  if (hasDraft(run)) return true;
  return !PASSING.includes(stack[0]?.flow ?? '') && BEGUN_WITH.some((name) => Object.hasOwn(answers, name));
}

const isSame = (one: Session, other: Session): boolean =>
  one.stack[0]?.flow === other.stack[0]?.flow &&
  [...BEGUN_WITH, 'what'].every((name) => one.answers[name] === other.answers[name]);

/** What was left is offered once when nothing else is open; later it is one `/back` away. */
export function offerUnfinished(run: Run): void {
  run.unfinished = run.unfinished.filter(({ seenAt }) => run.world.now - seenAt < KEPT_MS);
  const last = run.unfinished.at(-1);
  if (!last || last.offered || run.person.status === 'stopped' || !isAtRest(run)) return;
  offer(run, last, 'unfinished_ask');
}

const isAtRest = (run: Run): boolean => run.session === null || openAsk(run)?.step.menu === true;

/** @param words before the question that is still open */
export function offer(run: Run, left: Session, words: 'unfinished_ask' | 'reminder_unfinished'): void {
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
export function takeUp(run: Run, { id, offered: _, ...session }: Session): void {
  drop(run, id);
  run.session = { ...session, id, seenAt: run.world.now };
  if (session.open) run.session.open = { ...session.open, nonce: run.world.random() };
}

export function drop(run: Run, id: string): void {
  run.unfinished = run.unfinished.filter((each) => each.id !== id);
}

function questionOf(run: Run, session: Session): string | null {
  const its: Run = { ...run, session };
  const at = openAsk(its);
  if (!at) return null;
  const asked = shorten(plainText(question(its, at.flow, at.step)), MOST_QUOTED);
  const { reference } = session.answers;
  return typeof reference !== 'string' || asked.includes(reference) ? asked : `${reference}: ${asked}`;
}
