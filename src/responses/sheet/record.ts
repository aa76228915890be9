import { ELEMENTS } from '../decision.ts';
import type { Said } from '../languages.ts';
import { decisionOf } from '../response.ts';
import { bothVersions, cellChanges, firstWords } from './changes.ts';
import type { DraftRow, KnownContribution, SheetError } from './rows.ts';
import { readRowVersion } from './sheet.ts';
import { isValue, sameWords } from './words.ts';

/** A row with what is known of the contribution that it names. */
export type KnownRow = DraftRow & { known: KnownContribution };

const APART =
  'Rows with other words: were cells exchanged, columns sorted without the others, or a decision copied to another row and ' +
  'changed there? Undo that, or export again.';
const STALE =
  'Rows that were decided since: export again, leave them out, or put the decisions of the sheet in place of the present ' +
  'ones with --replace and their references.';

/** An error where the row belongs to another contribution, or does not have its present words. */
export function strayed(row: KnownRow): SheetError[] | null {
  const { reference, version: words } = row.known;
  const at = (column: string, message: string, remedy?: string): SheetError[] => [
    { row: row.row, column, message, ...(remedy && { remedy }) },
  ];
  const version = readRowVersion(row.version);
  if (row.version !== '' && version === null)
    return at('version', `"${row.version}" is not what was exported; export again.`);
  const isOther = version?.reference && version.reference !== reference;
  if (version && !isOther && version.words !== words) return at('version', `${reference} ${CHANGED}`);
  if (!hasItsWords(row))
    return at('', `these are not the words of ${reference}, which are ${firstWords(row.known)}.`, APART);
  return isOther
    ? at(
        'version',
        `these are not the words of ${version.reference}, to which the decision beside them belongs.`,
        APART,
      )
    : null;
}

/** A sheet may leave the words out. Words that spreadsheets rewrite, such as dates, are accepted in their own row. */
function hasItsWords({ text, version, known }: KnownRow): boolean {
  if (text === undefined || sameWords(known.text, text)) return true;
  return isValue(known.text) && readRowVersion(version)?.reference === known.reference;
}

const CHANGED = 'was changed by its author after the sheet was exported; export it again and read the new words.';

/**
 * An error where somebody has decided since the export, or the sheet no longer shows whether that was known. A sheet
 * that was made by hand is taken at its word.
 */
export function changedSince(row: KnownRow, said: Said | null, replace: ReadonlySet<string>): SheetError[] {
  const { reference, latest } = row.known;
  const since = replace.has(reference) ? null : sinceExport(row);
  const changes = cellChanges(latest, said);
  if (since === null || changes.length === 0) return [];
  const { there, sheet } = bothVersions(changes);
  const message = [since, `now: ${there}`, `in the sheet: ${sheet}`].join('\n      ');
  return [{ row: row.row, column: 'version', message, remedy: STALE }];
}

/** What happened since the export to the decision in a row, if it no longer stands. */
function sinceExport({ version, exported, known: { reference, latest, decisions } }: KnownRow): string | null {
  const decision = readRowVersion(version)?.decision ?? null;
  if (decision === decisions) return null;
  if (decision !== null)
    return `the decision on ${reference} was ${latest ? 'changed' : 'taken back'} after the sheet was exported.`;
  return latest && exported
    ? `${reference} is decided already, and the row no longer says what it was exported from.`
    : null;
}

/** What a row says, checked or not. */
export const saidIn = (draft: DraftRow): Said =>
  ({
    decision: decisionOf(draft.decision ?? '') ?? draft.decision,
    ...Object.fromEntries(ELEMENTS.map((element) => [element, draft[element] ?? ''])),
    translations: draft.translations ?? {},
  }) as Said;
