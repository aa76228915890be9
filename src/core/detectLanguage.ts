import { isPlainly } from './plainLanguage.ts';
import { baseLanguage } from './texts.ts';

/** `likely`: the languages of the process, and what else this author may write. */
export type DetectLanguage = (words: string, expected: string, likely: readonly string[]) => Promise<string>;

/** If the expected language scores at least this share of the best, it is taken to be the language. */
const FAIR = 0.5;

/** This much of a text is enough to tell its language; reading more only takes longer. */
const TELLING = 160;

/** Fewer words can be of any language: "clear" is Irish as well. */
const LEAST_WORDS = 3;

/** Loaded with the first contribution: its tables take tens of megabytes, which commands have no use for. */
let library: Promise<typeof import('tinyld')> | null = null;

interface Score {
  lang: string;
  accuracy: number;
}

/** The best first; of all languages, or of these only. */
async function scoresOf(words: string, only: string[] = []): Promise<Score[]> {
  library ??= import('tinyld');
  return (await library).detectAll(words, { only }).filter(({ lang }) => lang.length === 2);
}

/**
 * The language that words are written in (ISO 639-1): one of those that are likely here, another only where that is beyond
 * doubt, and `expected` where nothing tells, or where the words could be in that as well.
 */
export const detectLanguage: DetectLanguage = async (words, expected, likely) => {
  const said = words.slice(0, TELLING);
  if (isPlainly(expected, said)) return baseLanguage(expected);
  if (wordStarts(said).length < LEAST_WORDS && !isForeign(said, [expected])) return expected;
  return (await read(said, expected, likely))?.lang ?? expected;
};

/** Null where there is nothing to go by. */
async function read(said: string, expected: string, likely: readonly string[]): Promise<Score | null> {
  const known = [...new Set([expected, ...likely].map(baseLanguage))];
  const [own = ''] = known;
  if (isForeign(said, known)) return (await scoresOf(said))[0] ?? null;
  const [half, rest] = halvesOf(said);
  const [first] = half === '' ? [] : await scoresOf(half);
  // Half of the words tell as much as all of them where they are in the expected language, as most are.
  if (first?.lang === own) return first;
  const other = first && !known.includes(first.lang) ? await beyondDoubt(first, rest) : null;
  if (other) return { ...other, lang: known.find((one) => areKin(one, other.lang)) ?? other.lang };
  const found = await scoresOf(said, known);
  const [best] = found;
  if (!best) return null;
  const score = found.find(({ lang }) => lang === own)?.accuracy ?? 0;
  return score >= FAIR * best.accuracy || areKin(own, best.lang) ? { ...best, lang: own } : best;
}

/** Another language than is likely. One word alone decides for the library at times: both halves of the words have to say the same. */
async function beyondDoubt(first: Score, rest: string): Promise<Score | null> {
  const [other] = await scoresOf(rest);
  return first.lang !== other?.lang ? null : first.accuracy > other.accuracy ? first : other;
}

/** The first is empty where there are too few words for two. */
function halvesOf(said: string): [string, string] {
  const starts = wordStarts(said);
  const middle = starts.length < 2 * LEAST_WORDS ? 0 : starts[Math.floor(starts.length / 2)];
  return [said.slice(0, middle), said.slice(middle)];
}

/** Made once: making one takes longer than a sentence. */
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

function wordStarts(said: string): number[] {
  return [...segmenter.segment(said)].flatMap(({ isWordLike, index }) => (isWordLike ? [index] : []));
}

/** Scripts by what languages are written in, where Unicode calls them otherwise. */
const SCRIPTS: Record<string, string> = { Hans: 'Hani', Hant: 'Hani', Jpan: 'Hani', Kore: 'Hang' };

/** Mostly in letters that none of these languages is written in: then even one word is of another. */
function isForeign(words: string, languages: readonly string[]): boolean {
  const scripts = new Set(languages.map(scriptOf));
  const own = [...scripts].map((script) => (script === null ? LETTERS : lettersOf(script)));
  return own.every((letters) => countOf(letters, words) < countOf(LETTERS, words) / 2);
}

const LETTERS = /\p{L}/gu;
const countOf = (letters: RegExp, words: string): number => words.match(letters)?.length ?? 0;

/** By script: compiling one takes longer than counting. */
const compiled = new Map<string, RegExp>();

function lettersOf(script: string): RegExp {
  const letters = compiled.get(script) ?? new RegExp(`(?=\\p{L})\\p{scx=${script}}`, 'gu');
  compiled.set(script, letters);
  return letters;
}

function scriptOf(language: string): string | null {
  try {
    const { script } = new Intl.Locale(language).maximize();
    return script === undefined ? null : (SCRIPTS[script] ?? script);
  } catch {
    return null;
  }
}

/** Below this score the result means nothing: names, numbers, a few words. */
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

/** The language of a text that its author gave no name to, read as `detectLanguage` reads; null where it is not plain to see. */
export async function tellLanguage(text: string, expected: string, likely: readonly string[]): Promise<string | null> {
  const said = text.slice(0, TELLING);
  const plain = isForeign(said, [expected]);
  if (said.replace(/\P{L}/gu, '').length < LEAST && !plain) return null;
  const found = await read(said, expected, likely);
  return found === null || (found.accuracy < CERTAIN && !plain) ? null : found.lang;
}
