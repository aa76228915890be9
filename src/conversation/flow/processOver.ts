import type { Contributed, Event } from './events.ts';
import { phraseOf, type Run, tell } from './run.ts';
import type { Flow } from './source/schema.ts';
import { contribute } from './steps/contribute.ts';
import type { Begin, Session } from './types.ts';

/**
 * Nothing is asked any more for a process that is over: what was given so far goes for its record as it is, and the person is
 * told. A conversation that holds nothing for it goes on in the process that is open now.
 * @param before the id of the session before this turn
 */
export function endWithProcess(run: Run, before: string | undefined): void {
  const { session, world } = run;
  if (run.person.status === 'stopped') return;
  concludeUnfinished(run);
  if (!session) return recorded(run);
  if (session.process === world.process.id && !world.process.closed) return;
  // On the way to a question, say by way of consent, it stays with the process that the question is of.
  if (!gathers(run, session)) session.process = 'question_id' in session.answers ? session.process : world.process.id;
  else if (session.id === before) conclude(run, session);
  else refuse(run);
}

/** What was recorded in this turn is not promised an answer any more, or comes too late. */
function recorded(run: Run): void {
  const { id, closed, name } = run.world.process;
  const isLate = (event: Event) => event.kind === 'contributed' && (closed || event.contribution.process !== id);
  if (!run.events.some(isLate)) return;
  if (run.begun) {
    run.events = run.events.filter((event) => !isLate(event));
    return tell(run, 'process_closed', { process_name: name });
  }
  run.events = run.events.map((event) =>
    event.kind === 'contributed' && isLate(event) ? unpromised(run, event) : event,
  );
}

const unpromised = (run: Run, event: Contributed): Contributed => ({
  ...event,
  offers: [],
  gatherMs: 0,
  receipt: phraseOf(run)('process_over_kept', { reference: '{reference}' }),
});

/** Whoever begins after the end is told so at once, and that they will hear of the next one where they will. */
function refuse(run: Run): void {
  end(run);
  const words = run.person.consented ? 'process_closed' : 'process_closed_to_newcomer';
  tell(run, words, { process_name: run.world.process.name });
}

function conclude(run: Run, session: Session): void {
  const kept = [session, ...(session.later ?? []).map((begin) => filledIn(run, session, begin))].flatMap((draft) =>
    inDraft(run, draft),
  );
  end(run);
  if (kept.length === 0) tell(run, 'process_over');
  run.events.push(...kept);
}

/** What was left for something else goes for the record as well. */
function concludeUnfinished(run: Run): void {
  const { id, closed } = run.world.process;
  const over = run.unfinished.filter((left) => (closed || left.process !== id) && gathers(run, left));
  run.unfinished = run.unfinished.filter((left) => !over.includes(left));
  run.events.push(...over.flatMap((left) => inDraft(run, left)));
}

/** The question that was about to be asked is not. */
function end(run: Run): void {
  const flow = run.session?.stack[0]?.flow ?? '';
  run.events = run.events.filter((event) => !run.asked.includes(event));
  run.events.push({ kind: 'ended', flow, how: 'closed' });
  run.session = null;
}

/** What somebody has filled in elsewhere, as the conversation that it would have become. */
function filledIn(run: Run, { process }: Session, { flow, answers }: Begin): Session {
  const version = run.registry.get(flow)?.version ?? '';
  const stack = [{ flow, version: String(version), step: '' }];
  return { ...(run.session as Session), process, stack, answers, parts: undefined, messageAnswer: undefined };
}

/** The contribution that is in it so far; none without consent, without words, or where these may be talk. */
function inDraft(run: Run, draft: Session): Event[] {
  if (!run.person.consented || Object.hasOwn(draft.answers, 'unclear')) return [];
  const [flow] = gathering(run, draft);
  const step = flow?.steps.find((each) => 'contribute' in each);
  if (!flow || !step || !('contribute' in step)) return [];
  const made = contribute({ ...run, session: draft }, flow, step);
  return made ? [unpromised(run, made)] : [];
}

const gathers = (run: Run, session: Session): boolean => gathering(run, session).length > 0;

/** The flows it stands in that give words to the process; what is said to an answer does not, however late it comes. */
const gathering = ({ registry }: Run, { stack }: Session): Flow[] =>
  stack
    .map(({ flow, version }) => registry.get(flow, version))
    .filter((flow) => flow !== undefined)
    .filter(({ steps }) => steps.some((step) => 'contribute' in step));
