const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Whether a text has at least so many words, in any script: Chinese and Thai put no blank between them. */
export function hasWords(text: string, least: number): boolean {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) {
    if (isWordLike) count += 1;
    if (count >= least) return true;
  }
  return least <= 0;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many characters a reader sees: an accent or a vowel sign is part of one, a family of emoji is one. */
export const charactersIn = (text: string): number => [...graphemes.segment(text)].length;
