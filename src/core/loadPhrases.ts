import { readFile } from 'node:fs/promises';
import { UserError } from './errors.ts';
import { format } from './messageFormat.ts';
import type { Phrases } from './phrases.ts';
import { languageFor, type Texts } from './texts.ts';
import { readYaml } from './yaml.ts';

/** A sentence of the message catalog, in the person's language. */
export type Say = (key: string, language: string, values?: Record<string, string | number>) => string;

/**
 * Reads a file of `key: {language: ICU text}`. A language that is not there gets the next of `order`, then English.
 * @throws UserError when the file cannot be read; the phrases throw for a key that the file lacks.
 */
export async function loadPhrases(path: string, order: readonly string[] = []): Promise<PhrasesIn> {
  const content = await readFile(path, 'utf8').catch(() => {
    throw new UserError(`${path} cannot be read; it belongs to FLOWS_DIR and is shipped with Hearback.`);
  });
  const { value, complaints } = readYaml(content);
  if (typeof value !== 'object' || value === null) {
    const { line, message } = complaints[0] ?? {
      line: 1,
      message: 'there are no texts; compare it with the shipped one.',
    };
    throw new UserError(`${path}:${line}: ${message}`);
  }
  return phrasesOf(value as Record<string, Texts>, path, order);
}

export type PhrasesIn = (language: string | null) => Phrases;

/** The sentences of a catalog; `path` says where one is missing. They throw for a key that it lacks. */
export function phrasesOf(catalog: Record<string, Texts>, path: string, order: readonly string[] = []): PhrasesIn {
  const texts = new Map(Object.entries(catalog));
  const [some = ''] = texts.values();
  return (language) => {
    const own = language ?? order[0] ?? 'en';
    const phrase = (key: string, values: Record<string, string | number> = {}) => {
      const found = texts.get(key);
      if (found === undefined)
        throw new UserError(`${path} has no text "${key}"; add it with a text for each language.`);
      return format(found, own, values, order);
    };
    return Object.assign(phrase, { reader: { own, frame: spokenOf(some, own, order) } });
  };
}

const spokenOf = (texts: Texts, own: string, order: readonly string[]): string =>
  typeof texts === 'string' ? own : languageFor(texts, own, order);
