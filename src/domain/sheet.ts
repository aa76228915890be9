import type { Attachment } from './inbound.ts';
import {
  type Contribution,
  type ContributionState,
  DECISIONS,
  ELEMENTS,
  type ReasonedResponse,
  type StoredResponse,
} from './records.ts';
import { decisionOf, missingElements, sameResponse, tidy } from './response.ts';

const ABOUT_COLUMNS = [
  ...(['reference', 'submittedAt', 'kind', 'channel', 'language', 'question', 'theme', 'attribution'] as const),
  ...(['attributionName', 'text', 'fields', 'attachments', 'state', 'version'] as const),
];
const DECISION_COLUMNS = ['decision', ...ELEMENTS] as const;
/** The forum's working sheet: what was said, and room for the decision and the five elements. */
export const SHEET_COLUMNS = [...ABOUT_COLUMNS, ...DECISION_COLUMNS] as const;
export type SheetColumn = (typeof SHEET_COLUMNS)[number];
export type SheetRow = Record<SheetColumn, string>;

/** A contribution with the latest decision on it, released or not. */
export interface DecidedContribution {
  contribution: Contribution;
  response: StoredResponse | null;
}

/** One line of the sheet; cells are always text. */
export function sheetRow({ contribution: it, response }: DecidedContribution): SheetRow {
  const decided = Object.fromEntries(DECISION_COLUMNS.map((column) => [column, response?.[column] ?? '']));
  return {
    reference: it.reference,
    submittedAt: it.submittedAt.toISOString(),
    kind: it.kind,
    channel: it.channel,
    language: it.language,
    question: it.question ?? '',
    theme: it.theme ?? '',
    attribution: it.attribution,
    attributionName: it.attributionName ?? '',
    text: it.text,
    fields: Object.keys(it.fields).length === 0 ? '' : JSON.stringify(it.fields),
    attachments: attachmentWords(it.attachments),
    state: it.state,
    version: String(it.version),
    ...(decided as Pick<SheetRow, (typeof DECISION_COLUMNS)[number]>),
  };
}

/** What came beside the words, such as `2 photos, 1 voice`: where the text is empty, that is all there is. */
export function attachmentWords(attachments: readonly Pick<Attachment, 'kind'>[]): string {
  const kinds = [...new Set(attachments.map(({ kind }) => kind))];
  return kinds
    .map((kind) => ({ kind, count: attachments.filter((one) => one.kind === kind).length }))
    .map(({ kind, count }) => `${count} ${kind}${count > 1 ? 's' : ''}`)
    .join(', ');
}

/** A file as read: the line with the headings and those below, blank ones included, so that row numbers are those people see. */
export interface Table {
  header: string[];
  rows: string[][];
  /** The row of the headings, counted from 1; the first when left out. */
  headerRow?: number;
}

/** How far down the headings are looked for. */
const MOST_ABOVE = 20;

/** The place of the headings, below whatever title a member has put above them; null where there are none. */
export function headerPlace(lines: readonly string[][]): number | null {
  const names = lines.slice(0, MOST_ABOVE).map((cells) => cells.map(nameOf));
  const whole = names.findIndex((cells) => REQUIRED_COLUMNS.every((column) => cells.includes(column)));
  const place = whole >= 0 ? whole : names.findIndex((cells) => cells.includes('reference'));
  return place >= 0 ? place : null;
}

/** Something wrong in the file; `row` counts from 1 with the header, as spreadsheets do. */
export interface SheetError {
  row: number;
  column: string;
  message: string;
}
export const sheetErrorLine = (error: SheetError): string =>
  `row ${error.row}, column ${error.column}: ${error.message}`;

/** A line whose decision cells are not all empty, not yet checked. */
export interface DraftRow extends Partial<Record<(typeof DECISION_COLUMNS)[number], string>> {
  row: number;
  reference: string;
  /** Of the words that the decision is about; empty where the sheet does not say. */
  version: string;
}

export interface ReadSheet {
  drafts: DraftRow[];
  /** Lines without a decision. */
  skipped: number;
  notes: string[];
  errors: SheetError[];
}

const REQUIRED_COLUMNS = ['reference', ...DECISION_COLUMNS] as const;
const nameOf = (header: string): string => header.replace(/[\s_\uFEFF-]/g, '').toLowerCase();

/** Finds the columns by their names, in any order and case, and picks out the lines that carry a decision. */
export function readSheet(table: Table): ReadSheet {
  const places = new Map<string, number>();
  const errors: SheetError[] = [];
  const headerRow = table.headerRow ?? 1;
  table.header.forEach((header, place) => {
    const name = nameOf(header);
    if (places.has(name) && [...REQUIRED_COLUMNS, 'version'].includes(name))
      errors.push({ row: headerRow, column: header, message: 'this column is there twice; keep one of them.' });
    else places.set(name, place);
  });
  for (const column of REQUIRED_COLUMNS)
    if (!places.has(column))
      errors.push({
        row: headerRow,
        column,
        message: 'this column is missing; export a working sheet to see all of them.',
      });
  if (errors.length > 0) return { drafts: [], skipped: 0, notes: [], errors };
  const all = table.rows.map((cells, index) => draftRow(cells, headerRow + index + 1, places));
  const drafts = all.filter((draft) => DECISION_COLUMNS.some((column) => draft[column] !== ''));
  const named = all.filter((draft) => draft.reference !== '').length;
  const skipped = named - drafts.filter((draft) => draft.reference !== '').length;
  return { drafts, skipped, notes: leftAside(table), errors: strayCells(table) };
}

