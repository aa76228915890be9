import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { UserError } from '../../core/errors.ts';
import { CONTINUED, guardTyped, unguard } from './cells.ts';
import { headerPlace, type Table } from './reading.ts';
import { readWorkbook } from './workbook.ts';

/** Reads a filled-in sheet, of the kind that its name ends in. @throws UserError when it cannot be read as that. */
export async function readSheetFile(path: string): Promise<Table> {
  const kind = extname(path).slice(1).toLowerCase();
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${cause.code}); check the path.`);
  });
  const reader = READERS[kind];
  if (!reader)
    throw new UserError(`${path}: ${OTHER_KINDS[kind] ?? 'only .xlsx, .csv and .json files can be imported.'}`);
  const lines = await reader(bytes, path);
  const place = headerPlace(lines)?.at ?? 0;
  const [header, ...rows] = lines.slice(place).map((cells) => cells.map(unguard));
  if (!header) throw new UserError(`${path} is empty; export a working sheet and fill it in.`);
  return joined({ header, rows, headerRow: place + 1 });
}

type Reader = (bytes: Buffer, path: string) => string[][] | Promise<string[][]>;
const READERS: Record<string, Reader> = {
  csv: readCsv,
  tsv: readCsv,
  txt: readCsv,
  xlsx: readWorkbook,
  json: readJson,
};

const AS_XLSX = 'choose "Save as" in the program that made it, then "Excel workbook (.xlsx)", and import that.';
const OTHER_KINDS: Record<string, string> = {
  ods: `an OpenDocument sheet is not read; ${AS_XLSX}`,
  fods: `an OpenDocument sheet is not read; ${AS_XLSX}`,
  xls: `the Excel format of before 2007 is not read; ${AS_XLSX}`,
  xlsm: `a workbook with macros is not read; ${AS_XLSX}`,
  xlsb: `a binary workbook is not read; ${AS_XLSX}`,
  numbers: 'a Numbers sheet is not read; export it as Excel (.xlsx), and import that.',
};

/** Finds the line of the headings; a title above may have one of the words, too. */
const HEADINGS = [/^(?=.*\bdecision\b).*\breference\b.*$/im, /^.*\breference\b.*$/im, /^.*/];

/** Spreadsheets in many countries separate by semicolons, "Unicode text" by tabs: the headings show which. */
function readCsv(bytes: Buffer, path: string): string[][] {
  const text = decode(bytes, path);
  const headings = HEADINGS.map((line) => line.exec(text)?.[0]).find((line) => line !== undefined) ?? '';
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: headings.split(delimiter).length }));
  const { delimiter } = counted.reduce((best, next) => (next.count > best.count ? next : best));
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: false });
  } catch (error) {
    const { lines } = error as { lines?: number };
    throw new UserError(`${path}, line ${lines ?? '?'}: the quotes do not pair up; save the sheet again as CSV UTF-8.`);
  }
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${path} is not in UTF-8, so accents would be lost; save it as "CSV UTF-8" or as xlsx.`);
  }
}

/** By the mark at the beginning; without one, a first letter of two bytes has an empty half. */
function encodingOf([first, second]: Buffer): string {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be';
  return 'utf-8';
}

function readJson(bytes: Buffer, path: string): string[][] {
  const problem = new UserError(
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
  // JSON cells were not guarded; guarding them here lets all formats be unguarded the same way later.
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
