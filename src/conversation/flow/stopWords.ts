import type { Catalog } from '../../core/messageFormat.ts';
import type { Texts } from '../../core/texts.ts';

export interface Unleavable {
  language: string;
  /** There is no word in it that stops everything. */
  word: boolean;
  /** There are sentences of the bot that are not written in it. */
  texts: boolean;
}

/** The languages in which somebody could not leave, or would not be answered, in their own words. */
export function languagesWithoutStop(
  { texts, wordLanguages = {} }: Catalog,
  languages: readonly string[],
): Unleavable[] {
  const spoken = new Set((wordLanguages.stop ?? []).map(base));
  const all = Object.values(texts);
  return languages
    .map((language) => ({
      language,
      word: !spoken.has(base(language)),
      texts: !all.every((text) => speaks(text, language)),
    }))
    .filter(({ word, texts: lacking }) => word || lacking);
}

/** The same as sentences for an organizer. */
export const leavingWarnings = (catalog: Catalog, languages: readonly string[]): string[] =>
  languagesWithoutStop(catalog, languages).flatMap(({ language, word, texts }) => [
    ...(word
      ? [
          `The process speaks "${language}", and nobody can leave by a word of it; they can by /stop. Add one to \`words: stop:\` in messages.yaml.`,
        ]
      : []),
    ...(texts
      ? [`The process speaks "${language}", and the bot does not: messages.yaml has texts without it. Translate them.`]
      : []),
  ]);

const base = (language: string): string => language.split('-')[0] ?? language;

const speaks = (texts: Texts, language: string): boolean =>
  typeof texts === 'string' || Object.hasOwn(texts, language) || Object.hasOwn(texts, base(language));
