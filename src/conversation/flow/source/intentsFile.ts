import { z } from 'zod';
import { meant } from '../../../core/didYouMean.ts';
import type { Problem, Report } from '../../../core/problem.ts';
import { APART, comparable, INTENTS, listed } from '../intents.ts';
import type { Yaml } from './file.ts';
import { reportIn } from './place.ts';
import { shapeProblems } from './shape.ts';

const NAMES = [...INTENTS, 'filler'] as const;
const phrases = z.string().transform(listed);
const byLanguage = z.record(z.string(), phrases);
const intentsFile = z.record(z.string(), byLanguage);

const HINT = 'Write `intent:` and below it `en: phrase, another phrase`; the file shipped with Hearback shows it.';

export type PhraseLists = Record<string, string[]>;

/** Phrases of all languages by intent, and what is wrong with the file. */
export function checkIntents(yaml: Yaml, file: string): { intents: PhraseLists; problems: Problem[] } {
  const report = reportIn({ file, lineAt: yaml.lineAt });
  if (yaml.value === null) return { intents: {}, problems: yaml.problems };
  const shape = shapeProblems(intentsFile, yaml.value, report, { hint: HINT });
  const { data } = intentsFile.safeParse(yaml.value);
  if (!data) return { intents: {}, problems: [...yaml.problems, ...shape] };
  return {
    intents: Object.fromEntries(Object.entries(data).map(([name, lists]) => [name, Object.values(lists).flat()])),
    problems: [...yaml.problems, ...nameProblems(data, report), ...twofold(data, report)],
  };
}

type Data = z.infer<typeof intentsFile>;

function nameProblems(data: Data, report: Report): Problem[] {
  const unknown = Object.keys(data).filter((name) => !(NAMES as readonly string[]).includes(name));
  const lacking = NAMES.filter((name) => !Object.hasOwn(data, name));
  return [
    ...unknown.map((name) => report([name], `"${name}" is not read.`, meant(name, NAMES), 'warning')),
    ...lacking.map((name) => report([], `"${name}" is missing.`, 'Add it, with the phrases of each language.')),
  ];
}

/** An answer that is a yes as well as a no would be taken for whichever comes first. */
function twofold(data: Data, report: Report): Problem[] {
  const owners = new Map<string, string>();
  return APART.flatMap((name) =>
    Object.entries(data[name] ?? {}).flatMap(([language, list]) =>
      list.flatMap((phrase) => {
        const other = owners.get(comparable(phrase));
        owners.set(comparable(phrase), name);
        if (other === undefined || other === name) return [];
        const message = `"${phrase}" means "${other}" as well as "${name}".`;
        return [report([name, language], message, 'Take it away from one of them.')];
      }),
    ),
  );
}
