import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify';
import readXlsx from 'read-excel-file/node';
import writeXlsx, { type SheetData } from 'write-excel-file/node';
import { getCellAddress } from 'write-excel-file/utility';
import { Mistake } from '../domain/errors.ts';
import { DECISIONS } from '../domain/records.ts';
import { headerPlace, SHEET_COLUMNS, type SheetColumn, type SheetRow, type Table } from '../domain/sheet.ts';

export const FORMATS = ['csv', 'json', 'xlsx'] as const;
export type Format = (typeof FORMATS)[number];

/** What spreadsheets take for the start of a formula (ASVS 1.2.10), with the full-width forms that some fold. */
const FORMULA = '[=+\\-@\\t\\r\\n\\0＝＋－＠]';
const ACTIVE = new RegExp(`^'*${FORMULA}`);
const QUOTED_TWICE = new RegExp(`^'+${FORMULA}`);

/** A leading apostrophe keeps a cell text; `unguard` takes exactly that one off again. */
export const guard = (cell: string): string => (ACTIVE.test(cell) ? `'${cell}` : cell);
/** The same for cells that are typed as text already: only what would look guarded is guarded. */
const guardTyped = (cell: string): string => (QUOTED_TWICE.test(cell) ? `'${cell}` : cell);
export const unguard = (cell: string): string => (QUOTED_TWICE.test(cell) ? cell.slice(1) : cell);

/** Writes the sheet to the stream and ends it; CSV and JSON row by row, xlsx (which has its index at the end) whole. */
export async function writeSheet(rows: AsyncIterable<SheetRow>, format: Format, out: Writable): Promise<void> {
  if (format === 'csv') await pipeline(csvCells(rows), stringify({ header: false }), out);
  else if (format === 'json') await pipeline(jsonLines(rows), out);
  else await pipeline(Readable.from([await xlsx(rows)]), out);
}

export const fileOut = (path: string): Writable => createWriteStream(path);

async function* csvCells(rows: AsyncIterable<SheetRow>): AsyncGenerator<string[]> {
  yield [...SHEET_COLUMNS];
  for await (const row of rows) yield SHEET_COLUMNS.map((column) => guard(row[column]));
}

