import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify';
import { readSheet as readXlsx } from 'read-excel-file/node';
import writeXlsx, { type SheetData } from 'write-excel-file/node';
import { Mistake } from '../domain/errors.ts';
import { SHEET_COLUMNS, type SheetRow, type Table } from '../domain/sheet.ts';

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

/** Rows that the format holds, and characters of a cell (32,767) less room for an apostrophe. */
const MOST_ROWS = 1_048_575;
const MOST_IN_A_CELL = 32_000;
const CONTINUED = ' (continued)';

async function xlsx(rows: AsyncIterable<SheetRow>): Promise<Buffer> {
  const table: string[][] = [];
  for await (const row of rows) {
    if (table.length === MOST_ROWS)
      throw new Mistake('There are more rows than an xlsx sheet holds; use --format csv.');
    table.push(SHEET_COLUMNS.map((column) => row[column]));
  }
  const columns = spread([...SHEET_COLUMNS], table);
  const head = columns[0]?.map((value) => ({ value, type: String, fontWeight: 'bold' as const })) ?? [];
  const body = columns
    .slice(1)
    .map((cells) => cells.map((cell) => ({ value: xlsxText(cell), type: String, wrap: true })));
  const widths = (columns[0] ?? []).map((name) => ({ width: WIDE.test(name) ? 50 : 16 }));
  const sheet = { sheet: 'Contributions', stickyRowsCount: 1, stickyColumnsCount: 1, columns: widths };
  return (await writeXlsx([head, ...body] as SheetData, sheet)).toBuffer();
}
const WIDE = /^(text|input|considered|influence|reason|beyond)/;

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
    .replace(/(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]|\p{Cs}/gu, escaped);
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
  const [header, ...rows] = lines.map((cells) => cells.map(unguard));
  if (!header) throw new Mistake(`${path} is empty; export a working sheet and fill it in.`);
  return joined({ header, rows });
}

type Reader = (bytes: Buffer, path: string) => string[][] | Promise<string[][]>;
const READERS: Record<string, Reader> = { csv: readCsv, xlsx: readXlsxCells, json: readJson };

async function readXlsxCells(bytes: Buffer, path: string): Promise<string[][]> {
  const rows = await readXlsx(bytes, { trim: false }).catch(() => {
    throw new Mistake(`${path} is not an xlsx workbook; save it as "Excel workbook (.xlsx)".`);
  });
  return rows.map((cells) =>
    cells.map((cell) => (cell === null ? '' : cell instanceof Date ? cell.toISOString() : String(cell))),
  );
}

/** Spreadsheets of many countries separate by semicolons, "Unicode text" by tabs: the first line tells. */
function readCsv(bytes: Buffer, path: string): string[][] {
  const text = decode(bytes, path);
  const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: firstLine.split(delimiter).length }));
  const { delimiter } = counted.reduce((best, next) => (next.count > best.count ? next : best));
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: false });
  } catch (error) {
    const { lines } = error as { lines?: number };
    throw new Mistake(`${path}, line ${lines ?? '?'}: the quotes do not pair up; save the sheet again as CSV UTF-8.`);
  }
}

function decode(bytes: Buffer, path: string): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Mistake(`${path} is not in UTF-8, so accents would be lost; save it as "CSV UTF-8" or as xlsx.`);
  }
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

function joined({ header, rows }: Table): Table {
  const first = header.map((name, place) =>
    name.endsWith(CONTINUED) ? header.indexOf(name.slice(0, -CONTINUED.length)) : place,
  );
  if (first.every((target, place) => target === place)) return { header, rows };
  const kept = header.map((_, place) => place).filter((place) => first[place] === place);
  const join = (cells: string[], place: number) => cells.filter((_, from) => first[from] === place).join('');
  return {
    header: kept.map((place) => header[place] ?? ''),
    rows: rows.map((cells) => kept.map((place) => join(cells, place))),
  };
}
