import type { Writable } from 'node:stream';
import type { ContributionState } from '../contributions/contribution.ts';
import { offsetTime } from '../core/calendar.ts';
import { contributions } from './contributions.ts';
import type { ContributionStore } from './ports.ts';
import type { Format } from './sheet/cells.ts';
import { writeSheet } from './sheet/files.ts';
import { type SheetProcess, sheetColumns, sheetRow } from './sheet/sheet.ts';

export interface Exported {
  contributions: number;
  /** Contributions that were withdrawn, which are not in the sheet. */
  withdrawn: number;
  /** Those that are no contributions, which are not either: nobody decides on them. */
  setAside: number;
}

const COUNTED: Partial<Record<ContributionState, keyof Exported>> = { withdrawn: 'withdrawn', set_aside: 'setAside' };

/** Writes the forum's working sheet to `out` and ends it. @param of the id of a process; the current one when left out */
export async function exportContributions(
  store: ContributionStore,
  process: SheetProcess,
  format: Format,
  out: Writable,
  of: number | undefined = undefined,
): Promise<Exported> {
  const exported = { contributions: 0, withdrawn: 0, setAside: 0 };
  async function* rows() {
    for await (const decided of contributions(store, of === undefined ? {} : { process: of })) {
      const as = COUNTED[decided.contribution.state] ?? 'contributions';
      exported[as] += 1;
      if (as !== 'contributions') continue;
      const row = sheetRow(decided, process);
      const { submittedAt } = decided.contribution;
      // Programs need the offset: they do not know the process's time zone.
      yield format === 'json' ? { ...row, submittedAt: offsetTime(submittedAt, process.timeZone) } : row;
    }
  }
  await writeSheet(rows(), format, out, sheetColumns(await store.translated(of)));
  return exported;
}
