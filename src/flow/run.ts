import { type OutboundMessage, say } from '../domain/message.ts';
import { type FlowBook, following, stepAt } from './book.ts';
import { evaluate, holds } from './conditions.ts';
import { format } from './messages.ts';
import type { Ask, Flow, Step } from './source/schema.ts';
import { buttons, MOST_TEXT, type Phrase, picksOf, readGiven } from './steps/ask.ts';
import { contribute } from './steps/contribute.ts';
import type { Answer, Event, Frame, Open, Person, Session, World } from './types.ts';
import { formatted, knownIn, labelsIn } from './values.ts';

/** Ceilings: a flow that runs wild ends in a visible event. */
export const CEILINGS = { stepsATurn: 100, turnsASession: 500, depth: 20 };

/** One turn under way: the only mutable thing in the engine, born and gone inside `takeTurn`. */
export interface Run {
  book: FlowBook;
  world: World;
  person: Person;
  session: Session | null;
  events: Event[];
}

export const phraseOf =
  (run: Run): Phrase =>
  (key, values = {}) =>
    format(run.book.messages.texts[key] ?? key, run.person.language, values, run.world.languages);

export function tell(run: Run, key: string, values?: Record<string, string | number>): void {
  run.events.push({ kind: 'said', message: say(phraseOf(run)(key, values)) });
}

export const frameOf = (run: Run): Frame | undefined => run.session?.stack.at(-1);

export function flowOf(run: Run, frame: Frame): Flow | undefined {
  return run.book.get(frame.flow, frame.version);
}

/** The question that is open, if the session stands at one. */
export function openAsk(run: Run): { flow: Flow; step: Ask; open: Open } | null {
  const frame = frameOf(run);
  const flow = frame && flowOf(run, frame);
  const step = flow && frame && stepAt(flow, frame.step);
  return flow && step && 'ask' in step && run.session?.open ? { flow, step, open: run.session.open } : null;
}

/** @param answers their questions are passed over; null: passed over without an answer. */
export function begin(run: Run, id: string, answers: Record<string, Answer>): void {
  const flow = run.book.get(id);
  const first = flow?.steps[0];
  if (!flow || !first) return void fail(run, id, '', `There is no flow "${id}".`);
  run.session = {
    id: run.world.random(),
    stack: [{ flow: flow.flow, version: flow.version, step: first.id }],
    answers: Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== null)),
    given: Object.keys(answers),
    open: null,
    history: [],
    lastNonce: run.session?.lastNonce ?? null,
    messageId: null,
    turns: 0,
    startedAt: run.world.now,
    timeoutAt: null,
  };
  proceed(run, first.id);
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

/** The next step's id, null at the end of the flow, or `waits`. */
type Next = string | null | 'waits';
const WAITS = 'waits';

function runStep(run: Run, flow: Flow, step: Step): Next {
  const next = step.next ?? following(flow, step.id);
  if ('say' in step) {
    run.events.push({ kind: 'said', message: say(formatted(run, flow, step.say)) });
    return next;
  }
  if ('ask' in step) return reachAsk(run, flow, step, next);
  if ('branch' in step) {
    const known = knownIn(run, flow);
    return step.branch.find((arm) => holds(arm.when, known))?.goto ?? step.otherwise ?? next;
  }
  if ('set' in step) {
    const known = knownIn(run, flow);
    for (const [name, source] of Object.entries(step.set)) {
      const value = evaluate(source, known);
      if (typeof value === 'string' && value.length > MOST_TEXT)
        return fail(run, flow.flow, step.id, `"${name}" grew without end.`);
      setAnswer(run, name, value);
    }
    return next;
  }
  if ('contribute' in step) {
    const made = contribute(run, flow, step);
    if (made === null) return fail(run, flow.flow, step.id, 'There is nothing to contribute.');
    run.events.push(made);
    return next;
  }
  if ('show' in step) {
    run.events.push({ kind: 'shown', what: step.show });
    return next;
  }
  if ('call' in step) return enter(run, step.call);
  if ('jump' in step) return jump(run, step.jump);
  return null;
}

