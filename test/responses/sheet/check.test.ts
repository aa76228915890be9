import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeReference, readReference } from '../../../src/core/reference.ts';
import { ELEMENTS, type StoredResponse } from '../../../src/responses/decision.ts';
import { checkRows } from '../../../src/responses/sheet/check.ts';
import { readSheet } from '../../../src/responses/sheet/reading.ts';
import { type KnownContribution, sheetErrorLine } from '../../../src/responses/sheet/rows.ts';
import { SHEET_COLUMNS } from '../../../src/responses/sheet/sheet.ts';
import { sameWords } from '../../../src/responses/sheet/words.ts';

const known = (reference: string, more: Partial<KnownContribution> = {}): KnownContribution => ({
  ...{ id: reference, reference, text: `${reference} wants a bus`, state: 'received', version: 1, reads: 'en' },
  ...{ attachments: [], latest: null, told: false, last: 0, decisions: more.last ?? 0, ...more },
});
/** That which stands as number `number`. */
const decision = (number: number, reason: string, state: StoredResponse['state'] = 'approved'): StoredResponse => ({
  ...{
    id: `r${number}`,
    contributionId: 'c',
    number,
    decision: 'rejection',
    languages: {},
    translations: {},
    state,
  },
  ...{ input: 'i', considered: 'c', influence: 'f', reason, beyond: 'b' },
});
const decided = (reference: string, number: number, reason: string, more: Partial<KnownContribution> = {}) =>
  known(reference, { state: 'decided', latest: decision(number, reason), last: number, ...more });

const HEADER = ['reference', 'text', 'decision', 'version', ...ELEMENTS];
const VERSION = HEADER.indexOf('version');
const FILLED = ['rejection', 'i', 'c', 'f', 'r', 'b'];
const EMPTY = ['', '', '', '', '', ''];
/** A row as it is exported, with these decision cells. */
const row = (it: KnownContribution, cells: string[] = FILLED, number = it.decisions) => [
  ...[it.reference, it.text, ...cells.toSpliced(1, 0, `${it.reference} w${it.version} d${number}`)],
];

function check(rows: string[][], all: KnownContribution[], { header = HEADER, replace = [] as string[] } = {}) {
  const sheet = readSheet({ header, rows });
  const found = checkRows(sheet, new Map(all.map((one) => [one.reference, one])), new Set(replace));
  return { ...found, errors: [...sheet.errors, ...found.errors].map(sheetErrorLine) };
}
const without = (column: string, rows: string[][]) => {
  const place = HEADER.indexOf(column);
  return {
    header: HEADER.toSpliced(place, 1),
    rows: rows.map((cells) => cells.toSpliced(place, 1)),
  };
};

const [ana, ben] = [known('HB-AAAAAAA', { text: 'Parks for all' }), known('HB-CCCCCCC', { text: 'Open budgets' })];
/** Two rows with the cells of these columns exchanged. */
const exchanged = (...columns: string[]) => {
  const [first, second] = [row(ana, FILLED.with(4, 'of Ana')), row(ben, FILLED.with(4, 'of Ben'))];
  const side = (own: string[], other: string[]) =>
    HEADER.map((column, place) => (columns.includes(column) ? other : own)[place] ?? '');
  return [side(first, second), side(second, first)];
};

describe('a sheet whose rows are no longer what was exported', () => {
  test('is refused when two references were exchanged, row by row and with the words that would have been answered', () => {
    expect(check(exchanged('reference'), [ana, ben]).errors).toEqual([
      expect.stringMatching(/^row 2: these are not the words of HB-CCCCCCC, which are "Open budgets"\./),
      expect.stringMatching(/^row 3: these are not the words of HB-AAAAAAA, which are "Parks for all"\./),
    ]);
  });
  test.each(['text', 'version'])('is refused when the column %s was sorted without the others', (column) => {
    const { errors, decisions } = check(exchanged(column), [ana, ben]);
    expect(errors).toHaveLength(2);
    expect(decisions).toEqual([]);
  });
  test('is refused when the columns of the decision were sorted without the others', () => {
    const sorted = SHEET_COLUMNS.slice(SHEET_COLUMNS.indexOf('decision'));
    expect(SHEET_COLUMNS.at(-1)).toBe('beyond');
    for (const columns of [sorted, sorted.slice(0, 2)])
      expect(check(exchanged(...columns), [ana, ben]).errors).toEqual([
        expect.stringMatching(/^row 2, column version: these are not the words of HB-CCCCCCC, to which the decision/),
        expect.stringMatching(/^row 3, column version: these are not the words of HB-AAAAAAA/),
      ]);
  });
  test.each(['text', 'version'])('is refused for exchanged references although the column %s was deleted', (column) => {
    const { header, rows } = without(column, exchanged('reference'));
    expect(check(rows, [ana, ben], { header }).errors.map((line) => line.slice(0, 5))).toEqual(['row 2', 'row 3']);
  });
  test('is taken when its rows were sorted as a whole, with columns in another order and some of somebody’s own', () => {
    const rows = [row(ben), row(ana)].map((cells) => ['seen', ...cells.toReversed(), '1.4']);
    const header = ['Done?', ...HEADER.toReversed(), 'Version of our minutes'];
    expect(check(rows, [ana, ben], { header })).toMatchObject({ errors: [], decisions: [{}, {}] });
  });
});

