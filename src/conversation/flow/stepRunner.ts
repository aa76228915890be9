import type { Part } from '../../contributions/parts.ts';
import { NO_PREFERENCES } from '../../people/preferences.ts';
import { evaluate, holds } from './conditions.ts';
import type { Contributed, Event } from './events.ts';
import { following, stepAt } from './flowRegistry.ts';
import { partsOfSaid } from './held.ts';
import { askAgain, openQuestion, reachAsk } from './question.ts';
import { CEILINGS, fail, flowOf, frameOf, type Next, type Run, WAITS, worded } from './run.ts';
import type { Flow, Keep, Step } from './source/schema.ts';
import { acted } from './steps/act.ts';
import { amended } from './steps/amendStep.ts';
import { MOST_TEXT } from './steps/ask.ts';
import { answersOf, carries, contribute } from './steps/contribute.ts';
import { keep } from './steps/keep.ts';
import { openThread } from './steps/thread.ts';
import { askedBesides } from './talk.ts';
import type { Answer, AskedBesides, Begin, Session } from './types.ts';
import { asText, formatted, knownIn } from './values.ts';

/**
 * @param answers their questions are passed over; null: passed over without an answer.
 * @param parts which messages the words among them came with
 */
export function begin(run: Run, id: string, answers: Record<string, Answer>, parts: Part[] = []): void {
  const flow = run.registry.get(id);
  const first = flow?.steps[0];
  if (!flow || !first) return void fail(run, id, '', `There is no flow "${id}".`);
  run.session = sessionOf(run, flow, answers, parts);
  run.begun = true;
  proceed(run, first.id);
}

/** The conversation of a flow that has just begun. */
export function sessionOf(run: Run, flow: Flow, answers: Record<string, Answer>, parts: Part[]): Session {
  return {
    id: run.world.random(),
    process: run.world.process.id,
    stack: [{ flow: flow.flow, version: flow.version, step: flow.steps[0]?.id ?? '' }],
    answers: Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== null)),
    given: Object.keys(answers),
    ...(parts.length > 0 && { parts }),
    ...([answers.said, answers.files].some(Boolean) && carries(flow, 'said') && { messageAnswer: 'said' }),
    open: null,
    history: [],
    lastNonce: run.session?.lastNonce ?? null,
    turns: 0,
    startedAt: run.world.now,
    seenAt: run.world.now,
    timeoutAt: null,
  };
}

/** What was filled in elsewhere while something else was open has its turn, one after the other. */
export function beginLater(run: Run, later: Begin[] | undefined): void {
  const [first, ...others] = later ?? [];
  // Whoever does not agree gives nothing.
  if (!first || !run.person.consented) return;
  begin(run, first.flow, first.answers, partsOfSaid(first.answers, first.messageId ?? null, first.holds));
  if (run.session && others.length > 0) run.session.later = others;
}

/** Runs steps from this one on, until a question waits or the conversation ends. */
export function proceed(run: Run, from: string | null): void {
  let next = from;
  for (let count = 0; run.session; count++) {
    const frame = frameOf(run);
    const flow = frame && flowOf(run, frame);
    if (!frame || !flow)
      return void fail(run, frame?.flow ?? '', frame?.step ?? '', 'This flow or its version is gone.');
    if (count >= CEILINGS.stepsATurn)
      return void fail(run, frame.flow, frame.step, `More than ${CEILINGS.stepsATurn} steps in one turn.`);
    if (next === null) {
      const outcome = leaveFlow(run, 'completed');
      if (outcome === 'waits') return;
      next = outcome;
      continue;
    }
    const step = stepAt(flow, next);
    if (!step) return void fail(run, frame.flow, next, 'There is no such step.');
    frame.step = step.id;
    const outcome = runStep(run, flow, step);
    if (outcome === 'waits') return;
    next = outcome;
  }
}

function runStep(run: Run, flow: Flow, step: Step): Next {
  const next = step.next ?? following(flow, step.id);
  if ('ask' in step) return reachAsk(run, flow, step, next);
  if ('branch' in step) {
    const known = knownIn(run, flow);
    return step.branch.find((arm) => holds(arm.when, known))?.goto ?? step.otherwise ?? next;
  }
  if ('set' in step) return assign(run, flow, step.id, step.set) ?? next;
  if ('call' in step) return enter(run, step.call);
  if ('jump' in step) return jump(run, step.jump);
  if ('end' in step) return null;
  if ('keep' in step) return remember(run, flow, step) ?? next;
  if ('amend' in step) {
    const event = amended(run, flow, step);
    if (event) run.events.push(event);
    return next;
  }
  const event = eventOf(run, flow, step);
  if (event === null) return fail(run, flow.flow, step.id, 'There is nothing to contribute.');
  run.events.push(event);
  if (event.kind === 'contributed') run.besides = besidesOf(run, event);
  return next;
}

/** What was taken for a question before has had its answer. */
function besidesOf(run: Run, { contribution: { text } }: Contributed): AskedBesides | null {
  const { told, unclear } = run.session?.answers ?? {};
  return told || unclear === 'question' ? null : askedBesides(run, text);
}

