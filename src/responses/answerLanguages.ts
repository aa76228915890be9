import { tellLanguage } from '../core/detectLanguage.ts';
import { baseLanguage, languageName } from '../core/texts.ts';
import { ELEMENTS, type Element, type ResponseLanguages } from './decision.ts';
import { elementFor } from './languages.ts';
import type { CheckedDecision } from './sheet/check.ts';
import type { KnownContribution } from './sheet/rows.ts';
import { answerIn } from './sheet/sheet.ts';

/** A decision, and its reader's language: the one they chose, or else what the platform reports. */
export interface AnswerText {
  decision: CheckedDecision;
  reads: KnownContribution['reads'];
}

/** The language of each element, as far as that is plain. */
export type ElementLanguages = ResponseLanguages['languages'];
export type TellLanguages = (answer: AnswerText) => ElementLanguages;

/** Detects the languages of these answers once; the result holds for these answers only. */
export async function languagesIn(
  answers: readonly AnswerText[],
  languages: readonly string[],
): Promise<TellLanguages> {
  const told = new Map<string, ResponseLanguages['languages']>();
  const keyOf = ({ decision, reads }: AnswerText) =>
    JSON.stringify([answerIn(reads, languages), ...ELEMENTS.map((element) => decision[element])]);
  for (const answer of answers) {
    const key = keyOf(answer);
    if (!told.has(key)) told.set(key, await languagesOf(answer, languages));
  }
  return (answer) => told.get(keyOf(answer)) ?? {};
}

/**
 * A cell too short to tell its language is judged together with the other short cells of its row, or else by the whole
 * row.
 */
export async function languagesOf(
  { decision, reads }: { decision: Record<Element, string>; reads: string | null },
  languages: readonly string[],
): Promise<ElementLanguages> {
  const tell = (...texts: string[]) => tellLanguage(texts.join(' '), answerIn(reads, languages), languages);
  const written = ELEMENTS.filter((element) => /\p{L}/u.test(decision[element]));
  const alone = new Map<Element, string>();
  for (const element of written) {
    const language = await tell(decision[element]);
    if (language !== null) alone.set(element, language);
  }
  const texts = (elements: readonly Element[]) => elements.map((element) => decision[element]);
  const short = written.filter((element) => !alone.has(element));
  const together = short.length === 0 ? null : ((await tell(...texts(short))) ?? (await tell(...texts(written))));
  return Object.fromEntries(
    written.flatMap((element) => {
      const language = alone.get(element) ?? together;
      return language === null ? [] : [[element, language]];
    }),
  );
}

/**
 * The language of a text, if it is clearly not one that the person reads. @param reads the language they chose, or what
 * the platform reports
 */
export async function foreignTo(
  reads: string | null,
  text: string,
  languages: readonly string[],
): Promise<string | null> {
  const frame = answerIn(reads, languages);
  const language = await tellLanguage(text, frame, languages);
  const read = [reads ?? frame, frame].map(baseLanguage);
  return language === null || read.includes(baseLanguage(language)) ? null : language;
}

/** The rows whose answer is in a language that their reader does not read, which will be marked. */
export function foreignAnswers(
  answers: readonly AnswerText[],
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

function foreignTexts(answer: AnswerText, tell: TellLanguages, languages: readonly string[]) {
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
