import { attachmentWords } from '../../contributions/attachment.ts';
import type { Contribution } from '../../contributions/contribution.ts';
import type { Triage } from '../../contributions/triage.ts';
import { localOf } from '../../core/calendar.ts';
import { readReference } from '../../core/reference.ts';
import { spoken } from '../../core/texts.ts';
import { ELEMENTS, type Element, type StoredResponse } from '../decision.ts';

/** Columns about the contribution; the last, right before the decision, is the language to write it in. */
export const ABOUT_COLUMNS = [
  ...(['reference', 'submittedAt', 'kind', 'channel', 'question', 'theme', 'place', 'attribution'] as const),
  ...(['attributionName', 'state', 'language', 'fields', 'attachments', 'text', 'problem', 'affected'] as const),
  ...(['answerIn'] as const),
];
export const DECISION_COLUMNS = ['decision', ...ELEMENTS] as const;
/**
 * The forum's working sheet: what was said, and room for the decision and the five elements. The version is among
 * these, so that sorting them apart from the words is noticed.
 */
export const SHEET_COLUMNS = [...ABOUT_COLUMNS, 'decision', 'version', ...ELEMENTS] as const;
export type SheetColumn = (typeof SHEET_COLUMNS)[number];
/** An element for the readers of one language: `reason.fr`. */
export type TranslationColumn = `${Element}.${string}`;
export type SheetRow = Record<SheetColumn, string> & Partial<Record<TranslationColumn, string>>;

/** A contribution with the decision that stands on it, released or not. */
export interface DecidedContribution {
  contribution: Contribution;
  response: StoredResponse | null;
  /** How often it was decided, or a decision was taken back. */
  decisions: number;
  triage: Triage;
  /** The language that its author chose, or else what the platform reports. */
  reads: string | null;
}

/** What a sheet needs of the process. */
export interface SheetProcess {
  timeZone: string;
  languages: readonly string[];
}

/** One line of the sheet; cells are always text. */
export function sheetRow(
  { contribution: it, response, decisions, reads }: DecidedContribution,
  process: SheetProcess,
): SheetRow {
  const { problem, affected, place, ...others } = it.fields;
  return {
    reference: it.reference,
    submittedAt: localOf(it.submittedAt.getTime(), process.timeZone).replace('T', ' '),
    kind: it.kind,
    channel: it.channel,
    question: it.question ?? '',
    theme: it.theme ?? '',
    place: fieldWords(place),
    attribution: it.attribution,
    attributionName: it.attributionName ?? '',
    state: it.state,
    language: it.language,
    fields: otherWords(others),
    attachments: attachmentWords(it.attachments),
    text: it.text,
    problem: fieldWords(problem),
    affected: fieldWords(affected),
    answerIn: answerIn(reads, process.languages),
    version: rowVersion(it.reference, it.version, decisions),
    ...decisionCells(response),
  };
}

/** The language in which we speak to a reader, and in which an answer should therefore be written. */
export const answerIn = (reads: string | null, languages: readonly string[]): string => spoken([reads], languages);

function decisionCells(response: StoredResponse | null) {
  const cells = DECISION_COLUMNS.map((column) => [column, response?.[column] ?? '']);
  const translated = ELEMENTS.flatMap((element) =>
    Object.entries(response?.translations[element] ?? {}).map(([language, text]) => [`${element}.${language}`, text]),
  );
  return Object.fromEntries([...cells, ...translated]) as Pick<SheetRow, (typeof DECISION_COLUMNS)[number]>;
}

/** The columns of a sheet with these translations. */
export function sheetColumns(translated: readonly TranslationColumn[]): string[] {
  const after = (column: string) => translated.filter((each) => each.startsWith(`${column}.`)).sort();
  return SHEET_COLUMNS.flatMap((column) => [column, ...after(column)]);
}

function fieldWords(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(fieldWords).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const otherWords = (fields: Record<string, unknown>): string =>
  Object.entries(fields)
    .map(([name, value]) => [name, fieldWords(value)])
    .filter(([, words]) => words !== '')
    .map(([name, words]) => `${name}: ${words}`)
    .join('\n');

/** What a line was exported from. */
export interface RowVersion {
  /** Null, like `decision`, in sheets that only have the version of the words. */
  reference: string | null;
  words: number;
  /** How often it had been decided, or a decision taken back; 0: never. */
  decision: number | null;
}

/** `HB-K4TXW9A w1 d0`: letters keep spreadsheets from taking it for a number or a date. */
const rowVersion = (reference: string, words: number, decision: number): string =>
  `${reference} w${words} d${decision}`;

/** Null for what was not written by an export. */
export function readRowVersion(cell: string): RowVersion | null {
  const [, reference, words, decision] = /^(\S+)\s+w(\d{1,9})\s+d(\d{1,9})$/i.exec(cell) ?? [];
  if (reference) return { reference: readReference(reference), words: Number(words), decision: Number(decision) };
  return /^\d{1,9}([.,]0+)?$/.test(cell) ? { reference: null, words: Number.parseInt(cell, 10), decision: null } : null;
}
