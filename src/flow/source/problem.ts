import { nearest } from '../../domain/nearest.ts';
import type { Path } from '../../domain/yaml.ts';

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

export type LineAt = (path: Path) => number;

/** Reports on one part of a file; the path begins at that part. */
export type Report = (path: Path, message: string, remedy: string, severity?: Severity) => Problem;

export const problemLine = (problem: Problem): string =>
  `${problem.file}:${problem.line}: ${problem.severity}: ${problem.message} ${problem.remedy}`;

export const inOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((one, other) => compare(one.file, other.file) || one.line - other.line);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const MOST_NAMED = 12;

/** The remedy for a word that is none of the known ones: the one that was meant, or all that there are. */
export function meant(word: string, known: Iterable<string>): string {
  const names = [...new Set(known)];
  const near = nearest(word, names);
  if (near !== null) return `Did you mean "${near}"?`;
  if (names.length === 0) return 'There are none yet.';
  const more = names.length > MOST_NAMED ? ', …' : '';
  return `There are: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`;
}
