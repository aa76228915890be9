import { writeFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { Table } from '../../src/responses/sheet/reading.ts';
import { textRow, workbook } from './workbook.ts';

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
