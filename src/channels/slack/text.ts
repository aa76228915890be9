const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const MEANINGS: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** The only three characters that can begin a mention, a link or an entity in Slack (docs.slack.dev/messaging/formatting-message-text). */
export const escaped = (text: string): string => text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? '');

export const unescaped = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (entity) => MEANINGS[entity] ?? '');

/** Postgres takes no NUL, and half a surrogate pair is no character. */
export const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** What a person meant by text that Slack has marked up: links and mentions as words, entities as characters. */
export function plain(marked: string): string {
  return clean(unescaped(marked.replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label?: string) => words(target, label))));
}

function words(target: string, label: string | undefined): string {
  if (/^[@#]/.test(target)) return label ? `${target[0]}${label}` : target;
  if (target.startsWith('!')) return label || `@${target.slice(1).split('^')[0]}`;
  const address = target.replace(/^mailto:/, '');
  if (!label || [address, address.replace(/^https?:\/\//, '')].includes(label)) return label || address;
  return `${label} (${address})`;
}

/** Pieces that together are the whole text, each at most `most` long once escaped, cut after a paragraph, a sentence or a word. */
export function split(text: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  for (let window = fitting(rest, most); window.length < rest.length; window = fitting(rest, most)) {
    const length = cutAt(window);
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...pieces, rest].filter((piece) => piece.trim() !== '');
}

/** The longest beginning that fits once escaped. */
function fitting(text: string, most: number): string {
  let width = 0;
  for (let at = 0; at < text.length; at++) {
    width += ENTITIES[text[at] ?? '']?.length ?? 1;
    if (width > most) return text.slice(0, at);
  }
  return text;
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
  return [...new Intl.Segmenter().segment(window)].at(-1)?.index || Math.max(1, window.toWellFormed() === window ? window.length : window.length - 1);
}

/** Escaped, and cut between graphemes where it is longer than `most`; never empty, for Slack refuses empty texts. */
export function fitted(text: string, most: number): string {
  const whole = escaped(clean(text).trim()) || '…';
  if (whole.length <= most) return whole;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(clean(text).trim())) {
    const next = kept + escaped(segment);
    if (next.length > most - 1) break;
    kept = next;
  }
  return `${kept}…`;
}
