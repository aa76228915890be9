import { readRowVersion } from './sheet.ts';
import { cellChanges } from './sheetChanges.ts';
import type { SheetError } from './sheetReading.ts';
import { changedSince, type KnownRow, saidIn, strayed } from './sheetRecord.ts';

/** A row that had a decision which nobody was told of yet; its cells are empty now. */
export interface Emptied {
  row: number;
  reference: string;
  /** Of the response that it had. */
  responseId: string;
}

/** The number of the decision that a row was exported with; null where it does not say. */
const exportedWith = ({ version }: KnownRow): number | null => readRowVersion(version)?.decision ?? null;
const isOlder = (row: KnownRow): boolean => (exportedWith(row) ?? 0) < (row.known.latest?.number ?? 0);

/**
 * The sheets that this one has been: those whose imports have left, after its export, the very decisions that stand in it.
 * A colleague's decisions come from another.
 */
export function importsSeen(rows: readonly KnownRow[]): string[] {
  return rows.flatMap((row) => {
    const { latest } = row.known;
    return latest?.sheet && isOlder(row) && cellChanges(latest, saidIn(row)).length === 0 ? [latest.sheet] : [];
  });
}

/**
 * What becomes of rows without a decision: nothing, unless they had one that nobody was told of yet. They had if they were
 * exported with it, or it was imported from this sheet.
 * @param seen the sheets that this one is or has been
 */
export function checkBlank(
  blank: readonly KnownRow[],
  seen: ReadonlySet<string>,
  replace: ReadonlySet<string>,
): { emptied: Emptied[]; notes: string[]; errors: SheetError[] } {
  const waiting = blank.filter(({ known }) => known.latest !== null && !known.told);
  const isOwn = ({ known }: KnownRow) => seen.has(known.latest?.sheet ?? '');
  const had = waiting.filter((row) => (exportedWith(row) ?? 0) > 0 || isOwn(row));
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
        waiting.filter((row) => !had.includes(row)),
        'empty here, and decided by now; it stays so. To take a decision back: hearback responses undo REFERENCE.',
      ),
    ],
    errors: had.flatMap((row) => strayed(row) ?? (isOwn(row) && isOlder(row) ? [] : changedSince(row, null, replace))),
  };
}

const MOST_NAMED = 5;

function noted(rows: readonly KnownRow[], what: string): string[] {
  if (rows.length === 0) return [];
  const named = rows.slice(0, MOST_NAMED).map(({ reference }) => reference);
  const more = rows.length > MOST_NAMED ? ` and ${rows.length - MOST_NAMED} more` : '';
  return [`${named.join(', ')}${more}: ${what}`];
}