describe('a decision that was copied to another row, its version with it', () => {
  const copy = (it: KnownContribution, cells = FILLED, number = 0) =>
    row(it, cells).with(VERSION, `HB-AAAAAAA w1 d${number}`);
  test('counts there as well, also where the program has counted the version up', () => {
    for (const number of [0, 1])
      expect(check([copy(ben, FILLED, number), row(ana)], [ana, ben])).toMatchObject({
        errors: [],
        decisions: [{}, {}],
      });
  });
  test('is refused where it was changed: it may as well have been sorted there', () => {
    const [error, ...others] = check([row(ana), copy(ben, FILLED.with(4, 'other'))], [ana, ben]).errors;
    expect(error).toMatch(/^row 3, column version: these are not the words of HB-AAAAAAA/);
    expect(others).toEqual([]);
  });
  test('does not take the place of one that the row had, nor does an empty one', () => {
    const now = decided('HB-CCCCCCC', 1, 'as it was');
    expect(check([row(ana), copy(now)], [ana, now]).errors).toEqual([
      expect.stringMatching(/HB-CCCCCCC is decided already, and the row no longer says/),
    ]);
    const found = check([row(ana, EMPTY), copy(now, EMPTY)], [ana, now]);
    expect(found).toMatchObject({ errors: [], emptied: [], notes: [expect.stringContaining('undo HB-CCCCCCC')] });
  });
});

describe('what was said', () => {
  const PROGRAMS: [string, (text: string) => string][] = [
    ['other line ends', (text) => text.replaceAll('\n', '\r\n')],
    ['no line ends', (text) => text.replaceAll('\n', ' ')],
    ['blank edges', (text) => ` ${text}\n`],
    ['no blank edges', (text) => text.trim()],
    ['spaces that do not break', (text) => text.replaceAll(' ', '\u00A0')],
    ['round quotes', (text) => text.replaceAll('"', '”').replaceAll("'", '’')],
    ['a quote before it', (text) => `'${text}`],
    ['composed accents', (text) => text.normalize('NFC')],
    ['accents apart', (text) => text.normalize('NFD')],
    ['a mark at its beginning', (text) => `\uFEFF${text}`],
    ['no control characters', (text) => text.replace(/(?!\n)\p{Cc}/gu, '')],
    ['halves of characters replaced', (text) => text.toWellFormed()],
  ];
  const text = fc.array(
    fc.constantFrom('Más', 'été', '"bus"', "l'eau", ' ', '\n', '=1', '\u0007', '\ud800', '😀', '不'),
  );
  test.each(PROGRAMS)('is found again with %s', (_, change) => {
    fc.assert(
      fc.property(text, (parts) => {
        const said = parts.join(' ');
        expect(sameWords(said, change(said))).toBe(true);
      }),
    );
  });
  test('is cut off where a cell ends', () => {
    const said = 'word '.repeat(10_000);
    expect(sameWords(said, said.slice(0, 32_767))).toBe(true);
    expect(sameWords(said, said.slice(0, 1_000))).toBe(false);
  });
  test.each([
    ['More buses', 'More busses'],
    ['More buses', 'more buses'],
    ['10 buses', '100 buses'],
    ['No!', 'No?'],
    ['Más', 'Mas'],
    ['Open budgets', ''],
  ])('is not found again where a letter is another: %s, %s', (said, cell) => {
    expect(sameWords(said, cell)).toBe(false);
  });
  test.each([
    ['1/2', '2027-02-01'],
    ['3 May', '03-May'],
    ['true', 'WAHR'],
    ['007', '7'],
  ])(
    'that a program takes for a value (%s, %s) is believed in the row that it was exported with, and in no other',
    (said, cell) => {
      const it = known('HB-AAAAAAA', { text: said });
      const written = row(it).with(1, cell);
      expect(check([written], [it])).toMatchObject({ errors: [], decisions: [{}] });
      expect(check([written.with(VERSION, '')], [it]).errors).toEqual([
        expect.stringContaining('these are not the words'),
      ]);
    },
  );
});

