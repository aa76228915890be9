/** A text as authors write it: one string for all languages, or one for each. Values are ICU MessageFormat. */
export type Texts = string | Record<string, string>;

/** The text for a person: their language, its base language, then the given order, then any. */
export function textFor(texts: Texts, language: string, order: readonly string[] = []): string {
  if (typeof texts === 'string') return texts;
  return texts[languageFor(texts, language, order)] ?? '';
}

/** The language in which that text is. */
export function languageFor(texts: Record<string, string>, language: string, order: readonly string[] = []): string {
  const base = language.split('-')[0] ?? language;
  const wishes = [language, base, ...order, 'en'];
  return wishes.find((wish) => Object.hasOwn(texts, wish)) ?? Object.keys(texts)[0] ?? language;
}

/** The first of these wishes that is spoken here, in its base language if need be; else the first language that is. */
export function spoken(wishes: readonly (string | null)[], languages: readonly string[]): string {
  for (const wish of wishes) {
    const base = wish?.toLowerCase().split(/[-_]/)[0];
    const found = languages.find((language) => language === wish) ?? languages.find((language) => language === base);
    if (found) return found;
  }
  return languages[0] ?? 'en';
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
