import { say } from '../../core/message.ts';
import { readingOf } from './answer.ts';
import { askAgain } from './question.ts';
import { type At, openAsk, phraseOf, type Run } from './run.ts';
import { isWork } from './steps/act.ts';
import { isQuestion, talkInAnswer } from './talk.ts';
import type { Input } from './types.ts';
import { leaveUnfinished, offer } from './unfinished.ts';
import { formatted } from './values.ts';

/**
 * What a member says in between who writes to somebody, or decides: thanks are answered, a question is explained, and whoever
 * wants to leave does, with everything kept. True when it was that.
 */
export function answersAtWork(run: Run, at: At, said: string): boolean {
  const { step } = at;
  if (step.ask !== 'text' && readingOf(run, at, said) !== null) return false;
  const talk = talkInAnswer(run, said, 'thread');
  if (talk?.kind === 'leave') return layAside(run);
  const words = talk?.kind === 'small' ? talk.answer && phraseOf(run)(talk.answer) : explanation(run, at, said);
  if (words === undefined) return false;
  if (words !== null) run.events.push({ kind: 'said', message: say(words) });
  askAgain(run);
  return true;
}

/** What is meant by the question; undefined where nobody asks. Whoever says it once more means it. */
function explanation(run: Run, { flow, step, open }: At, said: string): string | undefined {
  if (step.help === undefined || open.tries > 0 || !isQuestion(run, said)) return undefined;
  open.tries += 1;
  return [formatted(run, flow, step.help), phraseOf(run)('work_again')].join('\n\n');
}

/** What a member leaves is kept, with a button by which they go on. False where nothing of that kind is open. */
export function layAside(run: Run): boolean {
  const at = openAsk(run);
  if (!at || !isWork(at.flow) || !leaveUnfinished(run)) return false;
  run.events.push({ kind: 'ended', flow: at.flow.flow, how: 'left' });
  run.session = null;
  const left = run.unfinished.at(-1);
  if (left) offer(run, left, 'work_left');
  return true;
}

/** A word for it, which from a command differs: that means everything. */
export const leavesWork = (run: Run, input: Input): boolean =>
  input.kind === 'text' && !input.text.trim().startsWith('/') && layAside(run);
