import { askAgain } from './question.ts';
import { openAsk, type Run, tell } from './run.ts';
import { settle } from './settle.ts';
import { askFirst } from './start.ts';
import { proceed } from './stepRunner.ts';
import type { Session } from './types.ts';
import { drop, leaveUnfinished, offerAgain, takeUp } from './unfinished.ts';

/** Whatever else was begun meanwhile is kept in its turn. */
export function goOnWith(run: Run, left: Session): void {
  if (askFirst(run, null)) return offerAgain(run, left);
  settle(run);
  leaveUnfinished(run);
  takeUp(run, left);
  askAgain(run);
}

/** It is not offered again. */
export function leaveFor(run: Run, { id, stack }: Session): void {
  drop(run, id);
  run.events.push({ kind: 'ended', flow: stack[0]?.flow ?? '', how: 'left' });
  tell(run, 'cancelled');
  askAgain(run);
}

/** One question back; where nothing is open, to what was left unfinished. */
export function goBack(run: Run): void {
  const at = openAsk(run);
  const left = run.unfinished.at(-1);
  if ((!at || at.step.menu) && left) return goOnWith(run, left);
  if (!at || !run.session) return tell(run, 'nothing_open');
  delete at.open.asking;
  const steps = new Set(at.flow.steps.map((step) => step.id));
  const history = run.session.history.filter((id) => steps.has(id) && id !== at.step.id);
  const previous = history.pop();
  if (previous === undefined) {
    tell(run, 'nothing_before');
    return askAgain(run);
  }
  run.session.history = history;
  proceed(run, previous);
}
