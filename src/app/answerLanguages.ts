import { ELEMENTS, type ResponseLanguages } from '../domain/records.ts';
import { elementFor } from '../domain/responseLanguages.ts';
import { answerIn } from '../domain/sheet.ts';
import type { CheckedDecision, KnownContribution } from '../domain/sheetCheck.ts';
import { baseLanguage, languageName } from '../domain/texts.ts';
import { tellLanguage } from './language.ts';

/** A decision, and the language that its reader has chosen or the platform tells. */
export interface Answer {
  decision: CheckedDecision;
  reads: KnownContribution['reads'];
}

export type TellLanguages = (answer: Answer) => ResponseLanguages['languages'];

/** Looks at the texts of these answers once; what it gives tells of the same texts, and of no others. */
export async function languagesIn(answers: readonly Answer[], languages: readonly string[]): Promise<TellLanguages> {
  const told = new Map<string, string>();
  const keyOf = (text: string, reads: string | null) => `${answerIn(reads, languages)} ${text}`;
  for (const { decision, reads } of answers)
    for (const text of ELEMENTS.map((element) => decision[element])) {
      const key = keyOf(text, reads);
      const language = told.has(key) ? null : await tellLanguage(text, answerIn(reads, languages), languages);
      if (language !== null) told.set(key, language);
    }
  return ({ decision, reads }) =>
    Object.fromEntries(
      ELEMENTS.flatMap((element) => {
        const language = told.get(keyOf(decision[element], reads));
        return language ? [[element, language]] : [];
      }),
    );
}

/** Which rows are answered in a language that their reader does not read, so that it will be marked. */
export function foreignAnswers(
  answers: readonly Answer[],
  tell: TellLanguages,
  languages: readonly string[],
): string[] {
  const groups = new Map<string, { reads: string; language: string; rows: number[]; elements: Set<string> }>();
  for (const answer of answers)
    for (const { element, language } of foreignTexts(answer, tell, languages)) {
      const reads = answerIn(answer.reads, languages);
      const key = `${reads} ${language}`;
      const group = groups.get(key) ?? { reads, language, rows: [], elements: new Set() };
      if (group.rows.at(-1) !== answer.decision.row) group.rows.push(answer.decision.row);
      group.elements.add(element);
      groups.set(key, group);
    }
  return [...groups.values()].map(({ reads, language, rows, elements }) => {
    const [own, other] = [languageName(reads, 'en'), languageName(language, 'en')];
    const many = rows.length > 1;
    return (
      `${rowsInWords(rows)} ${many ? 'are' : 'is'} read in ${own}, but ${many ? 'seem' : 'seems'} to be written in ${other} ` +
      `(${[...elements].join(', ')}), and will be marked so. Write ${own}, or add columns such as ${[...elements][0]}.${baseLanguage(reads)}.`
    );
  });
}

function foreignTexts(answer: Answer, tell: TellLanguages, languages: readonly string[]) {
  const frame = answerIn(answer.reads, languages);
  const said = { ...answer.decision, languages: tell(answer) };
  return ELEMENTS.flatMap((element) => {
    const { foreign } = elementFor(said, element, { own: answer.reads ?? frame, frame });
    return foreign === null ? [] : [{ element, language: foreign }];
  });
}

const MOST_NAMED = 10;

function rowsInWords(rows: readonly number[]): string {
  if (rows.length === 1) return `Row ${rows[0]}`;
  const named = rows.slice(0, MOST_NAMED).join(', ');
  return `Rows ${named}${rows.length > MOST_NAMED ? ` and ${rows.length - MOST_NAMED} more` : ''}`;
}
