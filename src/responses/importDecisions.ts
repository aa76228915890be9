import type { Clock, Ids } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import { readReference } from '../core/reference.ts';
import { type AnswerText, foreignAnswers, languagesIn, type TellLanguages } from './answerLanguages.ts';
import type { DecisionKind } from './decision.ts';
import type { DecisionPlan, NewResponse, ResponseStore } from './ports.ts';
import { type CellChange, cellChanges, firstWords } from './sheet/changes.ts';
import { type CheckedRows, checkRows, type Effect } from './sheet/check.ts';
import { readSheetFile } from './sheet/readFile.ts';
import { type ReadSheet, readSheet } from './sheet/reading.ts';
import { type KnownContribution, type SheetError, sheetErrorLine } from './sheet/rows.ts';

/** What an import changes for one contribution. */
export interface Change {
  reference: string;
  /** The first words of what was said. */
  words: string;
  /** The new decision; where one is undone, the one it was. */
  decision: DecisionKind;
  effect: Exclude<Effect, 'unchanged'> | 'undone';
  /** The number of the response to this contribution: later ones supersede earlier ones. */
  number: number;
  cells: CellChange[];
}

export interface ImportReport extends Record<Effect | 'undone', number> {
  dryRun: boolean;
  /** Lines without a decision. */
  skipped: number;
  notes: string[];
  changes: Change[];
}

/** How a sheet is read. */
export interface Reading {
  responses: Pick<ResponseStore, 'look'>;
  /** Those of the process. */
  languages: readonly string[];
  /** References whose rows count even though they were decided on since the export. */
  replace?: readonly string[];
}

/** A working sheet that was read and compared with the record. */
export interface ReadImport {
  /** What it would change. */
  report: ImportReport;
  /** Among these: decisions whose cells were emptied, which it takes back. */
  emptied: readonly Change[];
  /**
   * Stores all of it, or nothing. Importing the same file again changes nothing; new text for a released response makes
   * a new response, which supersedes it once it is released.
   * @throws UserError when the record has changed since the sheet was compared with it
   */
  keep(responses: Pick<ResponseStore, 'decide'>, by: { clock: Clock; ids: Ids }): Promise<ImportReport>;
}

type Known = ReadonlyMap<string, KnownContribution>;

/** @throws UserError with every error of the file, each with row and column */
export async function readImport(path: string, reading: Reading): Promise<ReadImport> {
  const sheet = readSheet(await readSheetFile(path));
  if (sheet.errors.length > 0) throw refusal(path, sheet.errors);
  return heldAgainst(path, sheet, reading);
}

/** The same for rows that were read already. @param path what errors call them. @throws UserError with every error */
export async function heldAgainst(
  path: string,
  sheet: ReadSheet,
  { responses, languages, replace = [] }: Reading,
): Promise<ReadImport> {
  const replaced = expectInSheet(replace.map(readReference), sheet);
  const checked = (known: Known) => accepted(path, checkRows(sheet, known, replaced));
  const known = await responses.look(references(sheet));
  const looked = checked(known);
  const tell = await languagesIn(changedAnswers(looked, known), languages);
  const reportOn = (rows: CheckedRows, found: Known, dryRun: boolean) =>
    report({ sheet, rows, known: found, tell, languages, dryRun });
  const first = reportOn(looked, known, true);
  return {
    report: first,
    emptied: first.changes.filter(({ effect }) => effect === 'undone'),
    async keep(store, { clock, ids }) {
      let made = first;
      await store.decide(
        references(sheet),
        (now) => {
          const rows = checked(now);
          made = reportOn(rows, now, false);
          expectAgreed(rows, looked);
          return planFor(rows, now, (answer) => ({ id: ids.uuid(), languages: tell(answer) }));
        },
        new Date(clock()),
      );
      return made;
    },
  };
}

/** Checks the references given to --replace: otherwise a typo would go unnoticed, and the intended row be refused. */
function expectInSheet(replaced: readonly string[], { drafts, blank }: ReadSheet): ReadonlySet<string> {
  const there = new Set([...drafts, ...blank].map(({ reference }) => reference));
  const strange = replaced.filter((reference) => !there.has(reference));
  if (strange.length > 0) throw new UserError(`--replace: the sheet has no row of ${strange.join(', ')}.`);
  return new Set(replaced);
}

