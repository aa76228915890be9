export type DetectLanguage = (words: string, expected: string) => Promise<string>;

/** From this share of the best score on, the expected language is a fair reading of the words. */
const FAIR = 0.5;

/** So much of a text tells its language; the time that it takes grows with the length. */
const TELLING = 160;

/** Loaded with the first contribution: its tables take tens of megabytes, which commands have no use for. */
let library: Promise<typeof import('tinyld')> | null = null;

/** The language that words are written in (ISO 639-1); `expected` where they are too few, or could be in that as well. */
export const detectLanguage: DetectLanguage = async (words, expected) => {
  library ??= import('tinyld');
  const found = (await library).detectAll(words.slice(0, TELLING)).filter(({ lang }) => lang.length === 2);
  const [best] = found;
  const base = expected.split('-')[0] ?? expected;
  const own = found.find(({ lang }) => lang === base);
  return !best || (own && own.accuracy >= FAIR * best.accuracy) ? expected : best.lang;
};
