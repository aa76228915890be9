import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { systemIds } from '../../src/core/clock.ts';
import { ELEMENTS } from '../../src/responses/decision.ts';
import { exportContributions } from '../../src/responses/export.ts';
import { releaseResponses } from '../../src/responses/release.ts';
import { fileOut } from '../../src/responses/sheet/files.ts';
import { readSheetFile } from '../../src/responses/sheet/readFile.ts';
import type { Table } from '../../src/responses/sheet/reading.ts';
import { SHEET_COLUMNS } from '../../src/responses/sheet/sheet.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import type { Database } from '../../src/store/database.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { addContribution, addPerson, statesIn } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { messagesEnd } from '../support/happens.ts';
import { type ImportOptions, importDecisions, undo as undoOn } from '../support/imports.ts';
import { responsesIn } from '../support/kept.ts';
import { type Cells, FILLED, filled, SAVED, saveSheet } from '../support/savedSheet.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));
const PROCESS = { timeZone: 'Europe/Madrid', languages: ['en', 'es', 'fr'] };
const clock = () => Date.parse('2026-05-01T12:00:00Z');

let db: Database;
beforeEach(async () => {
  db = await freshDatabase();
});
const responses = () => createResponseStore(db.pool);
const take = (path: string, options: ImportOptions = {}) =>
  importDecisions(path, { responses: responses(), clock, ids: systemIds, ...PROCESS }, options);
const undo = (reference: string) => undoOn(reference, responses(), clock);
const release = () => releaseResponses({ responses: responses(), clock, ids: systemIds, hint: async () => undefined });
const states = () => statesIn(db);
const reasons = async () => (await responsesIn(db.pool)).map(({ reason, state }) => `${reason} ${state}`);
/** How the languages of answers are marked, each way once. */
const markedLanguages = async () =>
  [...new Set((await responsesIn(db.pool)).map(({ languages }) => JSON.stringify(languages)))].map((each) =>
    JSON.parse(each),
  );

const DOORS = ['CSV of Excel in Spain', 'workbook of another program'] as const;
type Door = keyof typeof SAVED;

async function exported(): Promise<Table> {
  const path = join(folder, 'exported.csv');
  await exportContributions(createContributionStore(db.pool), PROCESS, 'csv', fileOut(path));
  return readSheetFile(path);
}
let files = 0;
const save = (table: Table, door?: Door): string => saveSheet(join(folder, `saved${files++}`), table, door);
const cell = ({ header, rows }: Table, column: string, index = 0) => rows[index]?.[header.indexOf(column)];

describe.each(Object.keys(SAVED) as Door[])('a sheet that was saved as %s', (door) => {
  test('and in which nobody changed anything, changes nothing', async () => {
    const person = await addPerson(db, { language: 'fr' });
    const text = fc
      .array(
        fc.constantFrom('Más', '"bus"', "l'eau", '=1+1', "'=x", '- a', '＝', ';', ',', '😀', '\n', ' ', 'a_x0041_'),
        {
          minLength: 1,
        },
      )
      .map((parts) => parts.join(' '))
      .filter((some) => some.trim() !== '');
    const texts = fc.sample(text, 30);
    const cells: Record<string, Cells> = {};
    for (const [index, some] of texts.entries()) {
      await addContribution(db, person, `HB-${index}`, { text: some, fields: { problem: some, files_caption: some } });
      cells[`HB-${index}`] = {
        ...FILLED,
        reason: some,
        ...(index % 2 === 0 && { 'reason.es': some, 'beyond.fr': some }),
      };
    }
    expect(await take(save(filled(await exported(), cells), door))).toMatchObject({ new: 30 });
    const again = await exported();
    expect(again.header).toContain('reason.es');
    expect(await take(save(again, door))).toMatchObject({ unchanged: 30, skipped: 0, notes: [], changes: [] });
  });
});

