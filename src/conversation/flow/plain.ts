/** No label and no command is longer; what is cut here is compared, never kept. */
const MOST_COMPARED = 300;

const AT_THE_ENDS = /^[\s.,;:!?¡¿"'()«»“”‘’„…]+|[\s.,;:!?"'()«»“”‘’„…。！？，、।؟،؛։]+$/g;

/**
 * Words without accents, case, punctuation at the ends and doubled blanks: how typed answers are compared. Vowel signs are
 * no accents: without them half the words of Nepali are the same.
 */
export const plain = (text: string): string =>
  text
    .slice(0, MOST_COMPARED)
    .normalize('NFD')
    .replace(/[\p{Script=Inherited}\p{Cf}]/gu, '')
    .toLocaleLowerCase('en')
    // Capitals do not tell them apart.
    .replaceAll('ı', 'i')
    .replaceAll('ς', 'σ')
    .replace(/\s+/g, ' ')
    .replace(AT_THE_ENDS, '');
