import { baseLanguage } from '../domain/texts.ts';

export type DetectLanguage = (words: string, expected: string) => Promise<string>;

/** From this share of the best score on, the expected language is a fair reading of the words. */
const FAIR = 0.5;

/** So much of a text tells its language; the time that it takes grows with the length. */
const TELLING = 160;

/** Fewer words can be of any language: "clear" is Irish as well. */
const LEAST_WORDS = 3;

/** Loaded with the first contribution: its tables take tens of megabytes, which commands have no use for. */
let library: Promise<typeof import('tinyld')> | null = null;

const scoresOf = async (words: string) => {
  library ??= import('tinyld');
  return (await library).detectAll(words.slice(0, TELLING)).filter(({ lang }) => lang.length === 2);
};

/** The language that words are written in (ISO 639-1); `expected` where they are too few, or could be in that as well. */
export const detectLanguage: DetectLanguage = async (words, expected) => {
  if (hasFewWords(words) && !isForeign(words, expected)) return expected;
  const found = await scoresOf(words);
  const [best] = found;
  const base = baseLanguage(expected);
  const own = found.find(({ lang }) => lang === base);
  return !best || (own && own.accuracy >= FAIR * best.accuracy) ? expected : best.lang;
};

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

function hasFewWords(text: string): boolean {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text.slice(0, TELLING))) {
    if (isWordLike) count += 1;
    if (count === LEAST_WORDS) return false;
  }
  return true;
}

/** Scripts by what languages are written in, where Unicode calls them otherwise. */
const SCRIPTS: Record<string, string> = { Hans: 'Hani', Hant: 'Hani', Jpan: 'Hani', Kore: 'Hang' };

/** In letters that the language is not written in: then even one word is of another. */
function isForeign(words: string, language: string): boolean {
  const script = scriptOf(language);
  return /\p{L}/u.test(words) && script !== null && !new RegExp(`\\p{scx=${script}}`, 'u').test(words);
}

function scriptOf(language: string): string | null {
  try {
    const { script } = new Intl.Locale(language).maximize();
    return script === undefined ? null : (SCRIPTS[script] ?? script);
  } catch {
    return null;
  }
}

/** Below this score it is anybody's guess: names, numbers, a few words. */
const CERTAIN = 0.2;
/** Letters below which nothing is certain. */
const LEAST = 12;

/** Languages that the library takes for each other, or of which it knows but one: nothing is to be made of the difference. */
const KIN = [
  ...[
    ['hr', 'sr', 'bs', 'sh', 'me'],
    ['no', 'nb', 'nn', 'da'],
    ['pt', 'gl'],
    ['es', 'ca', 'gl', 'ast'],
    ['cs', 'sk'],
  ],
  ...[
    ['bg', 'mk'],
    ['id', 'ms'],
    ['nl', 'af'],
    ['fa', 'tg'],
  ],
];
const areKin = (one: string, other: string): boolean => KIN.some((kin) => kin.includes(one) && kin.includes(other));

/**
 * The language of a text that its author gave no name to; null where it is not plain to see. Where it could as well be one
 * of the likely languages, it is that: the expected before the others.
 */
export async function tellLanguage(text: string, expected: string, likely: readonly string[]): Promise<string | null> {
  const plain = isForeign(text, expected);
  if (text.replace(/\P{L}/gu, '').length < LEAST && !plain) return null;
  const found = await scoresOf(text);
  const [best] = found;
  if (!best || (best.accuracy < CERTAIN && !plain)) return null;
  const wishes = [expected, ...likely].map(baseLanguage);
  const [own = ''] = wishes;
  const score = found.find(({ lang }) => lang === own)?.accuracy ?? 0;
  if (score >= FAIR * best.accuracy || areKin(own, best.lang)) return own;
  return wishes.find((wish) => wish === best.lang) ?? wishes.find((wish) => areKin(wish, best.lang)) ?? best.lang;
}
