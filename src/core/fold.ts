/** Letters that Unicode does not take apart. */
const PLAIN: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ħ: 'h',
};
const SPECIAL = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** Marks above and below letters, in scripts that do without them; what nobody sees; the Arabic stroke that only lengthens. */
const MARKS = /[\p{Script=Inherited}\p{Cf}\u0640]|(?=\p{Script=Hebrew})\p{Mn}/gu;

/**
 * Words as they are compared: without accents and vowel signs, in small letters, with single blanks. By ourselves and not by
 * PostgreSQL's `unaccent`, whose rules and small letters depend on the server.
 */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** Runs of letters of the scripts that put no blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{2,}/gu;

/** Each two neighbours in such a run, in their order: `公民参与` has `公民`, `民参` and `参与`. */
export const neighbours = (text: string): string[] =>
  [...text.matchAll(UNSPACED)].flatMap(([run]) => {
    const letters = [...run];
    return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
  });
