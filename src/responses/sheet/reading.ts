import { readReference } from '../../core/reference.ts';
import { languageName } from '../../core/texts.ts';
import { ELEMENTS, type Element, type ReasonedResponse } from '../decision.ts';
import { normalized } from '../response.ts';
import { withoutCopiedVersions } from './copies.ts';
import type { DraftRow, SheetError } from './rows.ts';
import { ABOUT_COLUMNS, DECISION_COLUMNS, SHEET_COLUMNS } from './sheet.ts';

/** A file as read: the line with the headings and those below, blank ones included, so that row numbers are those people see. */
export interface Table {
  header: string[];
  rows: string[][];
  /** The row of the headings, counted from 1; the first when left out. */
  headerRow?: number;
}

/** How far down the headings are looked for. */
const MOST_ABOVE = 20;
const REQUIRED_COLUMNS = ['reference', ...DECISION_COLUMNS] as const;
/** Columns that must not be there twice: nobody could tell which is meant. */
const SINGLE_COLUMNS: readonly string[] = [...REQUIRED_COLUMNS, 'version', 'text'];

const nameOf = (header: string): string => header.replace(/[\s_\p{Cf}-]/gu, '').toLowerCase();

/** Where the headings are: `at` is their line. */
export interface HeaderPlace {
  at: number;
  whole: boolean;
}

/** The place of the headings, below whatever title a member has put above them; null where there are none. */
export function headerPlace(lines: readonly string[][]): HeaderPlace | null {
  const names = lines.slice(0, MOST_ABOVE).map((cells) => cells.map(nameOf));
  const whole = names.findIndex((cells) => REQUIRED_COLUMNS.every((column) => cells.includes(column)));
  if (whole >= 0) return { at: whole, whole: true };
  const at = names.findIndex((cells) => cells.includes('reference'));
  return at >= 0 ? { at, whole: false } : null;
}

export interface ReadSheet {
  /** Lines whose decision cells are not all empty. */
  drafts: DraftRow[];
  /** Lines with a reference alone. */
  blank: DraftRow[];
  notes: string[];
  errors: SheetError[];
}

interface Columns {
  places: ReadonlyMap<string, number>;
  translations: (Translation & { place: number })[];
  errors: SheetError[];
}

/** Finds the columns by their names, in any order and case, and the lines that have a decision. */
export function readSheet(table: Table): ReadSheet {
  const headerRow = table.headerRow ?? 1;
  const columns = readColumns(table.header, headerRow);
  if (columns.errors.length > 0) return { drafts: [], blank: [], notes: [], errors: columns.errors };
  const all = withoutCopiedVersions(table.rows.map((cells, index) => draftRow(cells, headerRow + index + 1, columns)));
  const isDecided = (draft: DraftRow) =>
    DECISION_COLUMNS.some((column) => draft[column] !== '') || Object.keys(draft.translations ?? {}).length > 0;
  return {
    drafts: all.filter(isDecided),
    blank: all.filter((draft) => !isDecided(draft) && draft.reference !== ''),
    notes: leftAside(table),
    errors: strayCells(table),
  };
}

function readColumns(header: readonly string[], row: number): Columns {
  const places = new Map<string, number>();
  const translations: Columns['translations'] = [];
  const errors: SheetError[] = [];
  for (const [place, column] of header.entries()) {
    const translation = translationOf(column);
    const name = translation ? `${translation.element}.${translation.language}` : nameOf(column);
    if (places.has(name)) {
      if (translation || SINGLE_COLUMNS.includes(name))
        errors.push({ row, column, message: 'this column is there twice; keep one of them.' });
      continue;
    }
    places.set(name, place);
    if (!translation) continue;
    translations.push({ ...translation, place });
    if (languageName(translation.language, 'en') === translation.language)
      errors.push({ row, column, message: `there is no language "${translation.language}"; ${LIKE}` });
  }
  const missing = REQUIRED_COLUMNS.filter((column) => !places.has(column));
  const message = 'this column is missing; export a working sheet to see all of them.';
  return { places, translations, errors: [...errors, ...missing.map((column) => ({ row, column, message }))] };
}

const LIKE = 'name the column like reason.fr, with the letters of the language.';

interface Translation {
  element: Element;
  language: string;
}

/** `reason.fr`, `Reason (FR)`, `reason_fr-CA`, which is for all readers of French. */
function translationOf(header: string): Translation | null {
  const [, name = '', language] =
    /^\s*([a-z]+)\s*[._:/([-]\s*([a-z]{2,3})(?:[-_][a-z\d]{2,4})?\s*[)\]]?\s*$/i.exec(header) ?? [];
  const element = ELEMENTS.find((each) => each === name.toLowerCase());
  return element && language ? { element, language: language.toLowerCase() } : null;
}

function draftRow(cells: string[], row: number, { places, translations }: Columns): DraftRow {
  const at = (place: number | undefined): string => normalized(cells[place ?? -1] ?? '');
  const cell = (column: string): string => at(places.get(column));
  const decided = Object.fromEntries(DECISION_COLUMNS.map((column) => [column, cell(column)]));
  const texts = translations.filter(({ place }) => at(place) !== '');
  const more: Partial<Record<Element, Record<string, string>>> = {};
  for (const { element, language, place } of texts) more[element] = { ...more[element], [language]: at(place) };
  return {
    row,
    reference: readReference(cell('reference')),
    version: cell('version'),
    exported: [...ABOUT_COLUMNS.slice(1), 'version'].some((column) => places.has(nameOf(column))),
    ...(places.has('text') && { text: cell('text') }),
    ...(decided as ReasonedResponse),
    translations: more,
  };
}

function leftAside({ header, rows }: Table): string[] {
  const known = new Set<string>(SHEET_COLUMNS.map(nameOf));
  return header.flatMap((name, place) => {
    if (known.has(nameOf(name)) || translationOf(name)) return [];
    if (nameOf(name) !== '') return [`Column "${name}" is not one of the working sheet's and was left aside.`];
    const used = rows.some((cells) => normalized(cells[place] ?? '') !== '');
    return used ? [`Column ${place + 1} has no heading and was left aside.`] : [];
  });
}

/** Cells right of the last heading: most often a separator inside a text that lost its quotes. */
function strayCells(table: Table): SheetError[] {
  return table.rows.flatMap((cells, index) => {
    const stray = cells.findIndex((cell, place) => place >= table.header.length && normalized(cell) !== '');
    if (stray < 0) return [];
    const message = 'there is a cell without a heading; texts with separators or line breaks need quotes around them.';
    return [{ row: (table.headerRow ?? 1) + index + 1, column: String(stray + 1), message }];
  });
}
