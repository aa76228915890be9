import { hasDraft } from './drafts.ts';
import { type At, close, openAsk, type Run } from './run.ts';
import { proceed } from './stepRunner.ts';
import type { Answer, Session } from './types.ts';

/** What somebody has said before anything asked for it; null: nothing. */
export function unaskedIn(session: Session | null): Record<string, Answer> | null {
  const found = Object.entries(session?.answers ?? {}).filter(([name]) => name === 'said' || name === 'files');
  return found.length > 0 ? Object.fromEntries(found) : null;
}

/** The question what the words are that somebody has said, where they become something without an answer too; null: none is open. */
export function pendingIn(run: Run): (At & { goto: string }) | null {
  const at = openAsk(run);
  const goto = at?.step.timeout?.goto;
  // What was asked besides an idea is recorded with it.
  if (run.session?.answers.unclear === 'also') return null;
  return !at || goto === undefined || hasDraft(run) || unaskedIn(run.session) === null ? null : { ...at, goto };
}

/** What was said and asked about becomes what it would have become without an answer. True when it was kept. */
export function settle(run: Run): boolean {
  const pending = pendingIn(run);
  if (!pending) return false;
  close(run, pending.open);
  proceed(run, pending.goto);
  return run.events.some(({ kind }) => kind === 'contributed' || kind === 'thread_opened');
}

/** The same for whoever leaves: what may be talk is passed on to nobody then. */
export const settleForGood = (run: Run): boolean => (run.session?.answers.unclear === undefined ? settle(run) : false);
