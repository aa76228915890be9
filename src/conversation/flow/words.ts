const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Whether a text has at least so many words, in any script: Chinese and Thai put no blank between them. */
export const hasWords = (text: string, least: number): boolean => wordsIn(text, least) >= least;

/** How many words there are; nothing is counted beyond `most`. */
export function wordsIn(text: string, most: number): number {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) {
    if (count >= most) break;
    if (isWordLike) count += 1;
  }
  return count;
}

/**
 * Latin, Greek and Cyrillic letters, digits and signs of which each is one character to a reader: nothing among them joins
 * what stands before it. To segment takes a hundred times as long as to see that a text has no others.
 */
const SINGLE = /^[\n\x20-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u201f\u2026]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many characters a reader sees: an accent or a vowel sign is part of one, a family of emoji is one. */
export const charactersIn = (text: string): number =>
  SINGLE.test(text) ? text.length : [...graphemes.segment(text)].length;