/** Null: all is well. */
function assign(run: Run, flow: Flow, step: string, values: Record<string, string>): Next {
  const known = knownIn(run, flow);
  for (const [name, source] of Object.entries(values)) {
    const value = evaluate(source, known);
    if (typeof value === 'string' && value.length > MOST_TEXT)
      return fail(run, flow.flow, step, `"${name}" grew without end.`);
    setAnswer(run, name, value);
  }
  return null;
}

/** Null: all is well. */
function remember(run: Run, flow: Flow, step: Keep): Next {
  const kept = keep(run, flow, step);
  if (typeof kept === 'string') return fail(run, flow.flow, step.id, `"${kept}" cannot be what the answers make it.`);
  // Whoever has stopped and then says what shall reach them is there again.
  if (run.person.status === 'stopped') run.events.push({ kind: 'restarted', words: kept.words });
  run.person.status = 'active';
  run.events.push(kept);
  run.person.own = { ...(run.person.own ?? NO_PREFERENCES), ...kept.own };
  return null;
}

type Telling = Exclude<
  Step,
  | { ask: unknown }
  | { branch: unknown }
  | { set: unknown }
  | { keep: unknown }
  | { call: unknown }
  | { jump: unknown }
  | { end: unknown }
  | { amend: unknown }
>;

/** What a step that neither asks nor leads elsewhere has to tell the application; null when it would be nothing. */
function eventOf(run: Run, flow: Flow, step: Telling): Event | null {
  if ('say' in step) return { kind: 'said', message: worded(run, formatted(run, flow, step.say)) };
  if ('show' in step) return { kind: 'shown', what: step.show };
  if ('contribute' in step) return contribute(run, flow, step);
  if ('thread' in step) return openThread(run, flow, step);
  const answer = (name: string) => asText(run.session?.answers[name]) ?? '';
  if ('accept' in step) return { kind: 'accepted', response: answer(step.accept) };
  if ('act' in step) return acted(run, step);
  if ('edit' in step) {
    const { words, files } = answersOf(run);
    return { kind: 'edited', reference: answer(step.edit), words: words([step.text]), files: files(step.attachments) };
  }
  if ('withdraw' in step) return { kind: 'withdrawn', reference: answer(step.withdraw) };
  return erased(run, answer(step.erase));
}

/** Nothing of theirs goes on into what is said after it. What cannot be read as `words` keeps none. */
function erased(run: Run, remains: string): Event {
  run.person = { language: run.person.language, consented: false, status: 'active' };
  if (run.session) Object.assign(run.session, { answers: {}, later: undefined, parts: undefined });
  run.unfinished = [];
  return { kind: 'erased', remains: remains === 'words' ? 'words' : 'count' };
}

function setAnswer(run: Run, name: string, value: Answer): void {
  if (!run.session) return;
  if (value === null) delete run.session.answers[name];
  else run.session.answers[name] = value;
}

function enter(run: Run, id: string, aside = false): Next {
  const flow = run.registry.get(id);
  const first = flow?.steps[0];
  if (!run.session || !flow || !first) return fail(run, id, '', `There is no flow "${id}".`);
  if (run.session.stack.length >= CEILINGS.depth) return fail(run, id, '', 'Flows call each other without end.');
  const caller = frameOf(run);
  if (caller) caller.history = run.session.history;
  run.session.history = [];
  run.session.stack.push({ flow: flow.flow, version: flow.version, step: first.id, ...(aside && { aside }) });
  return first.id;
}

/** Something short in between, after which the open question is asked again. */
export function aside(run: Run, id: string): void {
  const first = enter(run, id, true);
  if (run.session && first !== WAITS) proceed(run, first);
}

function jump(run: Run, target: string | { flow: string; step?: string | undefined }): Next {
  if (typeof target === 'string') return target;
  const flow = run.registry.get(target.flow);
  const frame = frameOf(run);
  const first = target.step ?? flow?.steps[0]?.id;
  if (!flow || !frame || first === undefined) return fail(run, target.flow, '', `There is no flow "${target.flow}".`);
  run.events.push({ kind: 'ended', flow: frame.flow, how: 'completed' });
  Object.assign(frame, { flow: flow.flow, version: flow.version, step: first });
  if (run.session) run.session.history = [];
  return first;
}

/** Ends the innermost flow and says where its caller goes on. */
export function leaveFlow(run: Run, how: 'completed' | 'cancelled' | 'left' | 'timed_out'): Next {
  const frame = run.session?.stack.pop();
  if (!run.session || !frame) return null;
  run.events.push({ kind: 'ended', flow: frame.flow, how });
  const caller = frameOf(run);
  if (!caller) {
    const { later } = run.session;
    run.session = null;
    beginLater(run, later);
    return WAITS;
  }
  run.session.history = caller.history ?? [];
  delete caller.history;
  const flow = flowOf(run, caller);
  const step = flow && stepAt(flow, caller.step);
  if (frame.aside) {
    if (step && 'ask' in step && !run.session.open) openQuestion(run, step);
    askAgain(run);
    return WAITS;
  }
  return flow && step ? (step.next ?? following(flow, step.id)) : null;
}
