import { isDoublePress } from './answer.ts';
import { hasDraft } from './drafts.ts';
import { askAgain } from './question.ts';
import { openAsk, type Run } from './run.ts';
import { pendingIn } from './settle.ts';
import { startUnlessBusy } from './start.ts';
import { aside } from './stepRunner.ts';

/** What is only looked at: it needs no end of what is open. */
export const ASIDES = new Set(['mine', 'privacy', 'timeline', 'questions']);

/** A menu's button begins its flow at any time; whoever has given something half is asked first, and loses nothing. */
export function openFromMenu(run: Run, flow: string): void {
  if (run.session?.stack[0]?.flow === flow && openAsk(run)) return isDoublePress(run) ? undefined : askAgain(run);
  if ((hasDraft(run) || pendingIn(run)) && ASIDES.has(flow)) return aside(run, flow);
  const at = openAsk(run);
  if (at?.step.menu && !hasDraft(run) && !run.session?.later) {
    run.events.push({ kind: 'ended', flow: at.flow.flow, how: 'completed' });
    run.session = null;
  }
  startUnlessBusy(run, { kind: 'begin', flow, answers: {} });
}
