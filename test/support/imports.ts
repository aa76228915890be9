import type { Clock, Ids } from '../../src/core/clock.ts';
import {
  type Change,
  type ImportReport,
  type Reading,
  readImport,
  refuseEmptied,
} from '../../src/responses/importDecisions.ts';
import type { ResponseStore } from '../../src/responses/ports.ts';
import { lookToUndo, undoDecision } from '../../src/responses/undo.ts';

interface Deciding extends Omit<Reading, 'replace'> {
  responses: ResponseStore;
  clock: Clock;
  ids: Ids;
}

export interface ImportOptions {
  dryRun?: boolean;
  replace?: string[];
  /** Says yes to what is taken back, or throws. */
  agree?: (emptied: readonly Change[]) => Promise<void>;
}

/** Reads a sheet and takes it in. */
export async function importDecisions(
  path: string,
  { clock, ids, ...reading }: Deciding,
  { dryRun = false, replace = [], agree = async (emptied) => refuseEmptied(emptied) }: ImportOptions = {},
): Promise<ImportReport> {
  const sheet = await readImport(path, { ...reading, replace });
  if (dryRun) return sheet.report;
  if (sheet.emptied.length > 0) await agree(sheet.emptied);
  return sheet.keep(reading.responses, { clock, ids });
}

export const undo = async (reference: string, responses: ResponseStore, clock: Clock): Promise<Change> =>
  undoDecision(await lookToUndo(reference, responses), { responses, clock });
