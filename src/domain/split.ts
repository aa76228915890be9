/** Pieces of at most `most` UTF-16 units that together are the whole text, cut after a paragraph, a sentence or a word. */
export function split(text: string, most: number): { from: number; text: string }[] {
  const pieces: { from: number; text: string }[] = [];
  let from = 0;
  while (text.length - from > most) {
    const length = cutAt(text.slice(from, from + most));
    pieces.push({ from, text: text.slice(from, from + length) });
    from += length;
  }
  const rest = text.slice(from);
  if (rest.trim() !== '' || pieces.length === 0) pieces.push({ from, text: rest });
  return pieces;
}

/** In order of preference: where a paragraph, a line, a sentence, a word ends. */
const ENDS: ((text: string, at: number) => boolean)[] = [
  (text, at) => text.startsWith('\n\n', at - 1),
  (text, at) => text[at] === '\n',
  (text, at) => '.!?。！？'.includes(text[at] ?? ''),
  (text, at) => /\s/.test(text[at] ?? ''),
];

function cutAt(window: string): number {
  for (const ends of ENDS) {
    for (let at = window.length - 1; at > window.length / 2; at--) if (ends(window, at)) return at + 1;
  }
  return [...new Intl.Segmenter().segment(window)].at(-1)?.index || window.length;
}

/** At most `most` characters as people see them, the last an ellipsis where something was left out. */
export function shortened(label: string, most: number): string {
  const characters = [...new Intl.Segmenter().segment(label)].map((segment) => segment.segment);
  return characters.length <= most ? label : `${characters.slice(0, most - 1).join('')}…`;
}
