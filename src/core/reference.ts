/** No letter or digit that is mistaken for another in print or in handwriting: of 0 O, 1 I L, 2 Z, 5 S, 8 B, U V none. */
const ALPHABET = 'ACDEFGHJKMNPQRTWXY34679';
const LENGTH = 7;

/** Whether a word is made of those letters alone, in capitals or not. */
export const isLetters = (word: string, length: number): boolean =>
  word.length === length && [...word.toUpperCase()].every((letter) => ALPHABET.includes(letter));

/** A reference such as `HB-K4TXW9A`, one of 3.4 thousand million, from at least 16 random bytes. */
export const makeReference = (bytes: Uint8Array): string => `HB-${lettersFrom(bytes, LENGTH)}`;

/**
 * `length` letters that can be read aloud, from at least 16 random bytes: as one number they are so large that no letter
 * comes noticeably more often than another.
 */
export function lettersFrom(bytes: Uint8Array, length: number): string {
  const base = BigInt(ALPHABET.length);
  let rest = bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  let letters = '';
  while (letters.length < length) {
    letters += ALPHABET[Number(rest % base)];
    rest /= base;
  }
  return letters;
}

/**
 * A reference as people copy and type it: in any case, with another dash or none, with blanks and characters that nobody
 * sees. What is not a reference stays none.
 */
export const readReference = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Cc}]+/gu, '')
    .replace(/[\p{Pd}\u2212]+/gu, '-')
    .toUpperCase()
    .replace(/^HB-*(?=.)/, 'HB-');