const references = ({ drafts, blank }: ReadSheet): string[] => [
  ...new Set([...drafts, ...blank].map(({ reference }) => reference)),
];

function accepted(path: string, rows: CheckedRows): CheckedRows {
  if (rows.errors.length > 0) throw refusal(path, rows.errors);
  return rows;
}

const changedAnswers = ({ decisions }: CheckedRows, known: Known): AnswerText[] =>
  decisions
    .filter(({ effect }) => effect !== 'unchanged')
    .map((decision) => ({ decision, reads: known.get(decision.reference)?.reads ?? null }));

type Beside = Pick<NewResponse, 'id' | 'languages'>;

function planFor(rows: CheckedRows, known: Known, beside: (answer: AnswerText) => Beside): DecisionPlan {
  return {
    keep: changedAnswers(rows, known).map((answer) => ({ ...answer.decision, ...beside(answer) })),
    undo: rows.emptied.map(({ responseId }) => responseId),
  };
}

interface Reporting {
  sheet: ReadSheet;
  rows: CheckedRows;
  known: Known;
  tell: TellLanguages;
  languages: readonly string[];
  dryRun: boolean;
}

function report({ sheet, rows, known, tell, languages, dryRun }: Reporting): ImportReport {
  const counts = { new: 0, unchanged: 0, changed: 0, superseding: 0, undone: rows.emptied.length };
  for (const { effect } of rows.decisions) counts[effect] += 1;
  const notes = [...sheet.notes, ...rows.notes, ...foreignAnswers(changedAnswers(rows, known), tell, languages)];
  const skipped = sheet.blank.length - rows.emptied.length;
  return { ...counts, dryRun, skipped, notes, changes: changesIn(rows, known) };
}

function changesIn({ decisions, emptied }: CheckedRows, known: Known): Change[] {
  const about = (reference: string) => {
    const found = known.get(reference);
    return { latest: found?.latest ?? null, base: { reference, words: found ? firstWords(found) : '' } };
  };
  const decided = decisions.flatMap((decision): Change[] => {
    const { reference, effect, number, decision: kind } = decision;
    const { latest, base } = about(reference);
    if (effect === 'unchanged') return [];
    return [{ ...base, decision: kind, effect, number, cells: cellChanges(latest, decision) }];
  });
  const undone = emptied.flatMap(({ reference }): Change[] => {
    const { latest, base } = about(reference);
    if (!latest) return [];
    const { decision, number } = latest;
    return [{ ...base, decision, effect: 'undone', number, cells: cellChanges(latest, null) }];
  });
  return [...decided, ...undone];
}

/** Refuses emptied rows unless somebody has agreed to take their decisions back. @throws UserError that names them */
export function refuseEmptied(undone: readonly Change[]): void {
  if (undone.length === 0) return;
  const lines = undone.map(({ reference, words, decision }) => `  ${reference}  ${words}, decided: ${decision}`);
  throw new UserError(
    [
      'The cells of these rows were filled and are empty now; nothing was imported.',
      ...lines,
      'Fill them again to leave the decisions as they are, or say --yes to take them back.',
    ].join('\n'),
    lines,
  );
}

/** Somebody agreed to the emptied rows as shown; others may have been decided on meanwhile. */
function expectAgreed({ emptied }: CheckedRows, looked: CheckedRows): void {
  const seen = new Set(looked.emptied.map(({ responseId }) => responseId));
  if (emptied.some(({ responseId }) => !seen.has(responseId)))
    throw new UserError('Somebody has decided meanwhile; nothing was imported. Import the sheet again.');
}

const MOST_LISTED = 40;

function refusal(path: string, errors: readonly SheetError[]): UserError {
  const lines = errors.map(sheetErrorLine);
  const many = lines.length === 1 ? 'one error' : `${lines.length} errors`;
  const more = lines.length > MOST_LISTED ? [`  and ${lines.length - MOST_LISTED} more`] : [];
  const listed = [...lines.slice(0, MOST_LISTED).map((line) => `  ${line}`), ...more];
  const remedies = new Set(errors.flatMap(({ remedy }) => remedy ?? []));
  return new UserError([`${path} has ${many}; nothing was imported.`, ...listed, ...remedies].join('\n'), lines);
}
