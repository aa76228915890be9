import type { Writable } from 'node:stream';
import { offsetTime } from '../domain/calendar.ts';
import type { ContributionStore } from '../domain/decisions.ts';
import { type SheetProcess, sheetColumns, sheetRow } from '../domain/sheet.ts';
import { contributions } from './contributions.ts';
import type { Format } from './sheetCells.ts';
import { writeSheet } from './sheetFiles.ts';

/**
 * Writes the forum's working sheet to `out` and ends it; gives the number of contributions. What its author has taken back
 * is not in it.
 */
export async function exportContributions(
  store: ContributionStore,
  process: SheetProcess,
  format: Format,
  out: Writable,
): Promise<number> {
  let count = 0;
  async function* rows() {
    for await (const decided of contributions(store)) {
      if (decided.contribution.state === 'withdrawn') continue;
      count += 1;
      const row = sheetRow(decided, process);
      const { submittedAt } = decided.contribution;
      // For programs, which do not know of whose clock a time is.
      yield format === 'json' ? { ...row, submittedAt: offsetTime(submittedAt, process.timeZone) } : row;
    }
  }
  await writeSheet(rows(), format, out, sheetColumns(await store.translated()));
  return count;
}
