/** Something wrong in an author's file: where it is, and what to do about it. */
export interface Problem {
  file: string;
  line: number;
  severity: Severity;
  message: string;
  remedy: string;
}
/** An error keeps the service from starting; a warning does not. */
export type Severity = 'error' | 'warning';

/** Keys and indexes from the top of a file down to a value. */
export type Path = readonly (string | number)[];
export type LineAt = (path: Path) => number;

/** Reports on one part of a file; the path begins at that part. */
export type Report = (path: Path, message: string, remedy: string, severity?: Severity) => Problem;

export const problemLine = (problem: Problem): string =>
  `${problem.file}:${problem.line}: ${problem.severity}: ${problem.message} ${problem.remedy}`;

export const inOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((one, other) => compare(one.file, other.file) || one.line - other.line);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const MOST_NAMED = 12;
/** A slip for so many letters. */
const SLIPS = 0.4;

/** The remedy for a word that is none of the known ones: the one that was meant, or all that there are. */
export function meant(word: string, known: Iterable<string>): string {
  const names = [...new Set(known)];
  const near = names.map((name) => ({ name, far: distance(word, name) })).sort((one, other) => one.far - other.far)[0];
  if (near && near.far <= Math.max(1, Math.floor(word.length * SLIPS))) return `Did you mean "${near.name}"?`;
  if (names.length === 0) return 'There are none yet.';
  const more = names.length > MOST_NAMED ? ', …' : '';
  return `There are: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`;
}

const MOST_COMPARED = 60;

/** How many letters must be changed, added, taken away or exchanged with their neighbour. */
function distance(one: string, other: string): number {
  if (one.length > MOST_COMPARED || other.length > MOST_COMPARED) return Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= other.length; j++) {
      const changed = at(i - 1, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const exchanged = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(Math.min(changed, at(i - 1, j) + 1, at(i, j - 1) + 1, exchanged ? at(i - 2, j - 2) + 1 : changed));
    }
  }
  return at(one.length, other.length);
}
