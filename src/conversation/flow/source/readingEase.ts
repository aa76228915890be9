import type { Texts } from '../../../core/texts.ts';
import { readMessage } from './lint/icu.ts';
import { textsOf } from './lint/texts.ts';
import type { FlowsReading } from './load.ts';
import { placesOf } from './place.ts';

/** How words and sentences count in a language; 100 is very easy, 60 plain, 30 hard. */
interface Formula {
  base: number;
  /** For each syllable of a word, and each word of a sentence, on the average. */
  syllables: number;
  words: number;
  syllablesIn(word: string): number;
}

/**
 * English: R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948). Spanish: J. Fernández Huerta,
 * "Medidas sencillas de lecturabilidad", Consigna 214 (1959). French: L. Kandel and A. Moles, "Application de l’indice de
 * Flesch à la langue française", Cahiers d’Études de Radio-Télévision 19 (1958).
 */
const FORMULAS: Record<string, Formula> = {
  en: { base: 206.835, syllables: 84.6, words: 1.015, syllablesIn: english },
  es: { base: 206.84, syllables: 60, words: 1.02, syllablesIn: spanish },
  fr: { base: 207, syllables: 73.6, words: 1.015, syllablesIn: french },
};

/** The words of one text in one language. */
export interface Passage {
  language: string;
  /** File, and line or key. */
  place: string;
  words: string;
}

export interface ReadingEase {
  language: string;
  /** Of everything that people read. */
  ease: number;
  /** Passages that are hard by themselves, the hardest first. */
  hard: (Passage & { ease: number })[];
}

/** Below this a text is hard for many. */
const HARD = 60;
/** In fewer words than this one long name decides. */
const FEWEST_WORDS = 12;

/** How easily everything reads that the bot says to people, by language; a language without a formula is left out. */
export function readingEase(passages: readonly Passage[]): ReadingEase[] {
  const languages = [...new Set(passages.map(({ language }) => language))].filter((each) => FORMULAS[each]).sort();
  return languages.map((language) => {
    const its = passages.filter((passage) => passage.language === language);
    const each = its.map((passage) => ({ ...passage, ...measured(passage.words, language) }));
    const hard = each.filter(({ ease, count }) => ease < HARD && count >= FEWEST_WORDS);
    const whole = measured(its.map(({ words }) => words).join('\n'), language);
    return { language, ease: whole.ease, hard: hard.sort((one, other) => one.ease - other.ease) };
  });
}

function measured(text: string, language: string): { ease: number; count: number } {
  const formula = FORMULAS[language] as Formula;
  const words = wordsIn(text, language);
  const sentences = [...new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)];
  const spoken = sentences.filter(({ segment }) => wordsIn(segment, language).length > 0).length;
  const syllables = words.reduce((sum, word) => sum + Math.max(1, formula.syllablesIn(word.toLocaleLowerCase())), 0);
  const [count, per] = [words.length, Math.max(1, words.length)];
  const ease = formula.base - formula.syllables * (syllables / per) - formula.words * (count / Math.max(1, spoken));
  return { ease: Math.round(ease), count };
}

const wordsIn = (text: string, language: string): string[] =>
  [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)].flatMap(({ segment, isWordLike }) =>
    isWordLike ? segment.split(/[’']/).filter(Boolean) : [],
  );

const counted = (word: string, pattern: RegExp): number => word.match(pattern)?.length ?? 0;

/** Groups of vowels; an e at the end is mostly silent. */
function english(word: string): number {
  const spoken = word.replace(/(?:[^laeiouy]es|[^dtaeiouy]ed|[^laeiouy]e)$/, '');
  return counted(spoken, /[aeiouy]+/g);
}

/** Strong vowels each, weak ones where no strong one is beside them. */
function spanish(word: string): number {
  const spoken = word.replace(/([qg])u(?=[eiéí])/g, '$1').replace(/y(?=[aeiouáéíóú])/g, 'j');
  return counted(spoken, /[aeoáéóíú]/g) + counted(spoken, /(?<![aeoáéóíú])[iuüy]+(?![aeoáéóíú])/g);
}

/** Groups of vowels; an e at the end, and in the plural, is silent. */
function french(word: string): number {
  const spoken = word.replace(/([^aeiouyàâéèêëîïôùûü])(?:e|es)$/, '$1').replace(/qu|gu(?=[eiéèêy])/g, 'k');
  return counted(spoken, /é(?=[aouiî])|[aeiouyàâäéèêëîïôöùûüœæ]+/g);
}

/** Of everything that people read in a folder of flows; what only members read is left out. */
export function passagesIn({ sources, messages, phrasebooks }: FlowsReading): Passage[] {
  const flows = sources.flatMap((source) =>
    placesOf(source).flatMap(({ step, report }) =>
      textsOf(step).flatMap(({ path, texts }) => {
        const { file, line } = report([...path], '', '');
        return inEach(texts, `${file}:${line}`);
      }),
    ),
  );
  const { members: _, ...read } = phrasebooks;
  const books = Object.entries({ messages: messages.texts, ...read });
  const catalogs = books.flatMap(([name, texts]) =>
    Object.entries(texts).flatMap(([key, each]) => inEach(each, `${name}.yaml: ${key}`)),
  );
  return [...flows, ...catalogs];
}

const inEach = (texts: Texts, place: string): Passage[] =>
  Object.entries(typeof texts === 'string' ? {} : texts).map(([language, text]) => ({
    language,
    place,
    words: readMessage(text).read,
  }));
