import { wellFormed } from '../../core/wellFormed.ts';

interface Marked {
  type: string;
  /** In UTF-16 units of the text as it came. */
  offset: number;
  length: number;
  url?: string | undefined;
}

/** What was written, with the address behind each linked word beside it: "the plan (https://…)". */
export function wordsOf(raw: string, entities: readonly Marked[] = []): string {
  const links = entities.filter(({ type, url }) => type === 'text_link' && url !== undefined);
  const fromTheEnd = links.toSorted((one, other) => other.offset - one.offset);
  return wellFormed(fromTheEnd.reduce(withAddress, raw));
}

function withAddress(text: string, { offset, length, url = '' }: Marked): string {
  const shown = text.slice(offset, offset + length);
  const end = offset + shown.trimEnd().length;
  // Out of the text, or no more than the address itself.
  if (shown.trim() === '' || bare(shown) === bare(url)) return text;
  return `${text.slice(0, end)} (${url})${text.slice(end)}`;
}

const bare = (address: string): string =>
  address
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