describe('a reference', () => {
  test('is understood with other dashes, blanks and characters that nobody sees, in any case', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const dash = fc.constantFrom('-', '–', '—', '‐', '‑', '−', '－', ' - ', '\u00AD-', '--', ' ', '');
    const edge = fc.constantFrom('', ' ', '\u200B', '\uFEFF', '\u00A0', '\t', '\u2060');
    fc.assert(
      fc.property(bytes, dash, edge, edge, fc.boolean(), (random, between, before, after, small) => {
        const reference = makeReference(random);
        const typed = before + reference.replace('-', between) + after;
        expect(readReference(small ? typed.toLowerCase() : typed)).toBe(reference);
      }),
    );
  });
  test('stays none where it is none', () => {
    for (const typed of ['', ' ', 'HB', '-', 'total', '#N/A']) expect(readReference(typed)).not.toMatch(/^HB-./);
  });
});

describe('a row that was decided on since its export', () => {
  const now = decided('HB-AAAAAAA', 2, 'the newer one');
  const stale = row(now, FILLED.with(4, 'the older one'), 1);
  test('is refused, with both versions', () => {
    const { errors, decisions } = check([stale], [now]);
    expect(decisions).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(
      /^row 2, column version: the decision on HB-AAAAAAA was changed after the sheet was exported\./,
    );
    expect(errors[0]).toMatch(/now: reason "the newer one"\n.*in the sheet: reason "the older one"$/);
  });
  test('is refused when the column that tells was deleted, whatever columns were added', () => {
    const { header, rows } = without('version', [stale]);
    const [error] = check(
      rows.map((cells) => [...cells, 'x']),
      [now],
      { header: [...header, 'Our notes'] },
    ).errors;
    expect(error).toMatch(/HB-AAAAAAA is decided already, and the row no longer says what it was exported from/);
    expect(error).toMatch(/"the newer one"\n.*"the older one"/);
  });
  test('is refused when its cell in that column was emptied', () => {
    expect(check([stale.with(VERSION, '')], [now]).errors).toHaveLength(1);
  });
  test('is refused when the decision was taken back meanwhile', () => {
    const undone = known('HB-AAAAAAA', { last: 1, decisions: 2 });
    expect(check([row(undone, FILLED, 1)], [undone]).errors[0]).toMatch(/taken back after .*\n.*now: no decision/);
  });
  test('is taken where somebody says that it may be, and where it says the same', () => {
    expect(check([stale], [now], { replace: ['HB-AAAAAAA'] })).toMatchObject({
      errors: [],
      decisions: [{ effect: 'changed', number: 3 }],
    });
    expect(check([row(now, FILLED.with(4, 'the newer one'), 1)], [now])).toMatchObject({
      errors: [],
      decisions: [{ effect: 'unchanged' }],
    });
  });
  test('is left alone where it was empty, and that is told', () => {
    const found = check([row(now, EMPTY, 0), row(ben)], [now, ben]);
    expect(found).toMatchObject({ errors: [], emptied: [], decisions: [{ reference: 'HB-CCCCCCC' }] });
    expect(found.notes).toEqual([expect.stringMatching(/^HB-AAAAAAA: empty here, and decided since; it stays so\./)]);
  });
  test('is taken from a sheet that somebody made by hand, which means what it says', () => {
    const header = ['reference', 'decision', ...ELEMENTS];
    expect(check([['HB-AAAAAAA', ...FILLED]], [now], { header })).toMatchObject({
      errors: [],
      decisions: [{ effect: 'changed' }],
    });
  });
});

