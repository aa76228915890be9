import type { Choice } from '../../core/message.ts';
import { languageName, textFor } from '../../core/texts.ts';
import { plain } from './plain.ts';
import type { Run } from './run.ts';
import type { Ask } from './source/schema.ts';
import { labelsIn } from './values.ts';

/** A language in its own words. */
export function ownName(language: string): string {
  const name = languageName(language, language);
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** The language that these words name, by its code or by its name in any of the languages; undefined where they name none. */
export function languageNamed(words: string, languages: readonly string[]): string | undefined {
  const word = plain(words);
  return word === '' ? undefined : languages.find((language) => namesOf(language, languages).includes(word));
}

function namesOf(language: string, languages: readonly string[]): readonly string[] {
  const key = [language, ...languages].join();
  const names = known.get(key) ?? [
    language.toLowerCase(),
    ...new Set([...languages, 'en'].map((reader) => plain(languageName(language, reader)))),
  ];
  known.set(key, names);
  return names;
}

/** Making names takes longer than all else of a turn, and there are few. */
const known = new Map<string, readonly string[]>();

/** Whoever is first asked for consent can choose a language there. */
const offersLanguages = ({ ask, consent }: Ask): boolean => ask === 'consent' && !consent?.to;

/** What stands below that question for somebody whose app speaks none of our languages. */
export function languagesOffered({ person, world }: Run, step: Ask, nonce: string): Choice[] {
  if (!person.foreign || !offersLanguages(step)) return [];
  return world.languages.flatMap((language, index) =>
    language === person.language ? [] : [{ label: ownName(language), data: `${nonce}:l${index}` }],
  );
}

/** That any language may be written: in theirs, if we have it. */
export function anyLanguage(run: Run, step: Ask): string {
  const { foreign, language } = run.person;
  if (!foreign || !offersLanguages(step)) return '';
  return textFor(labelsIn(run)('any_language'), foreign, [language]);
}

/** The language that was pressed or typed there. */
export function languageChosen(run: Run, step: Ask, nonce: string, said: string): string | undefined {
  if (!offersLanguages(step)) return undefined;
  const { languages } = run.world;
  return languages.find((_, index) => said === `${nonce}:l${index}`) ?? languageNamed(said, languages);
}

export function speak(run: Run, language: string): void {
  run.took = null;
  run.person.language = language;
  delete run.person.foreign;
  const { process, inLanguage } = run.world;
  run.world = { ...run.world, process: { ...process, ...inLanguage?.(language) } };
  run.events.push({ kind: 'language', language });
}
