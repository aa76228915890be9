import { commandLine } from '../../core/commandLine.ts';
import { changedSince, type KnownRow, strayed } from './record.ts';
import type { SheetError } from './rows.ts';
import { readRowVersion } from './sheet.ts';

/** A row whose cells are empty now, and whose decision its author does not have yet. */
export interface Emptied {
  row: number;
  reference: string;
  /** The id of the response that it had. */
  responseId: string;
}

/** The number of the decision that a row was exported with; null where it does not say. */
const exportedWith = ({ version }: KnownRow): number | null => readRowVersion(version)?.decision ?? null;

/**
 * What rows without a decision mean: nothing, unless they were exported with a decision that its author does not have
 * yet. What was decided since stays, even from this very file: it cannot be told apart from what a colleague decided
 * meanwhile.
 */
export function checkBlank(
  blank: readonly KnownRow[],
  replace: ReadonlySet<string>,
): { emptied: Emptied[]; notes: string[]; errors: SheetError[] } {
  const waiting = blank.filter(({ known }) => known.latest !== null && !known.told);
  const had = waiting.filter((row) => (exportedWith(row) ?? 0) > 0);
  const later = waiting.filter((row) => !had.includes(row));
  return {
    emptied: had.flatMap(({ row, reference, known: { latest } }) =>
      latest ? [{ row, reference, responseId: latest.id }] : [],
    ),
    notes: [
      ...noted(
        blank.filter((row) => (exportedWith(row) ?? 0) > 0 && row.known.told),
        'empty here, and the answer was released; to correct it, write a new one.',
      ),
      ...noted(
        later,
        `empty here, and decided since; it stays so. To take a decision back: ${commandLine(`responses undo ${onlyOf(later)}`)}`,
      ),
    ],
    errors: had.flatMap((row) => strayed(row) ?? changedSince(row, null, replace)),
  };
}

/** The reference to type; a placeholder where there are several. */
const onlyOf = (rows: readonly KnownRow[]): string => (rows.length === 1 && rows[0] ? rows[0].reference : 'HB-…');

const MOST_NAMED = 5;

function noted(rows: readonly KnownRow[], what: string): string[] {
  if (rows.length === 0) return [];
  const named = rows.slice(0, MOST_NAMED).map(({ reference }) => reference);
  const more = rows.length > MOST_NAMED ? ` and ${rows.length - MOST_NAMED} more` : '';
  return [`${named.join(', ')}${more}: ${what}`];
}
