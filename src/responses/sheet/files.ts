import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { SheetData } from 'write-excel-file/node';
import writeXlsx from 'write-excel-file/node';
import { getCellAddress } from 'write-excel-file/utility';
import { OWNER_ONLY } from '../../contributions/files.ts';
import { UserError } from '../../core/errors.ts';
import { DECISIONS } from '../decision.ts';
import { CONTINUED, type Format, guard, guardTyped } from './cells.ts';
import { SHEET_COLUMNS, type SheetColumn, type SheetRow } from './sheet.ts';

/**
 * Writes the sheet to the stream and ends it; CSV and JSON row by row, xlsx (which has its index at the end) whole.
 * @param columns as `sheetColumns` gives them, where elements stand in several languages
 */
export async function writeSheet(
  rows: AsyncIterable<SheetRow>,
  format: Format,
  out: Writable,
  columns: readonly string[] = SHEET_COLUMNS,
): Promise<void> {
  // The mark at the beginning tells Excel that it is UTF-8: without it every accent is lost.
  if (format === 'csv') await pipeline(csvCells(rows, columns), stringify({ header: false, bom: true }), out);
  else if (format === 'json') await pipeline(jsonLines(rows), out);
  else await pipeline(Readable.from([await xlsx(rows, columns)]), out);
}

export const fileOut = (path: string): Writable => createWriteStream(path, { mode: OWNER_ONLY });

const cellsOf = (row: SheetRow, columns: readonly string[]): string[] =>
  columns.map((column) => (row as Partial<Record<string, string>>)[column] ?? '');

async function* csvCells(rows: AsyncIterable<SheetRow>, columns: readonly string[]): AsyncGenerator<string[]> {
  yield [...columns];
  for await (const row of rows) yield cellsOf(row, columns).map(guard);
}

async function* jsonLines(rows: AsyncIterable<SheetRow>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** The last row of the format, and the longest cell (32,767 characters) less room for an apostrophe. */
const LAST_ROW = 1_048_576;
const MOST_IN_A_CELL = 32_000;
/** How many contributions fit into Node's memory, see `xlsx`. */
const MOST_ROWS = 250_000;

/**
 * The library builds the whole file in memory before its stream starts. 100,000 contributions of 300 characters take 1
 * GB and half a minute; as CSV 120 MB and two seconds.
 */
async function xlsx(rows: AsyncIterable<SheetRow>, columns: readonly string[]): Promise<Buffer> {
  const table: string[][] = [];
  for await (const row of rows) {
    if (table.length === MOST_ROWS)
      throw new UserError(
        `An xlsx sheet of more than ${MOST_ROWS} contributions takes too much memory; use --format csv.`,
      );
    table.push(cellsOf(row, columns));
  }
  const [names = [], ...lines] = spread([...columns], table);
  const head = names.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const body = lines.map((cells) => cells.map((cell, place) => bodyCell(cell, names[place] ?? '')));
  const widths = names.map((name) => ({
    width: WIDTHS[name.replace(CONTINUED, '').split('.')[0] as SheetColumn] ?? 16,
  }));
  const sheet = { sheet: 'Contributions', stickyRowsCount: 1, stickyColumnsCount: 1, columns: widths };
  const features = [decisionList(names.indexOf('decision'))];
  return (await writeXlsx([head, ...body] as SheetData, sheet, { features })).toBuffer();
}

/** `@` makes whatever is typed later text as well: not a formula, date or number. */
const AS_TEXT = { type: String, format: '@', wrap: true, alignVertical: 'top' as const };
/** Cells among those to fill in that must be left alone. */
const NOT_TO_FILL = { version: { textColor: '#999999' } } as Record<string, object>;
const bodyCell = (cell: string, column: string) => ({ value: xlsxText(cell), ...AS_TEXT, ...NOT_TO_FILL[column] });

/** In characters. */
const LONG = 50;
const WIDTHS: Partial<Record<SheetColumn, number>> = {
  ...{ attributionName: 24, fields: 40, attachments: 20, version: 20 },
  ...{
    text: LONG,
    problem: 30,
    affected: 30,
    input: LONG,
    considered: LONG,
    influence: LONG,
    reason: LONG,
    beyond: LONG,
  },
};

/** Offers the three decisions in each cell of that column; other words can be typed, and the import knows several. */
function decisionList(column: number) {
  const [first, last] = [getCellAddress(1, column), getCellAddress(LAST_ROW - 1, column)];
  const list =
    `<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="${first}:${last}">` +
    `<formula1>"${DECISIONS.join(',')}"</formula1></dataValidation></dataValidations>`;
  const transform = (xml: string) => xml.replace('</sheetData>', `</sheetData>${list}`);
  return { files: { transform: { 'xl/worksheets/sheet{id}.xml': { transform } } } };
}

/** Cells too long for the format continue in further columns, so that nothing is lost; the import joins them. */
function spread(header: string[], table: string[][]): string[][] {
  const pieces = header.map((_, place) =>
    table.reduce((most, cells) => Math.max(most, Math.ceil((cells[place] ?? '').length / MOST_IN_A_CELL)), 1),
  );
  const names = header.flatMap((name, place) =>
    Array.from({ length: pieces[place] ?? 1 }, (_, n) => name + (n > 0 ? CONTINUED : '')),
  );
  const lines = table.map((cells) => cells.flatMap((cell, place) => cut(cell, pieces[place] ?? 1)));
  return [names, ...lines];
}

function cut(cell: string, pieces: number): string[] {
  return Array.from({ length: pieces }, (_, n) => cell.slice(n * MOST_IN_A_CELL, (n + 1) * MOST_IN_A_CELL));
}

/** XML knows no control characters, and folds line ends; the format writes them (and what looks so) as _xHHHH_. */
const xlsxText = (cell: string): string => {
  const text = guardTyped(cell)
    .replace(/_(?=x[0-9a-f]{4}_)/gi, escaped)
    .replace(/(?![\t\n])\p{Cc}|[\uFFFD-\uFFFF]|\p{Cs}/gu, escaped);
  // The writer uses texts as keys of a plain object, where "__proto__" and the like are not ordinary keys.
  return text in Object.prototype ? text.replace(/^./, escaped) : text;
};
const escaped = (character: string): string =>
  `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