describe.each(DOORS)('by way of a %s', (door) => {
  test('two exchanged references reach nobody, and everything in between is refused as a whole', async () => {
    const person = await addPerson(db);
    for (const name of ['HB-A', 'HB-B', 'HB-C'])
      await addContribution(db, person, name, { text: `${name} wants a bus` });
    const sheet = filled(await exported(), { 'HB-A': FILLED, 'HB-B': FILLED, 'HB-C': FILLED });
    const wrong = filled(sheet, { 'HB-A': { reference: 'HB-B' }, 'HB-B': { reference: 'HB-A' } });
    await expect(take(save(wrong, door))).rejects.toMatchObject({
      all: [
        expect.stringMatching(/^row 2: these are not the words of HB-B, which are "HB-B wants a bus"/),
        expect.stringMatching(/^row 3: these are not the words of HB-A/),
      ],
    });
    expect(await responsesIn(db.pool)).toEqual([]);
    expect(await take(save(sheet, door), { dryRun: true })).toMatchObject({
      changes: [{ reference: 'HB-A', words: '"HB-A wants a bus"', effect: 'new' }, {}, {}],
    });
  });

  test('decisions that were sorted without the words reach nobody', async () => {
    const person = await addPerson(db);
    for (const name of ['HB-A', 'HB-B']) await addContribution(db, person, name);
    const [one, other] = [FILLED, { ...FILLED, decision: 'rejection', reason: 'another' }];
    const { header, rows } = filled(await exported(), { 'HB-A': one, 'HB-B': other });
    const from = header.indexOf('decision');
    const sorted = rows.map((row, index) => [
      ...row.slice(0, from),
      ...(rows[rows.length - 1 - index]?.slice(from, header.indexOf('beyond') + 1) ?? []),
    ]);
    await expect(take(save({ header, rows: sorted }, door))).rejects.toThrow(
      /row 2, column version: these are not the words of HB-B.*\n.*row 3.*HB-A/,
    );
    expect(await responsesIn(db.pool)).toEqual([]);
  });

  test('a colleague’s newer decision is not overwritten, and the refusal shows both', async () => {
    const person = await addPerson(db);
    for (const name of ['HB-A', 'HB-B']) await addContribution(db, person, name);
    const shared = await exported();
    await take(save(filled(shared, { 'HB-A': { ...FILLED, reason: 'the colleague’s' } }), door));
    const other = save(filled(shared, { 'HB-A': { ...FILLED, reason: 'mine' }, 'HB-B': FILLED }), door);
    await expect(take(other)).rejects.toThrow(/now: reason "the colleague’s"\s+in the sheet: reason "mine"/);
    expect(await reasons()).toEqual(['the colleague’s approved']);
    // What I have not filled in is not a decision of mine.
    expect(await take(save(filled(shared, { 'HB-B': FILLED }), door))).toMatchObject({
      ...{ new: 1, undone: 0, skipped: 1 },
      notes: [expect.stringMatching(/^HB-A: empty here, and decided since; it stays so/)],
    });
    const renewed = filled(await exported(), { 'HB-A': { reason: 'mine' } });
    expect(await take(save(renewed, door))).toMatchObject({
      changed: 1,
      changes: [{ cells: [{ column: 'reason', old: 'the colleague’s', new: 'mine' }] }],
    });
    const once = take(save(filled(shared, { 'HB-A': { ...FILLED, reason: 'at last' } }), door), { replace: ['hb–a'] });
    expect(await once).toMatchObject({ changed: 1 });
    const slip = take(save(filled(shared, { 'HB-A': FILLED }), door), { replace: ['HB-A', 'HB-X'] });
    await expect(slip).rejects.toThrow('--replace: the sheet has no row of HB-X.');
  });

  test('emptied cells take a decision back when that is agreed to, and are refused otherwise', async () => {
    const person = await addPerson(db);
    for (const name of ['HB-A', 'HB-B']) await addContribution(db, person, name);
    const sheet = await exported();
    await take(save(filled(sheet, { 'HB-A': FILLED, 'HB-B': FILLED }), door));
    const nothing = Object.fromEntries(Object.keys(FILLED).map((column) => [column, '']));
    const emptied = save(filled(await exported(), { 'HB-A': nothing }), door);
    await expect(take(emptied)).rejects.toThrow(/are empty now; nothing was imported\.\n {2}HB-A .*inclusion\n.*--yes/);
    expect(await take(emptied, { dryRun: true })).toMatchObject({ undone: 1, unchanged: 1, skipped: 0 });
    expect(await states()).toEqual({ 'HB-A': 'decided', 'HB-B': 'decided' });
    const asked: unknown[] = [];
    expect(await take(emptied, { agree: async (undone) => void asked.push(...undone) })).toMatchObject({ undone: 1 });
    expect(asked).toMatchObject([{ reference: 'HB-A', effect: 'undone', decision: 'inclusion' }]);
    expect(await states()).toEqual({ 'HB-A': 'received', 'HB-B': 'decided' });
    expect(await responses().releasable()).toMatchObject({ responses: 1 });
    expect(await take(save(filled(await exported(), { 'HB-A': FILLED }), door))).toMatchObject({
      new: 1,
      changes: [{ number: 2 }],
    });
  });
});

