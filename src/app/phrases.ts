import { readFile } from 'node:fs/promises';
import { IntlMessageFormat } from 'intl-messageformat';
import { parse } from 'yaml';
import { Mistake } from '../domain/errors.ts';
import type { Phrases } from '../domain/response.ts';
import { type Texts, textFor } from '../domain/texts.ts';

/**
 * Reads a file of `key: {language: ICU text}`. A language that is not there gets the next of `order`, then English.
 * @throws Mistake when the file cannot be read; the phrases throw for a key that the file lacks.
 */
export async function loadPhrases(
  path: string,
  order: readonly string[] = [],
): Promise<(language: string | null) => Phrases> {
  const texts: Record<string, Texts> = parse(
    await readFile(path, 'utf8').catch(() => {
      throw new Mistake(`${path} cannot be read; it belongs to FLOWS_DIR and is shipped with Hearback.`);
    }),
  );
  const compiled = new Map<string, IntlMessageFormat>();
  const compile = (text: string, language: string): IntlMessageFormat => {
    const found = compiled.get(text) ?? new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
    compiled.set(text, found);
    return found;
  };
  return (language) =>
    (key, values = {}) => {
      const wanted = language ?? order[0] ?? 'en';
      const entry = texts[key];
      if (entry === undefined) throw new Mistake(`${path} has no text "${key}"; add it with a text for each language.`);
      return String(compile(textFor(entry, wanted, order), wanted).format(values));
    };
}
