/** No label and no command is longer; what is cut here is compared, never kept. */
const MOST_COMPARED = 300;

const AT_THE_ENDS = /^[\s.,;:!?¡¿"'()«»“”‘’„…]+|[\s.,;:!?"'()«»“”‘’„…。！？，、।؟،؛։]+$/g;

/** In these letters alone there is nothing to take off. */
const BARE = /^[\x20-\x7e\n]*$/;
const withoutAccents = (text: string): string =>
  BARE.test(text) ? text : text.normalize('NFD').replace(/[\p{Script=Inherited}\p{Cf}]/gu, '');

/**
 * Words without accents, case, punctuation at the ends and doubled blanks: how typed answers are compared. Vowel signs are
 * no accents: without them half the words of Nepali are the same.
 */
export const plain = (text: string): string =>
  withoutAccents(text.slice(0, MOST_COMPARED))
    .toLocaleLowerCase('en')
    // Capitals do not tell them apart.
    .replaceAll('ı', 'i')
    .replaceAll('ς', 'σ')
    .replace(/\s+/g, ' ')
    .replace(AT_THE_ENDS, '');
