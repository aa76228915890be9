import {
  type ContributionState,
  DECISIONS,
  ELEMENTS,
  type ReasonedResponse,
  type ResponseLanguages,
  type StoredResponse,
} from './records.ts';
import { decisionOf, missingElements } from './response.ts';
import type { Said } from './responseLanguages.ts';
import { readRowVersion } from './sheet.ts';
import { bothVersions, cellChanges, firstWords } from './sheetChanges.ts';
import type { DraftRow, SheetError } from './sheetReading.ts';
import { isValue, sameWords } from './sheetWords.ts';

/** What the check must know of a contribution. */
export interface KnownContribution {
  id: string;
  reference: string;
  text: string;
  state: ContributionState;
  version: number;
  /** The language that its author has chosen, or the platform tells. */
  reads: string | null;
  /** The decision that stands. */
  latest: StoredResponse | null;
  /** Whether it is with its author, or on its way there. */
  told: boolean;
  /** The highest number that a decision on it has had. */
  last: number;
}

/** What a checked decision does to what is stored. */
export type Effect = 'new' | 'unchanged' | 'changed' | 'superseding';

declare const checked: unique symbol;
/** Has all five elements and belongs to a contribution that may be decided: only `checkRows` makes one. */
export interface CheckedDecision extends ReasonedResponse, Pick<ResponseLanguages, 'translations'> {
  readonly [checked]: true;
  row: number;
  contributionId: string;
  reference: string;
  number: number;
  effect: Effect;
}

/** A row that was exported with a decision which nobody was told of yet; its cells are empty now. */
export interface Emptied {
  row: number;
  reference: string;
  /** Of the response that it had. */
  responseId: string;
}

/** The rows of a sheet: those with a decision, and those that have none or none any more. */
export interface SheetRows {
  drafts: readonly DraftRow[];
  blank?: readonly DraftRow[];
}

export interface CheckedRows {
  decisions: CheckedDecision[];
  emptied: Emptied[];
  notes: string[];
  errors: SheetError[];
}

type KnownByReference = ReadonlyMap<string, KnownContribution>;
type Row = DraftRow & { known: KnownContribution };

/**
 * Holds every row against the rules and the stored contributions; a sheet with one error gives nothing to keep.
 * `replace`: the references whose rows count although they were changed since the export.
 */
export function checkRows(
  { drafts, blank = [] }: SheetRows,
  known: KnownByReference,
  replace: ReadonlySet<string> = new Set(),
): CheckedRows {
  const { once, clashes } = withoutRepeats(drafts);
  const decided = new Set(once.map(({ reference }) => reference));
  const rows = (some: readonly DraftRow[]) =>
    some.flatMap((draft): Row[] => {
      const found = known.get(draft.reference);
      return found ? [{ ...draft, known: found }] : [];
    });
  const empty = rows(blank.filter(({ reference }) => !decided.has(reference))).filter(isEmptied);
  const errors = [
    ...drafts.filter(({ reference }) => !known.has(reference)).map(unknown),
    ...rows(drafts).flatMap((row) => rowErrors(row, replace)),
    ...clashes,
    ...empty.flatMap((row) => emptiedErrors(row, replace)),
  ].sort((a, b) => a.row - b.row);
  const notes = unclear(rows(blank).filter(({ reference }) => !decided.has(reference)));
  if (errors.length > 0) return { decisions: [], emptied: [], notes, errors };
  return {
    decisions: rows(once).map(decisionIn),
    emptied: empty.flatMap(({ row, reference, known: { latest } }) =>
      latest ? [{ row, reference, responseId: latest.id }] : [],
    ),
    notes,
    errors,
  };
}

const unknown = ({ row, reference }: DraftRow): SheetError => ({
  row,
  column: 'reference',
  message:
    reference === ''
      ? 'is empty; write the reference of the contribution.'
      : `no contribution is called "${reference}"; check the reference.`,
});

function rowErrors(row: Row, replace: ReadonlySet<string>): SheetError[] {
  const { reference, state } = row.known;
  const at = (column: string, message: string): SheetError => ({ row: row.row, column, message });
  if (state === 'withdrawn')
    return [at('decision', `${reference} was withdrawn by its author; leave its decision cells empty.`)];
  const word = row.decision ?? '';
  const missing = missingElements(row).filter((element) => row.translations?.[element] === undefined);
  return [
    ...(strayed(row) ?? changedSince(row, saidIn(row), replace)),
    ...(decisionOf(word) === null ? [at('decision', decisionRemedy(word))] : []),
    ...missing.map((element) => at(element, 'is empty; all five elements are needed, whatever the decision.')),
  ];
}

const decisionRemedy = (word: string): string =>
  `${word === '' ? 'is empty' : `"${word}" is no decision`}; write ${DECISIONS.slice(0, -1).join(', ')} or ${DECISIONS.at(-1)}.`;

const APART =
  'Rows with other words: were cells exchanged, or columns sorted without the others? Undo that, or export again.';
const STALE =
  'Rows that were decided since: export again, leave them out, or put the decisions of the sheet in place of the present ' +
  'ones with --replace and their references.';

