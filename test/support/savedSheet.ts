import { writeFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { guard } from '../../src/responses/sheet/cells.ts';
import type { Table } from '../../src/responses/sheet/reading.ts';
import { textRow, workbook } from './workbook.ts';

/** Cells by their column. */
export type Cells = Record<string, string>;

/** A decision with its five elements. */
export const FILLED = {
  decision: 'inclusion',
  input: 'in',
  considered: 'con',
  influence: 'inf',
  reason: 'rea',
  beyond: 'bey',
};

/** With these cells in the rows of these references; columns that are not there yet stand at the end. */
export function filled({ header, rows }: Table, cells: Record<string, Cells>): Table {
  const added = [...new Set(Object.values(cells).flatMap(Object.keys))].filter((column) => !header.includes(column));
  const all = [...header, ...added];
  return {
    header: all,
    rows: rows.map((row) => {
      const changed = cells[row[header.indexOf('reference')] ?? ''] ?? {};
      return all.map((column, place) => changed[column] ?? row[place] ?? '');
    }),
  };
}

/** Ways in which the programs that people have save a sheet. */
export const SAVED = {
  'CSV of Excel in Spain': csv({ delimiter: ';', record_delimiter: '\r\n', bom: true }),
  'CSV of LibreOffice': csv({ delimiter: ',', record_delimiter: '\n', quoted_string: true }),
  'text with tabs in UTF-16': (path: string, table: Table) => {
    csv({ delimiter: '\t', record_delimiter: '\r\n' })(path, table, 'utf16le');
    return `${path}.csv`;
  },
  'workbook of another program': (path: string, { header, rows }: Table) => {
    const lines = [header, ...rows].map((cells, index) => textRow(index + 1, cells.map(inXml)));
    writeFileSync(`${path}.xlsx`, workbook({ sheets: { Sheet1: lines.join('') } }));
    return `${path}.xlsx`;
  },
} satisfies Record<string, (path: string, table: Table) => string>;

/** The cells as they came with the export: programs leave the marks before formulas where they are. Gives the file. */
export const saveSheet = (
  path: string,
  { header, rows }: Table,
  door: keyof typeof SAVED = 'CSV of LibreOffice',
): string => SAVED[door](path, { header, rows: rows.map((cells) => cells.map(guard)) });

function csv(options: Parameters<typeof stringify>[1] & object) {
  return (path: string, { header, rows }: Table, encoding: BufferEncoding = 'utf8'): string => {
    const mark = encoding === 'utf8' ? '' : '\uFEFF';
    writeFileSync(`${path}.csv`, mark + stringify([header, ...rows], options), encoding);
    return `${path}.csv`;
  };
}

/** As such programs write what XML does not hold. */
const inXml = (text: string): string =>
  text
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(/(?![\t\n])\p{Cc}/gu, (one) => `_x${one.charCodeAt(0).toString(16).padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
