import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Format } from '../../../src/responses/sheet/cells.ts';
import { fileOut, writeSheet } from '../../../src/responses/sheet/files.ts';
import { readSheetFile } from '../../../src/responses/sheet/readFile.ts';
import { readSheet } from '../../../src/responses/sheet/reading.ts';
import { SHEET_COLUMNS, type SheetColumn, type SheetRow } from '../../../src/responses/sheet/sheet.ts';
import { textRow, unzipped, workbook } from '../../support/workbook.ts';

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
    '\ufffd',
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

const utf16le = (text: string) => Buffer.from(text, 'utf16le');

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
    const cells = (parse(readFileSync(path)) as string[][]).flat();
    expect(cells.filter((cell) => /^[=+\-@\t\r\n\0＝＋－＠]/.test(cell))).toEqual([]);
  });
  const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  test.each([
    ['semicolons', 'Reference;Decision\nHB-1;"a;b"\n', Buffer.from],
    ['a byte order mark', '\ufeffReference,Decision\nHB-1,a;b\n', Buffer.from],
    ['tabs in UTF-16, as "Unicode text" saves it', '\ufeffReference\tDecision\nHB-1\ta;b\n', utf16le],
    ['UTF-16 the other way round', '\ufeffReference,Decision\nHB-1,a;b\n', utf16be],
    ['UTF-16 without a mark', 'Reference,Decision\nHB-1,a;b\n', utf16le],
    ['line ends of Windows', 'Reference,Decision\r\nHB-1,a;b\r\n', Buffer.from],
    ['line ends of old Macs', 'Reference,Decision\rHB-1,a;b\r', Buffer.from],
  ] as const)('is read with %s', async (_, content, encode) => {
    const path = join(folder, 'saved.csv');
    writeFileSync(path, (encode as (text: string) => Buffer)(content));
    expect(await readSheetFile(path)).toEqual({
      header: ['Reference', 'Decision'],
      rows: [['HB-1', 'a;b']],
      headerRow: 1,
    });
  });
  test.each([
    ['a title, whose commas do not count', 'Ideas, sorted, by us\n\n', 3],
    ["the separator's name, as some programs write it", 'sep=;\n', 2],
  ])('is read below %s, with the row numbers that people see', async (_, above, headerRow) => {
    const path = join(folder, 'titled.csv');
    writeFileSync(path, `${above}"Reference";Decision\nHB-1;"a,b"\n`);
    expect(await readSheetFile(path)).toEqual({
      header: ['Reference', 'Decision'],
      rows: [['HB-1', 'a,b']],
      headerRow,
    });
  });
  test('begins with the mark by which Excel knows UTF-8', async () => {
    await roundTrip('csv', [row({ reference: 'HB-1', text: 'áéí' })]);
    expect([...readFileSync(join(folder, 'sheet.csv')).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });
  test('with tabs is read whatever its ending', async () => {
    for (const ending of ['tsv', 'txt']) {
      const path = join(folder, `saved.${ending}`);
      writeFileSync(path, 'For reference only\nreference\tdecision\nHB-1\ta;b\n');
      expect(await readSheetFile(path)).toMatchObject({ header: ['reference', 'decision'], rows: [['HB-1', 'a;b']] });
    }
  });
  test('in another encoding is refused with the remedy', async () => {
    const path = join(folder, 'latin.csv');
    writeFileSync(path, Buffer.from('reference,text\nHB-1,\xe9\n', 'latin1'));
    await expect(readSheetFile(path)).rejects.toThrow(/CSV UTF-8/);
  });
});

const COLUMNS = ['reference', 'decision', 'input', 'considered', 'influence', 'reason', 'beyond'];
async function readWorkbook(parts: Parameters<typeof workbook>[0]) {
  const path = join(folder, 'saved.xlsx');
  writeFileSync(path, workbook(parts));
  return readSheetFile(path);
}

