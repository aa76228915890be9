import { cellChanges } from './changes.ts';
import { saidIn } from './record.ts';
import type { DraftRow } from './rows.ts';
import { readRowVersion } from './sheet.ts';

/**
 * When a decision is copied to other rows, or merged over them, its row's version is copied too: those rows no longer
 * say what they were exported from. They are recognized because the row that it came from still has the same decision
 * and version, whereas columns sorted apart from the others have each version once.
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
