/**
 * Whether a cell holds what was said. Changes that spreadsheets make by themselves do not count: blanks and line ends,
 * curly quotes, quotes before a formula, composed accents, invisible characters.
 */
export function sameWords(said: string, cell: string): boolean {
  const [one, other] = [folded(said), folded(cell)];
  return one === other || (cell.length >= CELL_LIMIT && one.startsWith(other));
}

/** A little less than the longest cell, after which programs cut a text off. */
const CELL_LIMIT = 32_000;

const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Cs}\uFFFD]/gu;
const QUOTES = /["'`´‘’‚‛“”„‟«»‹›′″＇＂]/g;

const folded = (text: string): string => text.normalize('NFC').replace(UNSEEN, '').replace(QUOTES, '');

/** Whether a spreadsheet takes it for a number, a date or a truth value, and rewrites it: `1/2`, `3 May`, `true`. */
export function isValue(said: string): boolean {
  const plain = folded(said);
  return !/\p{L}/u.test(plain) || (plain.length <= 12 && /\d/.test(plain)) || /^(true|false)$/i.test(plain);
}
