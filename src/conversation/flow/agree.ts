import { format } from '../../core/messageFormat.ts';
import { answer } from './answer.ts';
import type { FlowRegistry } from './flowRegistry.ts';
import { type At, openAsk, type Run } from './run.ts';
import type { Ask } from './source/schema.ts';
import { startUnlessBusy } from './start.ts';
import { begin } from './stepRunner.ts';
import type { World } from './types.ts';
import { processValues } from './values.ts';

const WELCOME = 'welcome';

/** The question of consent is answered, as by its button: the one that is open, or that of a welcome of which nothing is said. */
export function agree(run: Run): void {
  if (run.person.consented) return startUnlessBusy(run, { kind: 'begin', flow: WELCOME, answers: {} });
  const open = consentAsked(run);
  if (open) return press(run, open);
  const said = run.events.length;
  begin(run, WELCOME, {});
  run.events.splice(said);
  const at = consentAsked(run);
  if (at) press(run, at);
}

function consentAsked(run: Run): At | null {
  const at = openAsk(run);
  return at && asksConsent(at.step) ? at : null;
}

const asksConsent = ({ ask, consent }: Ask): boolean => ask === 'consent' && !consent?.to;

function press(run: Run, at: At): void {
  delete at.open.asking;
  answer(run, at, { kind: 'choice', data: `${at.open.nonce}:o0` });
}

/** What this is, and what is agreed to: the words of the welcome up to its question. */
export function welcomeWords(
  registry: FlowRegistry,
  language: string,
  world: World,
): { what: string; agreed: string[] } {
  const steps = registry.get(WELCOME)?.steps ?? [];
  const until = steps.findIndex((step) => 'ask' in step && asksConsent(step));
  const words = steps.slice(0, until + 1).flatMap((step) => {
    const text = 'say' in step ? step.say : 'ask' in step ? step.text : null;
    return text === null ? [] : [format(text, language, processValues(world, language), world.languages)];
  });
  const [what = '', ...agreed] = words;
  return { what, agreed };
}
