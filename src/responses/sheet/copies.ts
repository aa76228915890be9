import { cellChanges } from './changes.ts';
import { saidIn } from './record.ts';
import type { DraftRow } from './rows.ts';
import { readRowVersion } from './sheet.ts';

/**
 * A decision that was copied to other rows, or merged over them, has taken the version of its row along: these rows do not
 * say any more what they were made of. They are known by the row that it came from, which has the same decision and its own
 * version still; columns that were sorted without the others hold each version once.
 */
export function withoutCopiedVersions(rows: readonly DraftRow[]): DraftRow[] {
  const own = new Map(rows.filter((row) => madeOf(row) === row.reference).map((row) => [row.reference, row]));
  const isCopy = (row: DraftRow): boolean => {
    const from = own.get(madeOf(row) ?? '');
    return (
      from !== undefined && from.reference !== row.reference && cellChanges(saidIn(from), saidIn(row)).length === 0
    );
  };
  return rows.map((row) => (isCopy(row) ? { ...row, version: '' } : row));
}

const madeOf = ({ version }: DraftRow): string | null => readRowVersion(version)?.reference ?? null;
