import type { ContributionKind } from '../contributions/contribution.ts';
import type { Phrases } from '../core/phrases.ts';
import { shorten } from '../core/split.ts';
import type { ThreadKind } from '../responses/thread.ts';

/** As many characters as call it to mind. */
const MOST_WORDS = 40;

interface Named {
  kind: ContributionKind | ThreadKind;
  reference: string;
  text: string;
}

/** `your idea “More benches in…” (HB-1)`: nobody knows what they said by its number. */
export function named({ kind, reference, text }: Named, phrases: Phrases): string {
  const words = shorten(text.trim().replace(/\s+/g, ' '), MOST_WORDS);
  return phrases('named', { kind, reference, worded: words === '' ? 'no' : 'yes', words });
}
