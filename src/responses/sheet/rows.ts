import type { ContributionState } from '../../contributions/contribution.ts';
import type { Attachment } from '../../core/inbound.ts';
import type { ResponseLanguages, StoredResponse } from '../decision.ts';
import type { DECISION_COLUMNS } from './sheet.ts';

/** Something wrong in the file; `row` counts from 1 with the header, as spreadsheets do. */
export interface SheetError {
  row: number;
  /** Empty where it is the row as a whole. */
  column: string;
  message: string;
  /** What to do about it, where many rows may need the same. */
  remedy?: string;
}
export const sheetErrorLine = (error: SheetError): string =>
  `row ${error.row}${error.column === '' ? '' : `, column ${error.column}`}: ${error.message}`;

/** A line as read, not yet checked. */
export interface DraftRow extends Partial<Record<(typeof DECISION_COLUMNS)[number], string>> {
  row: number;
  reference: string;
  /** What the line was exported from; empty where the sheet does not say. */
  version: string;
  /** The sheet has columns that only an export fills: it was exported, whatever became of its versions. */
  exported?: boolean;
  /** What was said; left out where the sheet has no such column. */
  text?: string;
  translations?: ResponseLanguages['translations'];
}

/** What a sheet is checked against, of one contribution. */
export interface KnownContribution {
  id: string;
  reference: string;
  text: string;
  attachments: Attachment[];
  state: ContributionState;
  version: number;
  /** The language that its author chose, or else what the platform reports. */
  reads: string | null;
  /** The decision that stands. */
  latest: StoredResponse | null;
  /** How often it was decided, or a decision was taken back. */
  decisions: number;
  /** Whether it is with its author, or on its way there. */
  told: boolean;
  /** The highest number that a decision on it has had. */
  last: number;
}