test('a decision that was taken back does not come back from the sheet that brought it', async () => {
  await addContribution(db, await addPerson(db), 'HB-A');
  const path = save(filled(await exported(), { 'HB-A': FILLED }));
  await take(path);
  await undo('HB-A');
  await expect(take(path)).rejects.toThrow(/the decision on HB-A was taken back after the sheet was exported/);
  expect(await states()).toEqual({ 'HB-A': 'received' });
  expect(await take(save(filled(await exported(), { 'HB-A': FILLED })))).toMatchObject({ new: 1 });
});

test('who has decided on other rows takes nothing of a colleague’s back, whatever the name of the file', async () => {
  const person = await addPerson(db);
  for (const name of ['HB-A', 'HB-B', 'HB-C']) await addContribution(db, person, name);
  const [mine, theirs] = [await exported(), await exported()];
  const path = save(filled(mine, { 'HB-A': FILLED, 'HB-B': FILLED }));
  expect(await take(path)).toMatchObject({ new: 2 });
  // One row happens to be decided alike, as the colleague has it.
  copyFileSync(save(filled(theirs, { 'HB-B': FILLED, 'HB-C': FILLED })), path);
  const agree = async () => expect.unreachable('nothing was emptied');
  const stays = /^HB-A: empty here, and decided since; it stays so\..*: npx hearback responses undo HB-A$/;
  expect(await take(path, { agree })).toMatchObject({
    ...{ new: 1, unchanged: 1, undone: 0, skipped: 1 },
    notes: [expect.stringMatching(stays)],
  });
  expect(await states()).toEqual({ 'HB-A': 'decided', 'HB-B': 'decided', 'HB-C': 'decided' });
});

test('who empties a row of the file that they have imported is told how to take its decision back', async () => {
  const person = await addPerson(db);
  for (const name of ['HB-A', 'HB-B']) await addContribution(db, person, name);
  const sheet = await exported();
  await take(save(filled(sheet, { 'HB-A': FILLED, 'HB-B': FILLED })));
  expect(await take(save(filled(sheet, { 'HB-B': FILLED })))).toMatchObject({
    ...{ unchanged: 1, undone: 0, skipped: 1 },
    notes: [expect.stringMatching(/^HB-A: empty here.*: npx hearback responses undo HB-A$/)],
  });
  const half = save(filled(sheet, { 'HB-A': { ...FILLED, decision: '' }, 'HB-B': FILLED }));
  await expect(take(half)).rejects.toThrow(/row 2, column decision: is empty; .*: npx hearback responses undo HB-A$/m);
});

test('what is released while somebody is asked about taking it back stays released', async () => {
  await addContribution(db, await addPerson(db), 'HB-A');
  await take(save(filled(await exported(), { 'HB-A': FILLED })));
  const nothing = Object.fromEntries(Object.keys(FILLED).map((column) => [column, '']));
  const emptied = save(filled(await exported(), { 'HB-A': nothing }));
  const report = await take(emptied, { agree: async () => void (await release()) });
  expect(report).toMatchObject({
    undone: 0,
    changes: [],
    notes: [expect.stringContaining('and the answer was released')],
  });
  expect(await states()).toEqual({ 'HB-A': 'released' });
});

