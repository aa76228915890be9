/** No label and no command is longer; what is cut here is compared, never kept. */
const MOST_COMPARED = 300;

const AT_THE_ENDS = /^[\s.,;:!?¡¿"'()«»“”‘’„…]+|[\s.,;:!?"'()«»“”‘’„…。！？，、।؟،؛։]+$/g;

/** In these letters alone there is nothing to take off. */
const BARE = /^[\x20-\x7e\n]*$/;
const withoutAccents = (text: string): string =>
  BARE.test(text) ? text : text.normalize('NFD').replace(/[\p{Script=Inherited}\p{Cf}]/gu, '');

/** Keyboards and typesetters write these signs differently. */
const withPlainSigns = (text: string): string =>
  BARE.test(text)
    ? text.replaceAll('`', "'")
    : text
        .replace(/[‘’‚‛ʻʼ′´`＇]/g, "'")
        .replace(/[“”„‟«»″＂]/g, '"')
        .replace(/[‐‑‒–—―−﹘﹣－]/g, '-');

/**
 * Words without accents, case, punctuation at the ends and doubled blanks, each kind of apostrophe, quotation mark and dash as
 * one. Vowel signs are no accents: without them half the words of Nepali are the same.
 */
export const folded = (text: string): string =>
  withoutAccents(withPlainSigns(text.slice(0, MOST_COMPARED)))
    .toLocaleLowerCase('en')
    // Capitals do not tell them apart.
    .replaceAll('ı', 'i')
    .replaceAll('ς', 'σ')
    .replace(/\s+/g, ' ')
    .replace(AT_THE_ENDS, '');

const PICTURES = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/gu;

const MOST_REMEMBERED = 64;

/** The same function, which answers for the texts of late from memory: one message is held against many lists in a row. */
export function remembered(reduce: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const reduced = reduce(text);
    known.set(text, reduced);
    return reduced;
  };
}

/** How typed answers and the labels of buttons are compared: folded, and without pictures where there is more than these. */
export const plain = remembered((text) => {
  const whole = folded(text);
  return folded(whole.replace(PICTURES, ' ')) || whole;
});
