/**
 * Pieces of at most `most` UTF-16 units, cut after a paragraph, a line, a sentence or a word and only else inside one.
 * Blanks around a piece are left out; a piece of blanks alone is none.
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
  const start = edgeBefore(window, most);
  // One character can be as long as somebody heaps accents on it: then only its halves are held together.
  return start > 0 ? start : isLowHalf(window[most]) ? most - 1 : most;
}

const isLowHalf = (unit = ''): boolean => unit >= '\uDC00' && unit <= '\uDFFF';

/** At most `most` characters as people see them, the last an ellipsis where something was left out. */
export function shortened(label: string, most: number): string {
  if (label.length <= most) return label;
  const all = [...characters.segment(label)].map(({ segment }) => segment);
  return all.length <= most ? label : `${all.slice(0, most - 1).join('')}…`;
}
