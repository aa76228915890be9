import type { Problem, Report } from '../../../../core/problem.ts';
import type { Path } from '../../../../core/yaml.ts';
import { milliseconds } from '../../durations.ts';
import { MOST_TEXT } from '../../steps/ask.ts';
import type { SourcePlace } from '../place.ts';
import type { Ask, Contribute } from '../schema.ts';

type Kind = Ask['ask'];

/** Keys of a question that mean something for some kinds alone. */
const ONLY_FOR: Partial<Record<keyof Ask, readonly Kind[]>> = {
  choices: ['choice', 'choices', 'place'],
  scale: ['rating'],
  media: ['text', 'place', 'media'],
  consent: ['consent'],
  declined: ['consent'],
};
/** What the answers of a kind can be held against. */
const CHECKS: Record<Kind, readonly (keyof NonNullable<Ask['check']>)[]> = {
  text: ['min', 'max', 'where', 'name', 'message'],
  place: ['min', 'max', 'where', 'message'],
  choices: ['min', 'max', 'where', 'message'],
  number: ['min', 'max', 'where', 'message'],
  date: ['min', 'max', 'where', 'message'],
  rating: ['min', 'max', 'where', 'message'],
  yesno: ['where', 'message'],
  media: ['message'],
  choice: [],
  consent: [],
};

/** Keys that say nothing where they stand, and what is missing beside others. */
export function keyProblems({ step, report }: SourcePlace): Problem[] {
  if ('ask' in step) return askProblems(step, report);
  if ('contribute' in step) return contributeProblems(step, report);
  if (('end' in step || 'jump' in step) && step.next !== undefined)
    return [report(['next'], '`next` is never followed from here.', 'Delete it.')];
  return [];
}

function askProblems(step: Ask, report: Report): Problem[] {
  return [
    ...misplaced(step, report),
    ...choiceProblems(step, report),
    ...consentProblems(step, report),
    ...trials(step, report),
    ...limitProblems(step, report),
    ...(step.timeout && milliseconds(step.timeout.after) === 0
      ? [report(['timeout', 'after'], 'the time-out lasts no time.', 'Write for example P3D for three days.')]
      : []),
  ];
}

function misplaced(step: Ask, report: Report): Problem[] {
  const keys = Object.entries(ONLY_FOR).filter(([key, kinds]) => key in step && !kinds.includes(step.ask));
  const checks = Object.keys(step.check ?? {}).filter((key) => !(CHECKS[step.ask] as string[]).includes(key));
  const remedy = (kinds: readonly Kind[]) => `Delete it, or ask for one of: ${kinds.join(', ')}.`;
  return [
    ...keys.map(([key, kinds]) => report([key], `\`${key}\` says nothing for \`ask: ${step.ask}\`.`, remedy(kinds))),
    ...checks.map((key) => {
      const message = `\`check.${key}\` says nothing for \`ask: ${step.ask}\`.`;
      return report(['check', key], message, 'Delete it: such an answer is not held against it.');
    }),
  ];
}

function choiceProblems(step: Ask, report: Report): Problem[] {
  if (step.ask !== 'choice' && step.ask !== 'choices') return [];
  if (!step.choices) return [report([], 'a choice without choices.', 'Add `choices`: themes, or a list.')];
  if (step.ask === 'choice' || !Array.isArray(step.choices)) return [];
  return step.choices.flatMap((option, at) =>
    option.next === undefined
      ? []
      : [
          report(
            ['choices', at, 'next'],
            'where several choices may be picked, none of them leads anywhere of its own.',
            'Use `ask: choice`, or a `branch` after it.',
          ),
        ],
  );
}

function consentProblems(step: Ask, report: Report): Problem[] {
  if (step.ask !== 'consent') return [];
  return [
    ...(step.consent
      ? []
      : [
          report(
            ['ask'],
            'a consent without the version of what is agreed to.',
            'Add `consent: { version: "1" }`, and count it up when the words change.',
          ),
        ]),
    ...(step.skip
      ? [report(['skip'], 'a consent cannot be skipped: nobody would have agreed.', 'Use `declined` instead.')]
      : []),
  ];
}

function trials(step: Ask, report: Report): Problem[] {
  if (step.retries !== undefined && step.otherwise === undefined && !step.skip)
    return [report(['retries'], 'when the tries are used up, it leads nowhere.', 'Add `otherwise`, or `skip: true`.')];
  if (step.retries === undefined && step.otherwise !== undefined)
    return [report(['otherwise'], '`otherwise` is never gone without `retries`.', 'Add `retries: 3`, or delete it.')];
  return [];
}

type Bound = { key: 'min' | 'max'; value: number | string };

function limitProblems(step: Ask, report: Report): Problem[] {
  const limits = (['min', 'max'] as const).flatMap((key): Bound[] => {
    const value = step.check?.[key];
    return value === undefined || !CHECKS[step.ask].includes(key) ? [] : [{ key, value }];
  });
  const odd = limits.filter(({ value }) => !(step.ask === 'date' ? isDate(value) : typeof value === 'number'));
  if (odd.length > 0)
    return odd.map(({ key }) =>
      report(
        ['check', key],
        `\`check.${key}\` must be ${step.ask === 'date' ? 'a date' : 'a number'} for \`ask: ${step.ask}\`.`,
        step.ask === 'date' ? 'Write for example "2027-03-31".' : 'Write for example 3.',
      ),
    );
  return impossible(step, Object.fromEntries(limits.map(({ key, value }) => [key, value])), report);
}

const isDate = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  new Date(`${value}T00:00Z`).toJSON()?.slice(0, 10) === value;

function impossible(step: Ask, { min, max }: Record<string, number | string>, report: Report): Problem[] {
  const path: Path = ['check', min === undefined ? 'max' : 'min'];
  if (min !== undefined && max !== undefined && min > max)
    return [report(path, `no answer is at least ${min} and at most ${max}.`, 'Exchange the two.')];
  const { least, most } = rangeOf(step);
  if ((typeof min === 'number' && min > most) || (typeof max === 'number' && max < least))
    return [report(path, `no answer fits: they go from ${least} to ${most}.`, 'Choose limits within that.')];
  return [];
}

/** Of what an answer is measured by: characters, picks, or the number itself. */
function rangeOf(step: Ask): { least: number; most: number } {
  if (step.ask === 'text' || step.ask === 'place') return { least: 1, most: MOST_TEXT };
  if (step.ask === 'rating') return { least: 1, most: step.scale ?? 5 };
  if (Array.isArray(step.choices)) return { least: 0, most: step.choices.length };
  return { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
}

function contributeProblems(step: Contribute, report: Report): Problem[] {
  const problems: Problem[] = [];
  if (step.text === undefined && !step.textOf?.length && !step.attachments?.length)
    problems.push(report(['contribute'], 'there is nothing to contribute.', 'Add `textOf`, `text` or `attachments`.'));
  if (step.text !== undefined && step.textOf)
    problems.push(report(['text'], '`text` is not read beside `textOf`.', 'Keep one of the two.'));
  if (step.attributionName !== undefined && step.attribution === undefined)
    problems.push(
      report(['attributionName'], 'no name is shown without `attribution`.', 'Add `attribution`, or delete the name.'),
    );
  if (step.contribute === 'answer' && step.question === undefined)
    problems.push(
      report(['contribute'], 'whatever this answer belongs to is not said.', 'Add `question: question_id`.', 'warning'),
    );
  return problems;
}
