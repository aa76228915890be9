/** The candidate that a typing mistake or two turn into this word; null when none is that near. */
export function didYouMean(word: string, candidates: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(word.length / 3));
  const near = candidates
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter((one) => one.distance <= most)
    .sort((one, other) => one.distance - other.distance);
  return near[0]?.candidate ?? null;
}

const MOST_NAMED = 12;

/** The remedy for a word that is not one of the known ones: the one that was probably meant, or what there is. */
export function meant(word: string, known: Iterable<string>): string {
  const names = [...new Set(known)];
  const near = didYouMean(word, names);
  if (near !== null) return didYouMeanWords(near);
  if (names.length === 0) return 'There are none yet.';
  const more = names.length > MOST_NAMED ? ', …' : '';
  return `There are: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`;
}

export const didYouMeanWords = (name: string): string => `Did you mean "${name}"?`;

/** Letters to add, leave out, change, or swap with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line++) {
    const next = [line];
    for (let column = 1; column <= other.length; column++) {
      const same = one[line - 1] === other[column - 1];
      const swapped = one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1];
      next[column] = Math.min(
        (row[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (row[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return row[other.length] ?? 0;
}
