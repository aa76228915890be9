import type { OutboundMessage } from '../../core/message.ts';
import { milliseconds } from './durations.ts';
import { isOpenTo, stepAt } from './flowRegistry.ts';
import { anyLanguage, languagesOffered } from './languages.ts';
import { type Next, openAsk, phraseOf, put, type Run, WAITS, worded } from './run.ts';
import type { Ask, Flow } from './source/schema.ts';
import { acted, shownAbove } from './steps/act.ts';
import { buttons, type Pick, picksOf, readGiven } from './steps/ask.ts';
import { carries } from './steps/contribute.ts';
import { standingData } from './steps/standing.ts';
import type { Open } from './types.ts';
import { answersIn, asText, formatted, knownIn, labelsIn } from './values.ts';

/** A question whose answer was given beforehand (a form, a deep link) is passed over. */
export function reachAsk(run: Run, flow: Flow, step: Ask, next: string | null): Next {
  const { session } = run;
  if (!session) return null;
  if (step.ask === 'consent' && !step.consent?.to && run.person.consented) return next;
  const passed = step.ask === 'consent' ? null : passOver(run, flow, step, next);
  if (passed !== null) return passed.next;
  if (picksOf(step, run.world, () => '').length === 0 && ['choice', 'choices'].includes(step.ask)) return next;
  session.history = [...session.history.filter((id) => id !== step.id), step.id].slice(-50);
  openQuestion(run, step);
  ask(run, flow, step);
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
  const reading = readGiven(step, picks, blankOpen(run), given, () => knownIn(run, flow));
  if (reading.kind === 'answer') {
    session.answers[name] = reading.value;
    if (carries(flow, name)) session.messageAnswer = name;
    return { next: reading.next ?? next };
  }
  delete session.answers[name];
  return null;
}

export const blankOpen = (run: Run): Open => ({ nonce: '', askedAt: run.world.now, tries: 0, page: 0, picked: [] });

export function openQuestion(run: Run, step: Ask): void {
  if (!run.session) return;
  const { now, random } = run.world;
  run.session.open = { ...blankOpen(run), nonce: random(), picked: pickedBefore(run, step) };
  run.session.timeoutAt = step.timeout ? now + milliseconds(step.timeout.after) : null;
}

/** Several choices begin with those that were made before. */
function pickedBefore(run: Run, step: Ask): string[] {
  if (step.ask !== 'choices') return [];
  const before = [answersIn(run)[step.save ?? step.id]].flat();
  const values = picksOf(step, run.world, labelsIn(run)).map(({ value }) => value);
  return values.filter((value) => before.includes(value));
}

/** Says it, in its own words or in others. */
export function ask(run: Run, flow: Flow, step: Ask, words?: string): void {
  const open = run.session?.open;
  if (open) open.words = words;
  put(run, question(run, flow, step, words));
}

export function question(run: Run, flow: Flow, step: Ask, words?: string): OutboundMessage {
  const phrase = phraseOf(run);
  const picks = picksOf(step, run.world, labelsIn(run)).map((pick) =>
    step.menu
      ? { ...pick, opens: flowBehind(run, flow, pick.next) }
      : { ...pick, stands: standingOf(run, flow, step, pick) },
  );
  const open = run.session?.open as Open;
  const choices = [
    ...buttons(step, picks, open, run.person.language, run.world.languages, phrase),
    ...languagesOffered(run, step, open.nonce),
  ];
  const text = [words ?? formatted(run, flow, step.text), anyLanguage(run, step)].filter(Boolean).join('\n\n');
  return worded(run, text, choices.length > 0 ? choices : undefined);
}

/** What its button carries, so that it answers the question at any time. */
function standingOf(run: Run, flow: Flow, step: Ask, { value }: Pick): string | undefined {
  const carried = step.stands?.map((name) => asText(run.session?.answers[name]) ?? '');
  const askedAt = run.session?.open?.askedAt ?? run.world.now;
  const data = carried && standingData({ flow: flow.flow, step: step.id, value, carried, askedAt });
  return data ?? undefined;
}

/** The flow that a choice leads straight into. */
function flowBehind({ registry }: Run, flow: Flow, next: string | undefined): string | undefined {
  const step = next === undefined ? undefined : stepAt(flow, next);
  if (!step || !('jump' in step) || typeof step.jump === 'string' || step.jump.step !== undefined) return undefined;
  return isOpenTo(registry, step.jump.flow) ? step.jump.flow : undefined;
}

export function askAgain(run: Run): void {
  const at = openAsk(run);
  if (!at) return;
  // a question of the engine's own that stood before it is over, else the buttons shown now would not count
  delete at.open.asking;
  const above = shownAbove(at.flow, at.step);
  if (above) run.events.push(acted(run, above));
  ask(run, at.flow, at.step);
}