describe('a row whose cells were emptied', () => {
  const waiting = decided('HB-AAAAAAA', 1, 'r');
  test('takes its decision back, as long as nobody was told', () => {
    expect(check([row(waiting, EMPTY)], [waiting])).toMatchObject({
      errors: [],
      emptied: [{ row: 2, reference: 'HB-AAAAAAA', responseId: 'r1' }],
    });
    const told = { ...waiting, latest: decision(1, 'r', 'delivered'), told: true };
    const found = check([row(told, EMPTY)], [told]);
    expect(found).toMatchObject({ errors: [], emptied: [] });
    expect(found.notes).toEqual([expect.stringMatching(/^HB-AAAAAAA: empty here, and the answer was released/)]);
  });
  test('is refused where somebody has decided again, or it is not this row', () => {
    const newer = decided('HB-AAAAAAA', 2, 'newer');
    expect(check([row(newer, EMPTY, 1)], [newer]).errors[0]).toMatch(
      /was changed after.*\n.*now: .*"newer".*\n.*no decision/,
    );
    expect(check([row(waiting, EMPTY).with(1, 'Other words')], [waiting]).errors).toHaveLength(1);
  });
  test('is told, and left as it is, where the sheet does not say whether it ever had any', () => {
    const { header, rows } = without('version', [row(waiting, EMPTY)]);
    const found = check(rows, [waiting], { header });
    expect(found).toMatchObject({ errors: [], emptied: [] });
    expect(found.notes).toEqual([expect.stringMatching(/^HB-AAAAAAA: .*npx hearback responses undo HB-AAAAAAA$/)]);
  });
  test('stays decided where the decision came after the export, also where a colleague has decided another row alike', () => {
    const beside = decided('HB-CCCCCCC', 1, 'r');
    const found = check([row(waiting, EMPTY, 0), row(beside, FILLED, 0)], [waiting, beside]);
    expect(found).toMatchObject({ errors: [], emptied: [], decisions: [{ effect: 'unchanged' }] });
    expect(found.notes).toEqual([
      'HB-AAAAAAA: empty here, and decided since; it stays so. To take a decision back: npx hearback responses undo HB-AAAAAAA',
    ]);
    const several = check([row(waiting, EMPTY, 0), row(beside, EMPTY, 0)], [waiting, beside]);
    expect(several.notes).toEqual([
      expect.stringMatching(/^HB-AAAAAAA, HB-CCCCCCC: .* npx hearback responses undo HB-…$/),
    ]);
  });
  test('in the column of the decision alone is refused, and how to take it back is told', () => {
    const emptied = row(waiting, FILLED.with(0, ''));
    expect(check([emptied], [waiting]).errors).toEqual([
      expect.stringMatching(
        /^row 2, column decision: is empty; write .*, or .*: npx hearback responses undo HB-AAAAAAA$/,
      ),
    ]);
    const [undecided] = check([row(ana, FILLED.with(0, ''))], [ana]).errors;
    expect(undecided).toMatch(/write inclusion, amendment or rejection\.$/);
  });
  test('does nothing beside another row of the same contribution that is filled', () => {
    expect(check([row(waiting, EMPTY), row(waiting)], [waiting])).toMatchObject({
      ...{ errors: [], emptied: [] },
      decisions: [{ effect: 'unchanged' }],
    });
  });
});

describe('a column for one language', () => {
  const header = [...HEADER, 'reason.fr-CA', 'Input (ES)', 'beyond_es'];
  test('is taken for every element, and may be all that there is of it', () => {
    const cells = row(ana, FILLED.with(4, '').with(1, ''));
    const { decisions, errors } = check([[...cells, 'parce que', 'leemos', '']], [ana], { header });
    expect(errors).toEqual([]);
    expect(decisions[0]).toMatchObject({
      ...{ reason: '', input: '', beyond: 'b' },
      translations: { reason: { fr: 'parce que' }, input: { es: 'leemos' } },
    });
  });
  test('counts as part of the decision', () => {
    const latest = { ...decision(1, 'r'), translations: { reason: { fr: 'vieux' } } };
    const it = known('HB-AAAAAAA', { state: 'decided', latest, last: 1 });
    const effect = (...more: string[]) => check([[...row(it), ...more]], [it], { header }).decisions[0]?.effect;
    expect(effect('vieux', '', '')).toBe('unchanged');
    expect(effect('neuf', '', '')).toBe('changed');
    expect(effect('', '', '')).toBe('changed');
  });
  test('is refused where it is there twice, or there is no such language', () => {
    const twice = ['reason.fr', 'Reason (fr)'];
    expect(check([], [], { header: [...HEADER, ...twice] }).errors).toEqual([expect.stringContaining('twice')]);
    expect(check([], [], { header: [...HEADER, 'reason.xq'] }).errors).toEqual([
      'row 1, column reason.xq: there is no language "xq"; name the column like reason.fr, with the letters of the language.',
    ]);
  });
});
