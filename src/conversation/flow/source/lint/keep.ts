import type { Problem } from '../../../../core/problem.ts';
import {
  fitsPreference,
  MOST_PLACE,
  PROFILE,
  type Preferences,
  STAKEHOLDER_GROUPS,
  WANTS,
} from '../../../../people/preferences.ts';
import { evaluate } from '../../conditions.ts';
import type { SourcePlace } from '../place.ts';
import type { Flow } from '../schema.ts';
import { answerOf } from './texts.ts';

/** What is kept of people is kept with their consent, and is something that the application knows. */
export function keepProblems({ step, flow, report }: SourcePlace): Problem[] {
  if (!('keep' in step)) return [];
  return Object.entries(step.keep).flatMap(([part, source]) => {
    if (source === undefined) return [];
    const field = part as keyof Preferences;
    const tell = (message: string, remedy: string) => report(['keep', part], message, remedy);
    const told = (PROFILE as readonly string[]).includes(part) && source.trim() !== 'null';
    const unfit = unfitFor(field, source, flow).map((value) =>
      tell(`"${value}" is nothing that \`${part}\` can be.`, remedyFor(field)),
    );
    if (!told || flow.steps.some((one) => 'ask' in one && one.consent?.to === 'profile')) return unfit;
    const remedy = 'Ask before: `ask: consent` with `consent: { version: "1", to: profile }`.';
    return [...unfit, tell(`\`${part}\` is kept, and nobody was asked for it.`, remedy)];
  });
}

function remedyFor(field: keyof Preferences): string {
  if (field === 'wants') return `There are: ${WANTS.join(', ')}.`;
  if (field === 'group') return `There are: ${STAKEHOLDER_GROUPS.join(', ')}, and null.`;
  return field === 'topics'
    ? 'It is a list, as `ask: choices` gives it.'
    : `It is a text of at most ${MOST_PLACE} characters.`;
}

/** The choices that the expression names, or the value that it is, as far as they cannot be kept there. */
function unfitFor(field: keyof Preferences, source: string, flow: Flow): string[] {
  const asks = flow.steps.flatMap((step) => ('ask' in step && answerOf(step) === source.trim() ? [step] : []));
  const values = asks.flatMap(({ ask, choices }) =>
    Array.isArray(choices) ? choices.map(({ value }) => (ask === 'choices' ? [value] : value)) : [],
  );
  const own = evaluate(source, {});
  return [...values, ...(own === null ? [] : [own])].filter((value) => !fitsPreference(field, value)).map(String);
}
