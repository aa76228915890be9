/**
 * Whether a cell holds what was said. What spreadsheets change by themselves counts for nothing: blanks and line ends, quotes
 * that they make round or put before a formula, the way in which an accent is composed, what nobody sees.
 */
export function sameWords(said: string, cell: string): boolean {
  const [one, other] = [folded(said), folded(cell)];
  return one === other || (cell.length >= CELL_LIMIT && one.startsWith(other));
}

/** Somewhat less than the characters that a cell holds, after which programs cut a text off. */
const CELL_LIMIT = 32_000;

const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Cs}\uFFFD]/gu;
const QUOTES = /["'`´‘’‚‛“”„‟«»‹›′″＇＂]/g;

const folded = (text: string): string => text.normalize('NFC').replace(UNSEEN, '').replace(QUOTES, '');

/** What a spreadsheet takes for a number, a date or a truth, and writes in its own way: `1/2`, `3 May`, `true`. */
export function isValue(said: string): boolean {
  const plain = folded(said);
  return !/\p{L}/u.test(plain) || (plain.length <= 12 && /\d/.test(plain)) || /^(true|false)$/i.test(plain);
}
