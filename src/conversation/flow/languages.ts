import type { Choice } from '../../core/message.ts';
import { format } from '../../core/messageFormat.ts';
import { languageFor, languageName } from '../../core/texts.ts';
import type { FlowRegistry } from './flowRegistry.ts';
import { plain } from './plain.ts';
import type { Run } from './run.ts';
import type { Ask } from './source/schema.ts';

/** A language in its own words. */
export function ownName(language: string): string {
  const name = languageName(language, language);
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/**
 * The language that these words name, by its code or by its name in any of the languages; undefined where they name none.
 * @param readers languages in which its name is known besides
 */
export function languageNamed(
  words: string,
  languages: readonly string[],
  readers: readonly string[] = [],
): string | undefined {
  const word = plain(words);
  return word === '' || word.length > LONGEST_NAME ? undefined : languagesByName(languages, readers).get(word);
}

/** No language is called by more; most of what people say is longer. */
export const LONGEST_NAME = 40;

function languagesByName(languages: readonly string[], readers: readonly string[]): ReadonlyMap<string, string> {
  const key = `${languages.join()};${readers.join()}`;
  const byName = known.get(key) ?? namesOf(languages, [...languages, ...readers, 'en']);
  known.set(key, byName);
  return byName;
}

function namesOf(languages: readonly string[], readers: readonly string[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (const language of languages) {
    const names = [...new Set([language, ...readers])].flatMap((reader) => namesIn(language, reader));
    for (const name of [language.toLowerCase(), ...names]) if (!byName.has(name)) byName.set(name, language);
  }
  return byName;
}

/** Chinese has two words for each, 英语 and 英文; Arabic writes its "in" and the name as one. */
function namesIn(language: string, reader: string): string[] {
  const name = plain(languageName(language, reader));
  return [name, reader === 'ar' ? `ب${name}` : name.replace(/[语語]$/u, '文')];
}

/** Making names takes longer than all else of a turn, and there are few. */
const known = new Map<string, ReadonlyMap<string, string>>();

/** Whoever is first asked for consent can choose a language there. */
const offersLanguages = ({ ask, consent }: Ask): boolean => ask === 'consent' && !consent?.to;

/** What stands below that question for somebody whose app speaks none of our languages. */
export function languagesOffered({ person, world }: Run, step: Ask, nonce: string): Choice[] {
  if (!person.foreign || !offersLanguages(step)) return [];
  return world.languages.flatMap((language, index) =>
    language === person.language ? [] : [{ label: ownName(language), data: `${nonce}:l${index}` }],
  );
}

/** That any language may be written, and which we answer in: in theirs, if we have it. */
export function anyLanguage(run: Run, step: Ask): string {
  const { foreign } = run.person;
  return foreign && offersLanguages(step) ? anyLanguageIn(run, foreign) : '';
}

export function anyLanguageIn({ registry, person, world }: Run, language: string): string {
  const texts = anyLanguageTexts(registry);
  const read = languageFor(texts, language, [person.language]);
  const languages = new Intl.ListFormat(read, { type: 'disjunction' }).format(
    world.languages.map((each) => languageName(each, read)),
  );
  return format(texts, read, { languages });
}

function anyLanguageTexts({ messages }: FlowRegistry): Record<string, string> {
  const texts = messages.texts.any_language ?? {};
  return typeof texts === 'string' ? { en: texts } : texts;
}

/** Languages that we have a line in, whether the process speaks them or not: somebody may wish for one of them. */
export const languagesKnown = ({ registry, world }: Pick<Run, 'registry' | 'world'>): string[] => [
  ...new Set([...world.languages, ...Object.keys(anyLanguageTexts(registry))]),
];

/** The language that was pressed or typed there. */
export function languageChosen(run: Run, step: Ask, nonce: string, said: string): string | undefined {
  if (!offersLanguages(step)) return undefined;
  const { languages } = run.world;
  return (
    languages.find((_, index) => said === `${nonce}:l${index}`) ?? languageNamed(said, languages, languagesKnown(run))
  );
}

export function speak(run: Run, language: string): void {
  run.took = null;
  run.person.language = language;
  delete run.person.foreign;
  const { process, inLanguage } = run.world;
  run.world = { ...run.world, process: { ...process, ...inLanguage?.(language) } };
  run.events.push({ kind: 'language', language });
}
