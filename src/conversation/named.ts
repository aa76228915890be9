import type { ContributionKind } from '../contributions/contribution.ts';
import type { Phrases } from '../core/phrases.ts';
import { shorten } from '../core/split.ts';
import type { ThreadKind } from '../responses/thread.ts';
import type { TurnContext } from './context.ts';
import type { Recent } from './flow/types.ts';

/** As many characters as call it to mind. */
const MOST_WORDS = 40;

interface Named {
  kind: ContributionKind | ThreadKind;
  reference: string;
  text: string;
}

/** `your idea “More benches in…” (HB-1)`: nobody knows what they said by its number. */
export function named({ kind, reference, text }: Named, phrases: Phrases): string {
  const words = shorten(text.trim().replace(/\s+/g, ' '), MOST_WORDS).replace(/[,;:.]…$/, '…');
  return phrases('named', { kind, reference, worded: words === '' ? 'no' : 'yes', words });
}

/** It is looked up for whoever may be asked about it: soon after it was given. */
export async function withName(
  recent: Omit<Recent, 'named'> | null,
  { own, threads, known, phrase, language }: TurnContext,
): Promise<Recent | null> {
  if (!recent) return null;
  const { reference, to, isJustGiven } = recent;
  const given = !isJustGiven
    ? null
    : to === 'thread'
      ? await threads.byReference(known.id, reference)
      : await own.find(known.contributorId, reference);
  return { ...recent, named: given ? named(given, (key, values) => phrase(key, language, values)) : reference };
}
