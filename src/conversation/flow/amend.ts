import { plainText } from '../../core/message.ts';
import { evaluate } from './conditions.ts';
import { askAgain, question } from './question.ts';
import { flowOf, frameOf, openAsk, type Run } from './run.ts';
import type { Answer, Session } from './types.ts';
import { knownIn } from './values.ts';

/**
 * Changes what was answered before: what the flow has computed from it follows, and the open question is asked again where
 * it shows any of that.
 */
export function amend(run: Run, change: (session: Session) => void): void {
  const { session } = run;
  if (!session) return;
  const before = asked(run);
  const answers = { ...session.answers };
  change(session);
  compute(run, session, answers);
  if (asked(run) !== before) askAgain(run);
}

/** The same, for whoever asks again in any case. */
export function assign(run: Run, change: (session: Session) => void): void {
  const { session } = run;
  if (!session) return;
  const before = { ...session.answers };
  change(session);
  compute(run, session, before);
}

/** What has been computed before, of answers that have changed. */
function compute(run: Run, { answers }: Session, before: Record<string, Answer>): void {
  const changed = new Set(Object.keys(answers).filter((name) => answers[name] !== before[name]));
  const frame = frameOf(run);
  const flow = frame && flowOf(run, frame);
  const sets = flow?.steps.flatMap((step) => ('set' in step ? Object.entries(step.set) : [])) ?? [];
  for (const [name, source] of sets) {
    const names: string[] = source.match(/\w+/g) ?? [];
    if (!flow || !Object.hasOwn(answers, name) || !names.some((each) => changed.has(each))) continue;
    answers[name] = evaluate(source, knownIn(run, flow));
    changed.add(name);
  }
}

function asked(run: Run): string {
  const at = openAsk(run);
  return at ? plainText(question(run, at.flow, at.step)) : '';
}
