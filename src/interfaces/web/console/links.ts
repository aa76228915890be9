/** Where a link may lead that somebody else has written: nowhere that runs anything in the reader's browser. */
const SAFE = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** The address as it may stand in a page; null for what is none, or no safe one: `javascript:`, `data:`. */
export function safeAddress(written: string): string | null {
  const url = URL.canParse(written) ? new URL(written) : null;
  return url !== null && SAFE.has(url.protocol) ? url.href : null;
}

/** Words with the addresses in them apart. */
export interface Piece {
  text: string;
  address: string | null;
}

const IN_WORDS = /\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?()[\]{}]/giu;

/** Only what begins with http:// or https:// is taken for an address; everything else stays words. */
export function pieces(words: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const { 0: text, index } of words.matchAll(IN_WORDS)) {
    if (index > from) found.push({ text: words.slice(from, index), address: null });
    found.push({ text, address: safeAddress(text) });
    from = index + text.length;
  }
  return from < words.length ? [...found, { text: words.slice(from), address: null }] : found;
}