describe('taking a decision back', () => {
  const decide = async (reason: string) => take(save(filled(await exported(), { 'HB-A': { ...FILLED, reason } })));
  beforeEach(async () => {
    await addContribution(db, await addPerson(db), 'HB-A');
    await decide('first');
  });
  test('leaves it undecided, and no release brings it', async () => {
    expect(await undo(' hb—a ')).toMatchObject({ reference: 'HB-A', decision: 'inclusion', words: '"What HB-A says"' });
    expect(await states()).toEqual({ 'HB-A': 'received' });
    expect(await reasons()).toEqual(['first undone']);
    expect(await release()).toMatchObject({ notice: null });
    await expect(undo('HB-A')).rejects.toThrow(/^Nothing is decided on HB-A/);
  });
  test('that took the place of another leaves neither', async () => {
    await decide('second');
    await undo('HB-A');
    await expect(undo('HB-A')).rejects.toThrow(/^Nothing is decided on HB-A/);
    expect(await reasons()).toEqual(['first superseded', 'second undone']);
    expect(cell(await exported(), 'version')).toBe('HB-A w1 d3');
    expect(await release()).toMatchObject({ notice: null });
  });
  test('of a correction leaves what its reader has', async () => {
    const { notice } = await release();
    await db.pool.query(
      `UPDATE delivery SET state = 'sent', payload = payload || jsonb_build_object('brought', payload->'responses')`,
    );
    await db.pool.query(`UPDATE response SET state = 'delivered'`);
    await db.pool.query(`UPDATE contribution SET state = 'delivered'`);
    expect(notice).not.toBeNull();
    await decide('second');
    await decide('third');
    await undo('HB-A');
    expect(await states()).toEqual({ 'HB-A': 'delivered' });
    expect(await reasons()).toEqual(['first delivered', 'second superseded', 'third undone']);
    expect(cell(await exported(), 'reason')).toBe('first');
    expect(await decide('fourth')).toMatchObject({ superseding: 1, changes: [{ number: 4 }] });
    expect(await release()).toMatchObject({ responses: 1 });
    expect(await reasons()).toEqual(['first superseded', 'second superseded', 'third undone', 'fourth released']);
  });
  test('is refused once it is on its way, and possible again when the release was called back', async () => {
    await release();
    await expect(undo('HB-A')).rejects.toThrow(/was released\. To correct it/);
    await messagesEnd(db.pool, 'skipped', 'cancelled');
    await undo('HB-A');
    expect(await states()).toEqual({ 'HB-A': 'received' });
    expect(await release()).toMatchObject({ notice: null });
  });
  test('that nobody has made is refused with the remedy', async () => {
    await expect(undo('HB-NONE')).rejects.toThrow(
      /No contribution is called HB-NONE\. `npx hearback contributions list`/,
    );
  });
});

