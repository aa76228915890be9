/** Fewer words may be a greeting, thanks, or a slip of the thumb beside a button. */
const LEAST_WORDS = 3;
/** Nobody needs to be counted beyond that. */
const MOST_READ = 300;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Whether these are sentences, in any script: blanks tell nothing of Chinese or Thai. */
export function isSpeech(said: string): boolean {
  let words = 0;
  for (const { isWordLike } of segmenter.segment(said.slice(0, MOST_READ)))
    if (isWordLike && ++words >= LEAST_WORDS) return true;
  return false;
}

/** Whether words that nothing asked for may be talk: they are asked about before they count as an idea. */
export const isUnclear = (said: string): boolean => !isSpeech(said) || /[?？؟]\s*$/.test(said);