async function* jsonLines(rows: AsyncIterable<SheetRow>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Row numbers of the format, and characters of a cell (32,767) less room for an apostrophe. */
const LAST_ROW = 1_048_576;
const MOST_IN_A_CELL = 32_000;
/** Contributions that still fit into Node's memory, see `xlsx`. */
const MOST_ROWS = 250_000;
const CONTINUED = ' (continued)';

/**
 * The library takes the table and makes the parts of the file whole: its stream begins when they are ready. 100,000
 * contributions of 300 characters take 1 GB and half a minute so, as CSV 120 MB and two seconds.
 */
async function xlsx(rows: AsyncIterable<SheetRow>): Promise<Buffer> {
  const table: string[][] = [];
  for await (const row of rows) {
    if (table.length === MOST_ROWS)
      throw new Mistake(
        `An xlsx sheet of more than ${MOST_ROWS} contributions takes too much memory; use --format csv.`,
      );
    table.push(SHEET_COLUMNS.map((column) => row[column]));
  }
  const [names = [], ...lines] = spread([...SHEET_COLUMNS], table);
  const head = names.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const body = lines.map((cells) => cells.map(bodyCell));
  const columns = names.map((name) => ({ width: WIDTHS[name.replace(CONTINUED, '') as SheetColumn] ?? 16 }));
  const sheet = { sheet: 'Contributions', stickyRowsCount: 1, stickyColumnsCount: 1, columns };
  const features = [decisionList(names.indexOf('decision'))];
  return (await writeXlsx([head, ...body] as SheetData, sheet, { features })).toBuffer();
}

/** `@` makes a text of what is typed later as well: no formula, no date, no number. */
const AS_TEXT = { type: String, format: '@', wrap: true, alignVertical: 'top' as const };
const bodyCell = (cell: string) => ({ value: xlsxText(cell), ...AS_TEXT });

/** In characters. */
const LONG = 50;
const WIDTHS: Partial<Record<SheetColumn, number>> = {
  ...{ submittedAt: 26, attributionName: 24, fields: 40, attachments: 20 },
  ...{ text: LONG, input: LONG, considered: LONG, influence: LONG, reason: LONG, beyond: LONG },
};

/** Offers the three decisions in each cell of that column; other words may still be typed, the import knows more of them. */
function decisionList(column: number) {
  const [first, last] = [getCellAddress(1, column), getCellAddress(LAST_ROW - 1, column)];
  const list =
    `<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="${first}:${last}">` +
    `<formula1>"${DECISIONS.join(',')}"</formula1></dataValidation></dataValidations>`;
  const transform = (xml: string) => xml.replace('</sheetData>', `</sheetData>${list}`);
  return { files: { transform: { 'xl/worksheets/sheet{id}.xml': { transform } } } };
}

/** Cells too long for the format go on in further columns, so that no word is lost; `joined` puts them together. */
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
  // The writer keeps texts as keys of a plain object, where "__proto__" and its like are no ordinary keys.
  return text in Object.prototype ? text.replace(/^./, escaped) : text;
};
const escaped = (character: string): string =>
  `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;

/** Reads a filled-in sheet; the ending of the name says which kind. @throws Mistake when it cannot be read as that. */
export async function readSheetFile(path: string): Promise<Table> {
  const kind = extname(path).slice(1).toLowerCase();
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new Mistake(`${path} cannot be read (${cause.code}); check the path.`);
  });
  const reader = READERS[kind];
  if (!reader) throw new Mistake(`${path}: only .csv, .xlsx and .json files can be imported.`);
  const lines = await reader(bytes, path);
  const place = headerPlace(lines) ?? 0;
  const [header, ...rows] = lines.slice(place).map((cells) => cells.map(unguard));
  if (!header) throw new Mistake(`${path} is empty; export a working sheet and fill it in.`);
  return joined({ header, rows, headerRow: place + 1 });
}

type Reader = (bytes: Buffer, path: string) => string[][] | Promise<string[][]>;
const READERS: Record<string, Reader> = { csv: readCsv, xlsx: readXlsxCells, json: readJson };

/** The working sheet may stand behind others that members have added. */
async function readXlsxCells(bytes: Buffer, path: string): Promise<string[][]> {
  const sheets = await readXlsx(bytes, { trim: false }).catch(() => {
    throw new Mistake(`${path} is not an xlsx workbook; save it as "Excel workbook (.xlsx)".`);
  });
  const all = sheets.map(({ data }) => data.map((cells) => cells.map(cellText)));
  return all.find((lines) => headerPlace(lines) !== null) ?? all[0] ?? [];
}

/** As the spreadsheet shows it: a day without the hour that nobody wrote. */
function cellText(cell: unknown): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$|:\d\d\.\d{3}Z$/, '');
  return typeof cell === 'boolean' ? String(cell).toUpperCase() : String(cell);
}

/** Spreadsheets of many countries separate by semicolons, "Unicode text" by tabs: the headings tell. */
function readCsv(bytes: Buffer, path: string): string[][] {
  const text = decode(bytes, path);
  const headings = /^.*\breference\b.*$/im.exec(text)?.[0] ?? /^.*/.exec(text)?.[0] ?? '';
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: headings.split(delimiter).length }));
  const { delimiter } = counted.reduce((best, next) => (next.count > best.count ? next : best));
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: false });
  } catch (error) {
    const { lines } = error as { lines?: number };
    throw new Mistake(`${path}, line ${lines ?? '?'}: the quotes do not pair up; save the sheet again as CSV UTF-8.`);
  }
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new Mistake(`${path} is not in UTF-8, so accents would be lost; save it as "CSV UTF-8" or as xlsx.`);
  }
}

/** By the mark at the beginning; without one, a first letter of two bytes has an empty half. */
function encodingOf([first, second]: Buffer): string {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be';
  return 'utf-8';
}

function readJson(bytes: Buffer, path: string): string[][] {
  const problem = new Mistake(
    `${path} is not a JSON list of objects like those of "contributions export --format json".`,
  );
  let rows: unknown;
  try {
    rows = JSON.parse(decode(bytes, path));
  } catch {
    throw problem;
  }
  if (!Array.isArray(rows) || rows.some((row) => typeof row !== 'object' || row === null)) throw problem;
  const objects = rows as Record<string, unknown>[];
  const header = [...new Set(objects.flatMap((row) => Object.keys(row)))];
  // Nothing in JSON is active, so nothing was guarded: guarding here makes the common way out right.
  const cells = objects.map((row) => header.map((name) => guardTyped(String(row[name] ?? ''))));
  return [header, ...cells];
}

function joined({ header, rows, ...more }: Table): Table {
  const first = header.map((name, place) =>
    name.endsWith(CONTINUED) ? header.indexOf(name.slice(0, -CONTINUED.length)) : place,
  );
  if (first.every((target, place) => target === place)) return { header, rows, ...more };
  const kept = header.map((_, place) => place).filter((place) => first[place] === place);
  const join = (cells: string[], place: number) => cells.filter((_, from) => first[from] === place).join('');
  return {
    header: kept.map((place) => header[place] ?? ''),
    rows: rows.map((cells) => kept.map((place) => join(cells, place))),
    ...more,
  };
}
