import type { Catalog } from '../../../../core/messageFormat.ts';
import type { Problem } from '../../../../core/problem.ts';
import { plain } from '../../plain.ts';
import type { SourcePlace } from '../place.ts';
import type { Ask, Flow } from '../schema.ts';
import { answerOf } from './texts.ts';
import { wordsOf } from './words.ts';

/** Telegram's keyboard; lists page long before, and nobody pages through that many. */
const MOST_CHOICES = 100;
/** A number as people write it, and a date in words. */
const NUMBER_SIZE = 20;

/** How long the value of a name can become, as far as the flow's author decides it; what people write may be any length. */
export function sizesIn(flow: Flow): (name: string) => number {
  const sizes = new Map<string, number>();
  for (const step of flow.steps) {
    if (!('ask' in step)) continue;
    const name = answerOf(step);
    sizes.set(name, Math.max(sizes.get(name) ?? 0, sizeOf(step)));
  }
  return (name) => sizes.get(name) ?? 0;
}

function sizeOf(step: Ask): number {
  if (step.ask === 'number' || step.ask === 'date') return NUMBER_SIZE;
  if (!Array.isArray(step.choices)) return 0;
  const labels = step.choices.map(({ label }) => Math.max(...wordsOf(label).map((words) => words.length)));
  return step.ask === 'choice' ? Math.max(...labels) : labels.reduce((sum, length) => sum + length + 2, 0);
}

/** Choices that are too many, or that cannot be told apart when somebody types them. */
export function choiceProblems(place: SourcePlace, messages: Catalog): Problem[] {
  const { step, report } = place;
  if (!('ask' in step) || !Array.isArray(step.choices)) return [];
  const many = step.choices.length > MOST_CHOICES;
  const message = `there are ${step.choices.length} choices, ${MOST_CHOICES} fit.`;
  return [
    ...(many ? [report(['choices'], message, 'Ask in two steps, the second by the answer to the first.')] : []),
    ...sameValues(place, step.choices),
    ...sameLabels(place, step.choices),
    ...shadowing(place, step, messages),
  ];
}

type Options = Exclude<Ask['choices'], string | undefined>;

function sameValues({ report }: SourcePlace, options: Options): Problem[] {
  const seen = new Set<string>();
  return options.flatMap(({ value }, at) => {
    const twice = seen.has(value);
    seen.add(value);
    const message = `two choices have the value "${value}".`;
    return twice ? [report(['choices', at, 'value'], message, 'Give each a value of its own.')] : [];
  });
}

/** Typed answers are compared without case and accents, and in every language: of two that are alike the first is taken. */
function sameLabels({ report }: SourcePlace, options: Options): Problem[] {
  const owners = new Map<string, number>();
  return options.flatMap(({ value, label }, at) => {
    const typed = [...new Set(wordsOf(label).map(plain))].filter((words) => words !== '');
    const before = typed.map((words) => owners.get(words)).find((owner) => owner !== undefined);
    const counted = typed.map(Number).find((number) => Number.isInteger(number) && number !== at + 1);
    for (const words of typed) if (!owners.has(words)) owners.set(words, at);
    const path = ['choices', at, 'label'];
    if (before !== undefined) {
      const message = `typed, "${value}" cannot be told from "${options[before]?.value}": a label of both is the same.`;
      return [report(path, message, 'Make the labels different in every language, by more than case and accents.')];
    }
    if (counted === undefined || counted < 1 || counted > options.length) return [];
    const message = `whoever types ${counted} gets "${value}", and may have meant choice number ${counted}.`;
    return [report(path, message, 'Put the choice in that place, or write the number in words.', 'warning')];
  });
}

/** An open question's labels go before the words that stand for commands; those for leaving go before everything. */
function shadowing({ report }: SourcePlace, step: Ask, { words, texts }: Catalog): Problem[] {
  const buttons = [...(step.skip ? ['skip'] : []), ...(step.ask === 'choices' ? ['done'] : [])];
  const own = new Map(buttons.flatMap((key) => wordsOf(texts[key] ?? {}).map((label) => [plain(label), key])));
  return (step.choices as Options).flatMap(({ value, label }, at) => {
    const typed = wordsOf(label).map(plain);
    const button = typed.find((each) => own.has(each));
    const command = typed.find((each) => Object.hasOwn(words, each));
    const path = ['choices', at, 'label'];
    if (button !== undefined) {
      const message = `typed, "${value}" cannot be told from the button "${own.get(button)}" below the question.`;
      return [report(path, message, 'Choose another label.')];
    }
    if (command === undefined) return [];
    const effect = words[command] === 'stop' ? 'it ends everything' : 'it is this answer';
    const message = `the label "${command}" of "${value}" is also the word for /${words[command]}; typed, ${effect}.`;
    return [report(path, message, 'Choose another label, or take the word out of messages.yaml.', 'warning')];
  });
}
