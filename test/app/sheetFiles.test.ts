import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Format, fileOut, readSheetFile, writeSheet } from '../../src/app/sheetFiles.ts';
import { SHEET_COLUMNS, type SheetRow } from '../../src/domain/sheet.ts';

const folder = mkdtempSync(join(tmpdir(), 'sheet-'));
afterAll(() => rmSync(folder, { recursive: true }));

const row = (cells: Partial<SheetRow>): SheetRow =>
  ({ ...Object.fromEntries(SHEET_COLUMNS.map((column) => [column, ''])), ...cells }) as SheetRow;

async function roundTrip(format: Format, rows: SheetRow[]): Promise<string[][]> {
  const path = join(folder, `sheet.${format}`);
  await writeSheet(
    (async function* () {
      yield* rows;
    })(),
    format,
    fileOut(path),
  );
  return (await readSheetFile(path)).rows;
}
const cellsOf = (rows: SheetRow[]) => rows.map((one) => SHEET_COLUMNS.map((column) => one[column]));

const NASTY = [
  ...['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\0=1', '＝1', '＋1', '－1', '＠1', "'=1", "''=1", "'"],
  ...[
    "'quoted'",
    '"',
    '""',
    'a,b;c\td',
    'line\nline',
    'line\r\nline',
    ' edges ',
    '_x0041_',
    '_x005F_x0041_',
    '_X00ff_',
  ],
  ...[
    '\u0001\u001f',
    '\u000b',
    '😀 👩‍👩‍👧',
    '中文',
    '\ufeffmark',
    '\ufffe',
    '<&>',
    '1',
    '1.0',
    'TRUE',
    '2026-01-01',
    '1e5',
    '__proto__',
    'constructor',
    'toString',
  ],
];
const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom("'", '=', '-', '"', ',', '\n', '\r', '\t', '\0', '_', 'x', '0', '＝', 'é') }),
);
const rows = fc.array(fc.record({ text, reason: text, input: text, fields: text }).map(row), { maxLength: 5 }).map(
  // A line that is blank as a whole at the end is not written by spreadsheets at all.
  (made) => made.map((one, index) => ({ ...one, reference: `HB-${index}` })),
);

describe.each(['csv', 'xlsx', 'json'] as const)('a %s sheet', (format) => {
  test('brings back every text exactly', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (made) => {
        expect(await roundTrip(format, made)).toEqual(cellsOf(made));
      }),
      { numRuns: format === 'xlsx' ? 60 : 200 },
    );
  });
  test('brings back each of the awkward texts', async () => {
    const made = NASTY.map((nasty, index) => row({ reference: `HB-${index}`, text: nasty, reason: nasty }));
    expect(await roundTrip(format, made)).toEqual(cellsOf(made));
  });
  test('keeps a text longer than a spreadsheet cell whole', async () => {
    const long = '=é😀'.repeat(25_000);
    const made = [row({ reference: 'HB-1', text: long, reason: 'short' }), row({ reference: 'HB-2', text: 'b' })];
    expect((await roundTrip(format, made)).flat().every((cell, index) => cell === cellsOf(made).flat()[index])).toBe(
      true,
    );
  });
});

describe('a CSV sheet', () => {
  test('has no cell that a spreadsheet takes for a formula', async () => {
    const made = NASTY.map((nasty, index) => row({ reference: `HB-${index}`, text: nasty }));
    const path = join(folder, 'active.csv');
    await writeSheet(
      (async function* () {
        yield* made;
      })(),
      'csv',
      fileOut(path),
    );
    const { parse } = await import('csv-parse/sync');
    const { readFileSync } = await import('node:fs');
    const cells = (parse(readFileSync(path)) as string[][]).flat();
    expect(cells.filter((cell) => /^[=+\-@\t\r\n\0＝＋－＠]/.test(cell))).toEqual([]);
  });
  test.each([
    ['semicolons', 'Reference;Decision\nHB-1;"a;b"\n', Buffer.from],
    [
      'tabs in UTF-16, as "Unicode text" saves it',
      '\ufeffReference\tDecision\nHB-1\ta;b\n',
      (text: string) => Buffer.from(text, 'utf16le'),
    ],
    ['a byte order mark', '\ufeffReference,Decision\nHB-1,a;b\n', Buffer.from],
  ] as const)('is read with %s', async (_, content, encode) => {
    const path = join(folder, 'saved.csv');
    writeFileSync(path, (encode as (text: string) => Buffer)(content));
    expect(await readSheetFile(path)).toEqual({ header: ['Reference', 'Decision'], rows: [['HB-1', 'a;b']] });
  });
  test('in another encoding is refused with the remedy', async () => {
    const path = join(folder, 'latin.csv');
    writeFileSync(path, Buffer.from('reference,text\nHB-1,\xe9\n', 'latin1'));
    await expect(readSheetFile(path)).rejects.toThrow(/CSV UTF-8/);
  });
});

test('a workbook that is none is refused with the remedy', async () => {
  const path = join(folder, 'none.xlsx');
  writeFileSync(path, 'reference,text\n');
  await expect(readSheetFile(path)).rejects.toThrow(/Excel workbook/);
});
