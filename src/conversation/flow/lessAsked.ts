import { intentOf } from './intents.ts';
import { isOptional } from './misfits.ts';
import { askToStop } from './ownQuestions.ts';
import { close, openAsk, type Run, tell } from './run.ts';
import { settle } from './settle.ts';
import type { Input } from './types.ts';

/** Who wants only the answers, or no more questions; null: neither. */
export const lessIn = ({ registry }: Pick<Run, 'registry'>, said: string): 'answers' | 'unasked' | null =>
  intentOf(registry.intents, said, ['answers', 'unasked']) as 'answers' | 'unasked' | null;

/** What they want is done, and is no part of what they say. True when it was that. */
export function askedLess(run: Run, { text }: Extract<Input, { kind: 'text' }>): boolean {
  const wanted = lessIn(run, text);
  if (wanted === null) return false;
  if (wanted === 'answers') askToStop(run, text.trim());
  else endQuestions(run);
  run.took = null;
  return true;
}

/** What is asked about words that were said is settled without an answer; what may be passed over is. */
function endQuestions(run: Run): void {
  tell(run, 'asked_enough');
  const at = openAsk(run);
  if (!at || settle(run)) return;
  if (at.flow.flow !== 'loose' && !isOptional(at)) return;
  if (run.session?.open) close(run, at.open);
  run.session = null;
}