function draftRow(cells: string[], row: number, places: ReadonlyMap<string, number>): DraftRow {
  const cell = (column: string): string => tidy(cells[places.get(column) ?? -1] ?? '');
  const decided = Object.fromEntries(DECISION_COLUMNS.map((column) => [column, cell(column)]));
  return { row, reference: cell('reference').toUpperCase(), version: cell('version'), ...decided };
}

function leftAside({ header, rows }: Table): string[] {
  const known = new Set<string>(SHEET_COLUMNS.map(nameOf));
  return header.flatMap((name, place) => {
    if (known.has(nameOf(name))) return [];
    if (nameOf(name) !== '') return [`Column "${name}" is not one of the working sheet's and was left aside.`];
    const used = rows.some((cells) => tidy(cells[place] ?? '') !== '');
    return used ? [`Column ${place + 1} has no heading and was left aside.`] : [];
  });
}

/** Cells right of the last heading: most often a separator inside a text that lost its quotes. */
function strayCells(table: Table): SheetError[] {
  return table.rows.flatMap((cells, index) => {
    const stray = cells.findIndex((cell, place) => place >= table.header.length && tidy(cell) !== '');
    if (stray < 0) return [];
    const message = 'there is a cell without a heading; texts with separators or line breaks need quotes around them.';
    return [{ row: (table.headerRow ?? 1) + index + 1, column: String(stray + 1), message }];
  });
}

/** What the check must know of a contribution. */
export interface KnownContribution {
  id: string;
  reference: string;
  state: ContributionState;
  version: number;
  /** The decision with the highest number. */
  latest: StoredResponse | null;
}

/** What a checked decision does to what is stored. */
export type Effect = 'new' | 'unchanged' | 'changed' | 'superseding';

declare const checked: unique symbol;
/** Has all five elements and belongs to a contribution that may be decided: only `checkDrafts` makes one. */
export interface CheckedDecision extends ReasonedResponse {
  readonly [checked]: true;
  contributionId: string;
  reference: string;
  number: number;
  effect: Effect;
}

/** Holds every draft against the rules and the stored contributions; a file with one error gives no decision to keep. */
export function checkDrafts(
  drafts: readonly DraftRow[],
  known: ReadonlyMap<string, KnownContribution>,
): { decisions: CheckedDecision[]; errors: SheetError[] } {
  const errors = drafts.flatMap((draft) => rowErrors(draft, known.get(draft.reference)));
  const { once, clashes } = withoutRepeats(drafts);
  errors.push(...clashes);
  if (errors.length > 0) return { decisions: [], errors: errors.sort((a, b) => a.row - b.row) };
  return { decisions: once.map((draft) => decided(draft, known.get(draft.reference) as KnownContribution)), errors };
}

function rowErrors(draft: DraftRow, known: KnownContribution | undefined): SheetError[] {
  const at = (column: string, message: string): SheetError => ({ row: draft.row, column, message });
  const errors: SheetError[] = [];
  if (draft.reference === '') errors.push(at('reference', 'is empty; write the reference of the contribution.'));
  else if (!known) errors.push(at('reference', `no contribution is called "${draft.reference}"; check the reference.`));
  else if (known.state === 'withdrawn')
    errors.push(at('decision', `${draft.reference} was withdrawn by its author; leave its decision cells empty.`));
  else if (draft.version !== '' && Number(draft.version) !== known.version)
    errors.push(at('version', `${draft.reference} ${CHANGED}`));
  const word = draft.decision ?? '';
  if (decisionOf(word) === null) errors.push(at('decision', decisionRemedy(word)));
  for (const element of missingElements(draft))
    errors.push(at(element, 'is empty; all five elements are needed, whatever the decision.'));
  return errors;
}

const CHANGED = 'was changed by its author after the sheet was exported; export it again and read the new words.';

const decisionRemedy = (word: string): string =>
  `${word === '' ? 'is empty' : `"${word}" is no decision`}; write ${DECISIONS.slice(0, -1).join(', ')} or ${DECISIONS.at(-1)}.`;

function withoutRepeats(drafts: readonly DraftRow[]): { once: DraftRow[]; clashes: SheetError[] } {
  const first = new Map<string, DraftRow>();
  const clashes: SheetError[] = [];
  for (const draft of drafts) {
    const earlier = first.get(draft.reference);
    if (!earlier) first.set(draft.reference, draft);
    else if (draft.reference !== '' && content(earlier) !== content(draft)) {
      const message = `${draft.reference} is decided differently in row ${earlier.row}; keep one of the two.`;
      clashes.push({ row: draft.row, column: 'reference', message });
    }
  }
  return { once: [...first.values()], clashes };
}

const content = (draft: DraftRow): string =>
  JSON.stringify([decisionOf(draft.decision ?? ''), ...ELEMENTS.map((element) => draft[element])]);

function decided(draft: DraftRow, known: KnownContribution): CheckedDecision {
  const elements = Object.fromEntries(ELEMENTS.map((element) => [element, draft[element]]));
  const reasoned = { decision: decisionOf(draft.decision ?? ''), ...elements } as ReasonedResponse;
  return {
    ...reasoned,
    contributionId: known.id,
    reference: known.reference,
    number: (known.latest?.number ?? 0) + 1,
    effect: effectOn(known.latest, reasoned),
  } as CheckedDecision;
}

function effectOn(latest: StoredResponse | null, reasoned: ReasonedResponse): Effect {
  if (!latest) return 'new';
  if (sameResponse(latest, reasoned)) return 'unchanged';
  return latest.state === 'approved' ? 'changed' : 'superseding';
}