/** An error where the row is not this contribution's, or not with the words that it has now. */
function strayed(row: Row): SheetError[] | null {
  const { reference, version: words, text } = row.known;
  const at = (column: string, message: string, remedy?: string): SheetError[] => [
    { row: row.row, column, message, ...(remedy && { remedy }) },
  ];
  const version = readRowVersion(row.version);
  if (row.version !== '' && version === null)
    return at('version', `"${row.version}" is not what was exported; export again.`);
  const isOther = version?.reference && version.reference !== reference;
  if (version && !isOther && version.words !== words) return at('version', `${reference} ${CHANGED}`);
  if (!hasItsWords(row))
    return at('', `these are not the words of ${reference}, which are ${firstWords(text)}.`, APART);
  return isOther ? at('reference', `says ${reference}, in the row of ${version.reference}.`, APART) : null;
}

/** A sheet may do without the words. What spreadsheets write anew, as they do dates, is believed in the row that it came with. */
function hasItsWords({ text, version, known }: Row): boolean {
  if (text === undefined || sameWords(known.text, text)) return true;
  return isValue(known.text) && readRowVersion(version)?.reference === known.reference;
}

const CHANGED = 'was changed by its author after the sheet was exported; export it again and read the new words.';

/**
 * An error where somebody has decided since the export, or the sheet does not tell any more whether that was known. A sheet
 * that was made by hand means what it says.
 */
function changedSince(row: Row, said: Said | null, replace: ReadonlySet<string>): SheetError[] {
  const { reference, latest } = row.known;
  const since = replace.has(reference) ? null : sinceExport(row);
  const changes = cellChanges(latest, said);
  if (since === null || changes.length === 0) return [];
  const { there, sheet } = bothVersions(changes);
  const message = [since, `now: ${there}`, `in the sheet: ${sheet}`].join('\n      ');
  return [{ row: row.row, column: 'version', message, remedy: STALE }];
}

/** What has become of the decision that a row was exported with, if that is not the one which stands. */
function sinceExport({ version, exported, known: { reference, latest } }: Row): string | null {
  const decision = readRowVersion(version)?.decision ?? null;
  if (decision === (latest?.number ?? 0)) return null;
  if (decision !== null)
    return `the decision on ${reference} was ${latest ? 'changed' : 'taken back'} after the sheet was exported.`;
  return latest && exported
    ? `${reference} is decided already, and the row does not say any more what it was made of.`
    : null;
}

const saidIn = (draft: DraftRow): Said =>
  ({
    decision: decisionOf(draft.decision ?? '') ?? draft.decision,
    ...Object.fromEntries(ELEMENTS.map((element) => [element, draft[element] ?? ''])),
    translations: draft.translations ?? {},
  }) as Said;

const wasDecided = ({ version }: DraftRow): boolean => (readRowVersion(version)?.decision ?? 0) > 0;
const isWaiting = ({ known }: Row): boolean => known.latest !== null && !known.told;
/** What was released is not called back by emptying its row: the reader may have it. */
const isEmptied = (row: Row): boolean => isWaiting(row) && wasDecided(row);

const emptiedErrors = (row: Row, replace: ReadonlySet<string>): SheetError[] =>
  strayed(row) ?? changedSince(row, null, replace);

/** Of empty rows: those where nobody can tell whether they mean anything. */
function unclear(blank: readonly Row[]): string[] {
  const some = (rows: readonly Row[], what: string) =>
    rows.length === 0 ? [] : [`${rows.map(({ reference }) => reference).join(', ')}: ${what}`];
  const released = blank.filter((row) => wasDecided(row) && row.known.latest && !isWaiting(row));
  const untold = blank.filter((row) => isWaiting(row) && (readRowVersion(row.version)?.decision ?? null) === null);
  return [
    ...some(released, 'the cells are empty, but the answer was released; to correct it, write a new one.'),
    ...some(untold, 'decided, and left so; to take a decision back: hearback responses undo REFERENCE.'),
  ];
}

function withoutRepeats(drafts: readonly DraftRow[]): { once: DraftRow[]; clashes: SheetError[] } {
  const first = new Map<string, DraftRow>();
  const clashes: SheetError[] = [];
  for (const draft of drafts) {
    const earlier = first.get(draft.reference);
    if (!earlier) first.set(draft.reference, draft);
    else if (draft.reference !== '' && cellChanges(saidIn(earlier), saidIn(draft)).length > 0) {
      const message = `${draft.reference} is decided differently in row ${earlier.row}; keep one of the two.`;
      clashes.push({ row: draft.row, column: 'reference', message });
    }
  }
  return { once: [...first.values()], clashes };
}

function decisionIn(row: Row): CheckedDecision {
  const { known } = row;
  const said = saidIn(row);
  return {
    ...said,
    row: row.row,
    contributionId: known.id,
    reference: known.reference,
    number: known.last + 1,
    effect: effectOn(known.latest, said),
  } as CheckedDecision;
}

function effectOn(latest: StoredResponse | null, said: Said): Effect {
  if (!latest) return 'new';
  if (cellChanges(latest, said).length === 0) return 'unchanged';
  return latest.state === 'approved' ? 'changed' : 'superseding';
}
