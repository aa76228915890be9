import { IntlMessageFormat } from 'intl-messageformat';
import { type Texts, textFor } from './texts.ts';

export type Values = Record<string, string | number | boolean | null>;

/** System strings by key, and the commands with the words that stand for them. */
export interface Catalog {
  texts: Record<string, Texts>;
  /** Every command that there is, in the order of the platforms' menus, with what it does in a few words. */
  commands: Record<string, Texts>;
  /** Localized words that count as a command when they are the whole message: word → command. */
  words: Record<string, string>;
  /** By command, the languages that its words are of, where the file says so. */
  wordLanguages?: Record<string, string[]>;
  /** What people say for it, by intent, in all languages. */
  intents?: Readonly<Record<string, readonly string[]>>;
}

const compiled = new Map<string, IntlMessageFormat | null>();
const MOST_COMPILED = 5000;

/**
 * The text in the person's language with its values put in; a function of them is asked only where the text names some.
 * Values are never parsed, so citizens' braces stay braces.
 * A text that is not an ICU MessageFormat is given back as it is: `flows check` names it, a person is not shown an error.
 */
export function format(
  texts: Texts,
  asked: string,
  given: Values | (() => Values),
  order: readonly string[] = [],
): string {
  const language = languageTag(asked);
  const text = textFor(texts, language, order);
  if (!text.includes('{') && !text.includes("'")) return text;
  const values = typeof given === 'function' ? given() : given;
  try {
    const message = compile(text, language);
    return message ? String(message.format(values)) : text;
  } catch {
    return withBlanks(text, language, values);
  }
}

/** What a platform calls a language, if it looks like one: `toString` would find what every object inherits. */
export const languageTag = (language: string): string =>
  /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(language) ? language : 'en';

/** A value that has not been given yet is left blank. */
function withBlanks(text: string, language: string, values: Values): string {
  const blanks = new Proxy(values, {
    has: () => true,
    get: (target, key) => (Object.hasOwn(target, key) ? Reflect.get(target, key) : ''),
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
  });
  try {
    return String(compile(text, language)?.format(blanks) ?? text);
  } catch {
    return text;
  }
}

function compile(text: string, language: string): IntlMessageFormat | null {
  const key = `${language}\n${text}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const made = parse(text, language);
  compiled.set(key, made);
  return made;
}

function parse(text: string, language: string): IntlMessageFormat | null {
  for (const locale of [language, 'en']) {
    try {
      return new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
    } catch {
      // an unknown locale gets English plurals; a text that is not a message fails for both
    }
  }
  return null;
}