function setAnswer(run: Run, name: string, value: Answer): void {
  if (!run.session) return;
  if (value === null) delete run.session.answers[name];
  else run.session.answers[name] = value;
}

/** A question whose answer was given beforehand (a form, a deep link) is passed over. */
function reachAsk(run: Run, flow: Flow, step: Ask, next: string | null): Next {
  const { session } = run;
  if (!session) return null;
  if (step.ask === 'consent' && run.person.consented) return next;
  const passed = step.ask === 'consent' ? null : passOver(run, flow, step, next);
  if (passed !== null) return passed.next;
  if (picksOf(step, run.world, () => '').length === 0 && ['choice', 'choices'].includes(step.ask)) return next;
  session.history = [...session.history.filter((id) => id !== step.id), step.id].slice(-50);
  openQuestion(run, step);
  run.events.push({ kind: 'said', message: question(run, flow, step) });
  return WAITS;
}

/** Where a given answer leads; null when there is none, or it is none that this question takes. */
function passOver(run: Run, flow: Flow, step: Ask, next: string | null): { next: string | null } | null {
  const { session } = run;
  const name = step.save ?? step.id;
  if (!session?.given?.includes(name)) return null;
  session.given = session.given.filter((other) => other !== name);
  const given = Object.hasOwn(session.answers, name) ? session.answers[name] : undefined;
  if (given === undefined) return step.skip ? { next } : null;
  const picks = picksOf(step, run.world, labelsIn(run));
  const reading = readGiven(step, picks, blankOpen(run), given, knownIn(run, flow));
  if (reading.kind === 'answer') {
    session.answers[name] = reading.value;
    return { next: reading.next ?? next };
  }
  delete session.answers[name];
  return null;
}

export const blankOpen = (run: Run): Open => ({ nonce: '', askedAt: run.world.now, tries: 0, page: 0, picked: [] });

export function openQuestion(run: Run, step: Ask): void {
  if (!run.session) return;
  const { now, random } = run.world;
  run.session.open = { ...blankOpen(run), nonce: random() };
  run.session.timeoutAt = step.timeout ? now + milliseconds(step.timeout.after) : null;
}

export function question(run: Run, flow: Flow, step: Ask, words?: string): OutboundMessage {
  const phrase = phraseOf(run);
  const picks = picksOf(step, run.world, labelsIn(run));
  const open = run.session?.open as Open;
  const choices = buttons(step, picks, open, run.person.language, run.world.languages, phrase);
  return say(words ?? formatted(run, flow, step.text), choices.length > 0 ? choices : undefined);
}

function enter(run: Run, id: string, aside = false): Next {
  const flow = run.book.get(id);
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
  const flow = run.book.get(target.flow);
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
    run.session = null;
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

export function askAgain(run: Run): void {
  const at = openAsk(run);
  if (!at) return;
  // a question of the engine's own that stood before it is over, else the buttons shown now would not count
  delete at.open.asking;
  run.events.push({ kind: 'said', message: question(run, at.flow, at.step) });
}

/** Longer than anything a platform lets through: nothing of it is taken, and nothing else changes. */
export function refuseLength(run: Run, length: number): void {
  const { flow = '', step = '' } = frameOf(run) ?? {};
  run.events.push({ kind: 'failed', flow, step, why: `A text of ${length} characters.` });
  tell(run, 'wrong_too_long', { max: MOST_TEXT });
}

/** Trouble of an author's making: the person is told in plain words, the session ends. */
export function fail(run: Run, flow: string, step: string, why: string): 'waits' {
  run.events.push({ kind: 'failed', flow, step, why });
  tell(run, 'failed');
  run.session = null;
  return WAITS;
}

function milliseconds(duration: string): number {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = (found?.slice(1) ?? []).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
