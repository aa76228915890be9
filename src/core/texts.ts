import { match } from '@formatjs/intl-localematcher';

/** A text as authors write it: one string for all languages, or one for each. Values are ICU MessageFormat. */
export type Texts = string | Record<string, string>;

/** The text for a person: in their language or the nearest to it, then in the given order, then in any. */
export function textFor(texts: Texts, language: string, order: readonly string[] = []): string {
  if (typeof texts === 'string') return texts;
  return texts[languageFor(texts, language, order)] ?? '';
}

/** The language in which that text is. */
export function languageFor(texts: Record<string, string>, language: string, order: readonly string[] = []): string {
  if (Object.hasOwn(texts, language)) return language;
  const languages = Object.keys(texts);
  return nearestOf([language, ...order, 'en'], languages) ?? languages[0] ?? language;
}

/** The first of these wishes that can be met from the languages, or nearly; else the first language. */
export function spoken(wishes: readonly (string | null)[], languages: readonly string[]): string {
  return nearestOf(wishes, languages) ?? languages[0] ?? 'en';
}

/** Whether one of these wishes can be met from the languages, or nearly. */
export const meets = (wishes: readonly (string | null)[], languages: readonly string[]): boolean =>
  nearestOf(wishes, languages) !== null;

/**
 * The language that the first wish which can be met is met with: itself, without its country, with another, or a language
 * that its speakers read, as Spanish for Quechua (CLDR's language matching). Null when none can be met.
 */
function nearestOf(wishes: readonly (string | null)[], languages: readonly string[]): string | null {
  for (const wish of wishes) {
    if (wish === null) continue;
    if (languages.includes(wish)) return wish;
    const found = isLanguage(wish) ? match([tagOf(wish)], languages, NONE) : NONE;
    if (found !== NONE) return found;
  }
  return null;
}

/** What the matcher answers when nothing is near: no language has this tag. */
const NONE = 'und';

/** Platforms and people write either sign. */
const tagOf = (language: string): string => language.replaceAll('_', '-');

/** Whether it is written as language tags are, whatever it means. */
function isLanguage(written: string): boolean {
  try {
    return Intl.getCanonicalLocales(tagOf(written)).length === 1;
  } catch {
    return false;
  }
}

/** A language by its name in the reader's. */
export function languageName(language: string, reader: string): string {
  try {
    return new Intl.DisplayNames([reader], { type: 'language' }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** Without country and script: `fr` of `fr-CA`. */
export const baseLanguage = (language: string): string => language.toLowerCase().split(/[-_]/)[0] ?? language;