describe('an answer in another language than its reader’s', () => {
  const SPANISH = 'No incluida: necesita una ley nueva, y este plan no puede hacerla.';
  const FRENCH = 'Non retenue : il faut une nouvelle loi, que ce plan ne peut pas faire.';
  beforeEach(async () => {
    const [fr, es] = [await addPerson(db, { language: 'fr' }), await addPerson(db, { language: 'es-MX' })];
    for (const name of ['HB-A', 'HB-B']) await addContribution(db, fr, name);
    await addContribution(db, es, 'HB-C');
    await addContribution(db, await addPerson(db, { language: 'de' }), 'HB-D');
  });
  const NUMBERS = { ...FILLED, input: '1', considered: '2', influence: '3', beyond: '–' };
  const SHORT = { input: 'Banco.', considered: 'Sí.', influence: 'No.', reason: 'Muy caro.', beyond: 'Otro plan.' };
  const all = (cells: Cells) =>
    Object.fromEntries(['HB-A', 'HB-B', 'HB-C'].map((name) => [name, { ...NUMBERS, ...cells }]));

  test('is told at the import with the remedy, and marked when it arrives', async () => {
    const sheet = await exported();
    expect(sheet.rows.map((_, index) => cell(sheet, 'answerIn', index))).toEqual(['fr', 'fr', 'es', 'en']);
    const path = save(filled(sheet, all({ reason: SPANISH })));
    const warning =
      'Rows 2, 3 are read in French, but seem to be written in Spanish (reason), and will be marked so. ' +
      'Write French, or add columns such as reason.fr.';
    expect(await take(path, { dryRun: true })).toMatchObject({ notes: [warning] });
    expect(await take(path)).toMatchObject({ notes: [warning] });
    expect(await take(path)).toMatchObject({ unchanged: 3, notes: [] });
    expect(await markedLanguages()).toEqual([{ reason: 'es' }]);
  });
  test('is no matter where the reader’s own stands beside it', async () => {
    const report = await take(save(filled(await exported(), all({ reason: SPANISH, 'reason.fr': FRENCH }))));
    expect(report).toMatchObject({ new: 3, notes: [] });
  });
  test('is told of the row as a whole where its cells are too short, each alone', async () => {
    const spanish = { input: 'es', considered: 'es', influence: 'es', reason: 'es', beyond: 'es' };
    const { notes } = await take(save(filled(await exported(), all(SHORT))));
    expect(notes).toEqual([
      expect.stringMatching(/^Rows 2, 3 .* written in Spanish \(input, considered, influence, reason, beyond\)/),
    ]);
    expect(await markedLanguages()).toEqual([spanish]);
  });
  test('is told of a short cell by the other short ones, whatever a long one is in', async () => {
    await take(save(filled(await exported(), { 'HB-A': { ...FILLED, ...SHORT, considered: FRENCH } })));
    const [languages] = await markedLanguages();
    expect(languages).toMatchObject({ considered: 'fr', input: 'es', reason: 'es' });
  });
  test('is that of the row for a cell of one word, and of nothing that has no words', async () => {
    await take(save(filled(await exported(), { 'HB-A': { ...NUMBERS, reason: SPANISH, beyond: 'No.' } })));
    expect(await markedLanguages()).toEqual([{ reason: 'es', beyond: 'es' }]);
  });
  test('is not guessed at where there are but a few words', async () => {
    expect(await take(save(filled(await exported(), all({ reason: 'OGP Plan 2027, 3.2' }))))).toMatchObject({
      notes: [],
    });
  });
});

test('the sheet has local times, what was asked beside the words in columns of its own, and nothing that was taken back', async () => {
  const person = await addPerson(db, { language: 'fr-CA' });
  const fields = {
    problem: 'Too far',
    affected: ['Parents', 'pupils'],
    place: 'North',
    files_caption: 'The bridge',
    age: null,
  };
  await addContribution(db, person, 'HB-A', { fields });
  await addContribution(db, person, 'HB-B', { state: 'withdrawn', text: 'secret' });
  await db.pool.query(`UPDATE contribution SET submitted_at = '2026-07-01T22:30:00Z'`);
  const sheet = await exported();
  expect(sheet.header).toEqual([...SHEET_COLUMNS]);
  expect(sheet.rows).toHaveLength(1);
  const shown = ['submittedAt', 'problem', 'affected', 'place', 'fields', 'answerIn', 'version'];
  expect(shown.map((column) => cell(sheet, column))).toEqual([
    ...['2026-07-02 00:30', 'Too far', 'Parents, pupils', 'North', 'files_caption: The bridge', 'fr', 'HB-A w1 d0'],
  ]);
  const path = join(folder, 'times.json');
  const figures = await exportContributions(createContributionStore(db.pool), PROCESS, 'json', fileOut(path));
  expect(figures).toEqual({ contributions: 1, withdrawn: 1, setAside: 0 });
  expect(cell(await readSheetFile(path), 'submittedAt')).toBe('2026-07-02T00:30:00+02:00');
  expect(SHEET_COLUMNS.slice(-ELEMENTS.length - 2)).toEqual(['decision', 'version', ...ELEMENTS]);
});
