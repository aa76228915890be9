import type { Clock, Ids } from '../domain/clock.ts';
import type { NewResponse, ResponseStore } from '../domain/decisions.ts';
import { Mistake } from '../domain/errors.ts';
import type { DecisionKind } from '../domain/records.ts';
import {
  checkDrafts,
  type DraftRow,
  type Effect,
  readSheet,
  type SheetError,
  sheetErrorLine,
} from '../domain/sheet.ts';
import { readSheetFile } from './sheetFiles.ts';

export interface Change {
  reference: string;
  decision: DecisionKind;
  effect: Exclude<Effect, 'unchanged'>;
  /** Of the response to this contribution: the second and later ones supersede. */
  number: number;
}

export interface ImportReport extends Record<Effect, number> {
  dryRun: boolean;
  /** Lines without a decision. */
  skipped: number;
  notes: string[];
  changes: Change[];
}

interface Deciding {
  responses: ResponseStore;
  clock: Clock;
  ids: Ids;
}

/**
 * Takes in a filled working sheet: all of it, or nothing. The same file again changes nothing; changed words on a
 * released response make a new one, which supersedes it when it is released itself.
 * @throws Mistake with every error of the file, each with row and column.
 */
export async function importDecisions(
  path: string,
  { responses, clock, ids }: Deciding,
  { dryRun = false } = {},
): Promise<ImportReport> {
  const sheet = readSheet(await readSheetFile(path));
  if (sheet.errors.length > 0) throw refusal(path, sheet.errors);
  const report: ImportReport = { ...NOTHING, dryRun, skipped: sheet.skipped, notes: sheet.notes, changes: [] };
  await responses.decide(
    references(sheet.drafts),
    (known) => {
      const { decisions, errors } = checkDrafts(sheet.drafts, known);
      if (errors.length > 0) throw refusal(path, errors);
      const kept: NewResponse[] = [];
      for (const decision of decisions) {
        const { effect, reference, number } = decision;
        report[effect] += 1;
        if (effect === 'unchanged') continue;
        report.changes.push({ reference, decision: decision.decision, effect, number });
        kept.push({ ...decision, id: ids.uuid() });
      }
      return dryRun ? [] : kept;
    },
    new Date(clock()),
  );
  return report;
}

const NOTHING = { new: 0, unchanged: 0, changed: 0, superseding: 0 };

const references = (drafts: readonly DraftRow[]): string[] => [...new Set(drafts.map((draft) => draft.reference))];

function refusal(path: string, errors: readonly SheetError[]): Mistake {
  const lines = errors.map(sheetErrorLine);
  const many = lines.length === 1 ? 'one error' : `${lines.length} errors`;
  return new Mistake(
    `${path} has ${many}; nothing was imported.\n${lines.map((line) => `  ${line}`).join('\n')}`,
    lines,
  );
}
