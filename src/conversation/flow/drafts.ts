import { milliseconds } from './durations.ts';
import { type FlowRegistry, stepAt } from './flowRegistry.ts';
import type { Flow } from './source/schema.ts';
import type { Session } from './types.ts';

/** Flows that hold what somebody said before anything asked for it. */
const HOLDS_WORDS = ['loose', 'welcome', 'respond'];

/** Whether something that a person has given, and not sent yet, would be lost. */
export function hasDraft({ registry, session }: { registry: FlowRegistry; session: Session | null }): boolean {
  if (!session) return false;
  const loose = session.stack.some((frame) => HOLDS_WORDS.includes(frame.flow));
  // Whoever goes on to something else loses nothing by it: see `settle`.
  if (loose && goesOnByItself(registry, session)) return false;
  if (loose && ['said', 'files'].some((name) => Object.hasOwn(session.answers, name))) return true;
  const drafts = session.stack.map((frame) => registry.get(frame.flow, frame.version)).filter((flow) => flow?.draft);
  return drafts.some((flow) => namesAsked(flow).some((name) => Object.hasOwn(session.answers, name)));
}

/** What was said has been asked about, and becomes something without an answer too. */
function goesOnByItself(registry: FlowRegistry, { stack, answers }: Session): boolean {
  const top = stack.at(-1);
  if (top?.flow === 'loose') return ['unclear', 'reference'].some((name) => Object.hasOwn(answers, name));
  const flow = top && registry.get(top.flow, top.version);
  const step = flow && stepAt(flow, top.step);
  return step !== undefined && 'ask' in step && step.timeout !== undefined;
}

/** Whether nobody has gone on with it for as long as its flow says; something half-given is kept. */
export function isExpired({ registry, session }: { registry: FlowRegistry; session: Session }, now: number): boolean {
  const frame = session.stack[0];
  const after = frame && registry.get(frame.flow, frame.version)?.expires;
  if (after === undefined || hasDraft({ registry, session })) return false;
  return now - session.seenAt >= milliseconds(after);
}

/** After this long without a word somebody has put the phone away. */
const BUSY_MS = 15 * 60_000;

/**
 * Until when somebody is in the middle of saying something (milliseconds since the epoch); null: they are not. Also of what is
 * added below a receipt, and whatever stays unfinished: nobody misses anything for long by that.
 */
export const busyUntil = (registry: FlowRegistry, session: Session | null): number | null =>
  session && isLeft(registry, session) ? session.seenAt + BUSY_MS : null;

const namesAsked = (flow: Flow | undefined): string[] =>
  (flow?.steps ?? []).flatMap((step) => ('ask' in step ? [step.save ?? step.id] : []));

/** Given by the application to what somebody begins by a button: without it they would have to look for that button again. */
export const BEGUN_WITH = ['reference', 'question_id', 'response_id'];
/** What is over with the next thing that somebody does. */
const PASSING = ['loose', 'member', 'reject', 'withdraw', 'stopped'];

/** Whether it is offered again to whoever goes on to something else, or stays silent. */
export function isLeft(registry: FlowRegistry, session: Session | null): boolean {
  if (!session?.open) return false;
  if (hasDraft({ registry, session })) return true;
  const { stack, answers } = session;
  return !PASSING.includes(stack[0]?.flow ?? '') && BEGUN_WITH.some((name) => Object.hasOwn(answers, name));
}
