/** No letter or digit that is mistaken for another, on paper or on the telephone. */
const ALPHABET = 'ACDEFGHJKMNPQRTWXY34679';
const LENGTH = 7;

/** A reference such as `HB-K4TXW9A`, from at least 7 random bytes: 3.4 thousand million of them. */
export function makeReference(bytes: Uint8Array): string {
  const letters = Array.from(bytes.slice(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]);
  return `HB-${letters.join('')}`;
}
