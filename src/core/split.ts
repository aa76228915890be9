/**
 * Pieces of at most `most` UTF-16 units, cut after a paragraph, a line, a sentence or a word and only else inside one.
 * Blanks around a piece are left out; pieces of blanks alone are left out.
 */
export function split(text: string, most: number): { from: number; text: string }[] {
  const pieces: { from: number; text: string }[] = [];
  for (let from = 0; from < text.length; ) {
    const length = text.length - from <= most ? text.length - from : cutAt(text.slice(from, from + 2 * most), most);
    const piece = text.slice(from, from + length);
    const blanks = edgeBefore(piece, piece.length - piece.trimStart().length);
    const kept = piece.slice(blanks).trimEnd();
    if (kept !== '') pieces.push({ from: from + blanks, text: kept });
    from += length;
  }
  return pieces;
}

const characters = new Intl.Segmenter();

/** The last place at or before this one that lies between two characters: an accent may stand on a blank. */
const edgeBefore = (text: string, at: number): number =>
  at === 0 ? 0 : (characters.segment(text).containing(at)?.index ?? at);

const isBlank = (character = ''): boolean => /\s/.test(character);

/** In order of preference: whether a paragraph, a line, a sentence, a word ends at this character. */
const ENDS: ((text: string, at: number) => boolean)[] = [
  (text, at) => text[at] === '\n' && text[at - 1] === '\n',
  (text, at) => text[at] === '\n',
  (text, at) => '。！？'.includes(text[at] ?? '') || ('.!?…'.includes(text[at] ?? '') && isBlank(text[at + 1])),
  (text, at) => isBlank(text[at]) || isBlank(text[at + 1]),
];

/** Where to cut `window`, which is longer than a piece may be: most of the piece should be used. */
function cutAt(window: string, most: number): number {
  for (const ends of ENDS) {
    for (let at = most - 1; at > most / 2; at--)
      if (ends(window, at) && edgeBefore(window, at + 1) === at + 1) return at + 1;
  }
  return lastEdge(window, most);
}

/** One character can be as long as somebody heaps accents on it: then only its halves are held together. */
function lastEdge(text: string, at: number): number {
  const start = edgeBefore(text, at);
  return start > 0 ? start : isLowHalf(text[at]) ? at - 1 : at;
}

const isLowHalf = (unit = ''): boolean => unit >= '\uDC00' && unit <= '\uDFFF';

/** UTF-16 units of one character, more than any key of a phone writes: a family of four has 11 of them. */
const MOST_UNITS = 32;

/** Where each of these is a character for itself, which is quick to see. */
const PLAIN = /^[ -~À-ÿ]*$/;

/** The first characters as people see them, `most` at most; null where there are no more than that. */
export function beginning(text: string, most: number): string[] | null {
  if (text.length <= most) return null;
  if (PLAIN.test(text.slice(0, most + 1))) return [...text.slice(0, most)];
  // Each step of the segmenter costs as much as the whole text is long.
  const window = text.slice(0, (most + 1) * MOST_UNITS).toWellFormed();
  const first: string[] = [];
  for (const { segment } of characters.segment(window)) {
    if (first.length === most) return first;
    first.push(segment);
  }
  return window.length < text.length ? first : null;
}

/** At most `most` characters as people see them, the last an ellipsis where something was left out. */
export function shortened(label: string, most: number): string {
  const first = beginning(label, most);
  return first === null ? label : `${first.slice(0, most - 1).join('')}…`;
}

/** At most `most` UTF-16 units, cut between characters, the last an ellipsis where something was left out. */
export const fitted = (label: string, most: number): string =>
  label.length <= most ? label : `${label.slice(0, lastEdge(label.slice(0, 2 * most), most - 1))}…`;

/** At most `most` characters as a reader counts them, cut between words where one is near, with … for what is left out. */
export function shorten(text: string, most: number): string {
  const first = beginning(text, most);
  if (first === null) return text;
  const head = first.slice(0, most - 1).join('');
  const space = head.search(/\s\S*$/);
  return `${(space > Math.max(0, head.length - 40) ? head.slice(0, space) : head).trimEnd()}…`;
}