describe('a workbook that another program has saved', () => {
  test('is read with numbers, dates, truths, parts in bold and formulas in its cells, and an error as nothing', async () => {
    const cells =
      '<c r="A2" t="s"><v>0</v></c><c r="B2" t="str"><f>"inclu"&amp;"sion"</f><v>inclusion</v></c>' +
      '<c r="C2"><v>12.5</v></c><c r="D2" s="1"><v>46477</v></c><c r="E2" s="2"><v>46477.75</v></c>' +
      '<c r="F2" t="b"><v>1</v></c><c r="G2" t="e"><f>1/0</f><v>#DIV/0!</v></c>';
    const { rows } = await readWorkbook({
      sheets: { Ideas: `${textRow(1, COLUMNS)}<row r="2">${cells}</row>` },
      texts: ['<r><t>HB-</t></r><r><rPr><b/></rPr><t>AB12</t></r><rPh sb="0" eb="1"><t>read aloud</t></rPh>'],
    });
    expect(rows).toEqual([['HB-AB12', 'inclusion', '12.5', '2027-03-31', '2027-03-31T18:00', 'TRUE', '']]);
  });

  test('is read without the thousands of empty rows and columns after its end', async () => {
    const empty = Array.from(
      { length: 10_000 },
      (_, index) => `<row r="${index + 3}"><c r="A${index + 3}" s="1"/><c r="Z${index + 3}"/></row>`,
    );
    const { header, rows } = await readWorkbook({
      sheets: { Ideas: textRow(1, COLUMNS) + textRow(2, ['HB-1', 'inclusion']) + empty.join('') },
    });
    expect({ header, rows }).toEqual({ header: COLUMNS, rows: [['HB-1', 'inclusion', '', '', '', '', '']] });
  });

  test('is read from whichever sheet has the headings', async () => {
    const { rows } = await readWorkbook({
      sheets: {
        Notes: textRow(1, ['Our notes', 'on all of it']),
        Empty: '',
        Ideas: textRow(1, COLUMNS) + textRow(2, ['HB-1']),
      },
    });
    expect(rows.map(([reference]) => reference)).toEqual(['HB-1']);
  });

  test('has in each row what stands in cells that were merged over it', async () => {
    const filled = ['inclusion', 'one', 'answer', 'for', 'all', 'three'];
    const rows = [COLUMNS, ['HB-1', ...filled], ['HB-2'], ['HB-3'], ['HB-4', 'rejection']];
    const { rows: read } = await readWorkbook({
      sheets: { Ideas: rows.map((cells, index) => textRow(index + 2, cells)).join('') },
      after: `<mergeCells count="7"><mergeCell ref="A1:G1"/>${[...'BCDEFG'].map((c) => `<mergeCell ref="${c}3:${c}5"/>`).join('')}</mergeCells>`,
    });
    expect(read).toEqual([
      ['HB-1', ...filled],
      ['HB-2', ...filled],
      ['HB-3', ...filled],
      ['HB-4', 'rejection', '', '', '', '', ''],
    ]);
  });

  test('is refused when the headings are on two of its sheets, and both are named', async () => {
    const sheet = textRow(1, COLUMNS) + textRow(2, ['HB-1']);
    const read = readWorkbook({ sheets: { Ideas: sheet, 'Ideas (2) &amp; more': sheet } });
    await expect(read).rejects.toThrow(/headings of a working sheet in "Ideas" and in "Ideas \(2\) & more"/);
  });

  test('is read where another sheet has but a column of references', async () => {
    const { rows } = await readWorkbook({
      sheets: { Votes: textRow(1, ['Reference', 'votes']), Ideas: textRow(1, COLUMNS) + textRow(2, ['HB-1']) },
    });
    expect(rows.map(([reference]) => reference)).toEqual(['HB-1']);
  });

  test('is read below a merged title, and reports by the row numbers that people see', async () => {
    const table = await readWorkbook({
      sheets: { Ideas: textRow(1, ['What people said']) + textRow(3, COLUMNS) + textRow(4, ['', 'inclusion']) },
      after: '<mergeCells count="1"><mergeCell ref="A1:G1"/></mergeCells>',
    });
    expect(table).toMatchObject({ headerRow: 3 });
    expect(readSheet(table)).toMatchObject({ drafts: [{ row: 4, decision: 'inclusion' }], errors: [] });
  });

  test('is read where a heading is merged over two columns; what stands in the second is told and left aside', async () => {
    const merged = [...COLUMNS, 'text', ''];
    const table = await readWorkbook({
      sheets: { Ideas: textRow(1, merged) + textRow(2, ['HB-1', '', '', '', '', '', '', 'said', 'more']) },
      after: '<mergeCells count="1"><mergeCell ref="H1:I1"/></mergeCells>',
    });
    expect(readSheet(table)).toMatchObject({ notes: ['Column 9 has no heading and was left aside.'], errors: [] });
  });
});

test.each(['csv', 'xlsx', 'json'] as const)('a %s sheet can be read by its owner only', async (format) => {
  const path = join(folder, `own.${format}`);
  await writeSheet(
    (async function* () {
      yield row({ reference: 'HB-1' });
    })(),
    format,
    fileOut(path),
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a workbook offers the three decisions, keeps its headings in sight, and what is typed into it stays text', async () => {
  await roundTrip('xlsx', [row({ reference: 'HB-1', text: '=1+1' })]);
  const parts = unzipped(readFileSync(join(folder, 'sheet.xlsx')));
  const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
  const columnOf = (column: SheetColumn) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[SHEET_COLUMNS.indexOf(column)];
  const decision = columnOf('decision');
  expect(sheet).toContain(
    `sqref="${decision}2:${decision}1048576"><formula1>"inclusion,amendment,rejection"</formula1>`,
  );
  expect(sheet).toMatch(/<pane ySplit="1" xSplit="1" topLeftCell="B2"[^>]*state="frozen"/);
  expect(sheet).not.toContain('<f>');
  const style = /<c r="Q2" s="(\d+)"\/>/.exec(sheet)?.[1];
  expect(parts.get('xl/styles.xml')).toContain('formatCode="@"');
  expect(Number(style)).toBeGreaterThan(0);
  const versionStyle = new RegExp(`<c r="${columnOf('version')}2" s="(\\d+)"`).exec(sheet)?.[1];
  expect(versionStyle, 'a cell that is not to be filled in looks other than those beside it').not.toBe(style);
  const widths = [...sheet.matchAll(/<col min="(\d+)"[^>]*width="(\d+)"/g)].map(([, , width]) => Number(width));
  expect(widths).toHaveLength(SHEET_COLUMNS.length);
  expect(widths[SHEET_COLUMNS.indexOf('text')]).toBeGreaterThanOrEqual(40);
});

test.each([
  ['ods', /OpenDocument.*"Excel workbook \(\.xlsx\)"/],
  ['xls', /before 2007.*"Excel workbook \(\.xlsx\)"/],
  ['numbers', /export it as Excel/],
  ['pdf', /only \.xlsx, \.csv and \.json/],
])('a sheet that ends in .%s is refused with the remedy', async (ending, remedy) => {
  const path = join(folder, `saved.${ending}`);
  writeFileSync(path, 'PK');
  await expect(readSheetFile(path)).rejects.toThrow(remedy);
});

test('a workbook that is none is refused with the remedy', async () => {
  const path = join(folder, 'none.xlsx');
  writeFileSync(path, 'reference,text\n');
  await expect(readSheetFile(path)).rejects.toThrow(/Excel workbook/);
});
