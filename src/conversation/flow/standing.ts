import { textFor } from '../../core/texts.ts';
import { answer } from './answer.ts';
import { isOpenToStopped, stepAt } from './flowRegistry.ts';
import { type At, openAsk, type Run } from './run.ts';
import type { Ask } from './source/schema.ts';
import { startUnlessBusy } from './start.ts';
import { type Pick, picksOf } from './steps/ask.ts';
import { isGood, readStanding, type Standing } from './steps/standing.ts';
import type { Input } from './types.ts';
import { asText, labelsIn } from './values.ts';

/** What such a button answers, as its flow is now. */
interface Pressed extends Standing {
  ask: Ask;
  picks: Pick[];
  index: number;
}

/** Presses a button that stands whatever is asked by now. True when it was one. */
export function pressesStanding(run: Run, input: Input): boolean {
  const pressed = input.kind === 'choice' ? pressedIn(run, input.data) : null;
  if (!pressed) return false;
  if (run.person.status === 'stopped' && !isOpenToStopped(pressed.flow)) return true;
  const at = openAsk(run);
  if (at && isAsked(run, at, pressed)) pressOpen(run, at, pressed);
  else beginAt(run, pressed);
  return true;
}

function pressedIn(run: Run, data: string): Pressed | null {
  const standing = readStanding(data);
  const flow = standing && run.registry.get(standing.flow);
  const step = flow && stepAt(flow, standing.step);
  if (!standing || !step || !('ask' in step) || step.stands?.length !== standing.carried.length) return null;
  const picks = picksOf(step, run.world, labelsIn(run));
  const index = picks.findIndex(({ value }) => value === standing.value);
  return index < 0 ? null : { ...standing, ask: step, picks, index };
}

const isAsked = (run: Run, { flow, step }: At, pressed: Pressed): boolean =>
  flow.flow === pressed.flow &&
  step.id === pressed.step &&
  (step.stands ?? []).every((name, at) => asText(run.session?.answers[name]) === pressed.carried[at]);

function pressOpen(run: Run, at: At, { index }: Pressed): void {
  delete at.open.asking;
  answer(run, at, { kind: 'choice', data: `${at.open.nonce}:o${index}` });
}

/** As if its question had been asked just now, and was answered; what else is open is left as by any other button. */
function beginAt(run: Run, { flow, ask, picks, index, value, carried, askedAt }: Pressed): void {
  const given = Object.fromEntries((ask.stands ?? []).map((name, at) => [name, carried[at] ?? null]));
  run.words = textFor(picks[index]?.label ?? '', run.person.language, run.world.languages);
  forget(run, flow, given);
  startUnlessBusy(run, {
    kind: 'begin',
    flow,
    answers: { ...given, ...(isGood(askedAt, run.world.now) && { [ask.save ?? ask.id]: value }) },
  });
}

/** What was left at that question is not offered again. */
function forget(run: Run, flow: string, given: Record<string, string | null>): void {
  run.unfinished = run.unfinished.filter(
    ({ stack, answers }) =>
      stack[0]?.flow !== flow || Object.entries(given).some(([name, value]) => asText(answers[name]) !== value),
  );
}
