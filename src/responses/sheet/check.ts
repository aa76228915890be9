import { commandLine } from '../../core/commandLine.ts';
import { DECISIONS, type ReasonedResponse, type ResponseLanguages, type StoredResponse } from '../decision.ts';
import type { Said } from '../languages.ts';
import { decisionOf, missingElements } from '../response.ts';
import { checkBlank, type Emptied } from './blank.ts';
import { cellChanges } from './changes.ts';
import { changedSince, type KnownRow, saidIn, strayed } from './record.ts';
import type { DraftRow, KnownContribution, SheetError } from './rows.ts';

/** What a checked decision means for the stored ones. */
export type Effect = 'new' | 'unchanged' | 'changed' | 'superseding';

declare const checked: unique symbol;
/** A decision with all five elements on a contribution that may be decided; only `checkRows` makes one. */
export interface CheckedDecision extends ReasonedResponse, Pick<ResponseLanguages, 'translations'> {
  readonly [checked]: true;
  row: number;
  contributionId: string;
  reference: string;
  number: number;
  effect: Effect;
}

/** The rows of a sheet: those with a decision, and those without or no longer with one. */
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

/**
 * Checks every row against the rules and the stored contributions; a sheet with one error stores nothing.
 * @param replace references whose rows count although they were changed since the export
 */
export function checkRows(
  { drafts, blank = [] }: SheetRows,
  known: KnownByReference,
  replace: ReadonlySet<string> = new Set(),
): CheckedRows {
  const { once, clashes } = withoutRepeats(drafts);
  const decided = new Set(once.map(({ reference }) => reference));
  const rows = (some: readonly DraftRow[]) =>
    some.flatMap((draft): KnownRow[] => {
      const found = known.get(draft.reference);
      return found ? [{ ...draft, known: found }] : [];
    });
  const empty = checkBlank(rows(blank.filter(({ reference }) => !decided.has(reference))), replace);
  const errors = [
    ...drafts.filter(({ reference }) => !known.has(reference)).map(unknown),
    ...rows(drafts).flatMap((row) => rowErrors(row, replace)),
    ...clashes,
    ...empty.errors,
  ].sort((a, b) => a.row - b.row);
  const { notes, emptied } = empty;
  if (errors.length > 0) return { decisions: [], emptied: [], notes, errors };
  return { decisions: rows(once).map(decisionIn), emptied, notes, errors };
}

const unknown = ({ row, reference }: DraftRow): SheetError => ({
  row,
  column: 'reference',
  message:
    reference === ''
      ? 'is empty; write the reference of the contribution.'
      : `no contribution is called "${reference}"; check the reference.`,
});

function rowErrors(row: KnownRow, replace: ReadonlySet<string>): SheetError[] {
  const { reference, state, latest, told } = row.known;
  const at = (column: string, message: string): SheetError => ({ row: row.row, column, message });
  if (state === 'withdrawn')
    return [at('decision', `${reference} was withdrawn by its author; leave its decision cells empty.`)];
  if (state === 'set_aside')
    return [
      at(
        'decision',
        `${reference} is set aside, and nothing is decided on it; leave its decision cells empty, or restore it: ${commandLine(`contributions restore ${reference}`)}`,
      ),
    ];
  const word = row.decision ?? '';
  const waits = latest !== null && !told;
  const missing = missingElements(row).filter((element) => row.translations?.[element] === undefined);
  return [
    ...(strayed(row) ?? changedSince(row, saidIn(row), replace)),
    ...(decisionOf(word) === null ? [at('decision', decisionRemedy(word, waits ? reference : null))] : []),
    ...missing.map((element) => at(element, 'is empty; all five elements are needed, whatever the decision.')),
  ];
}

const ONE_OF = `write ${DECISIONS.slice(0, -1).join(', ')} or ${DECISIONS.at(-1)}`;

/** @param undoable the decision to take back, if that may be why the cell is empty */
function decisionRemedy(word: string, undoable: string | null): string {
  if (word !== '') return `"${word}" is not a decision; ${ONE_OF}.`;
  return `is empty; ${ONE_OF}${undoable ? `, or take the decision back: ${commandLine(`responses undo ${undoable}`)}` : '.'}`;
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

function decisionIn(row: KnownRow): CheckedDecision {
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
