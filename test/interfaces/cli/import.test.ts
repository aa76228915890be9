import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { command } from '../../support/command.ts';
import { addContribution, addPerson } from '../../support/contributions.ts';
import { freshDatabaseUrl } from '../../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-import-'));
afterAll(() => rmSync(folder, { recursive: true }));
const FILLED = {
  decision: 'inclusion',
  input: 'in',
  considered: 'con',
  influence: 'inf',
  reason: 'rea',
  beyond: 'bey',
};
const EMPTY = Object.fromEntries(Object.keys(FILLED).map((column) => [column, '']));

let url: string;
let db: Database;
beforeEach(async () => {
  url = await freshDatabaseUrl();
  db = await openDatabase(url);
  const person = await addPerson(db);
  await addContribution(db, person, 'HB-A', { text: 'Publish every contract of the city' });
  await addContribution(db, person, 'HB-B', { text: 'More buses' });
  return () => db.close();
});

const hearback = (...args: string[]) => command(args, { DATABASE_URL: url });
const states = async () =>
  Object.fromEntries(
    (await db.pool.query('SELECT reference, state FROM contribution')).rows.map((r) => [r.reference, r.state]),
  );

/** Exports a sheet, and fills these cells of these rows in. */
async function sheet(name: string, cells: Record<string, Record<string, string>>): Promise<string> {
  const file = join(folder, name);
  const ended = await hearback('contributions', 'export', '--out', file, '--force');
  expect(ended).toMatchObject({ code: 0 });
  const rows = parse(readFileSync(file), { columns: true, bom: true }) as Record<string, string>[];
  writeFileSync(
    file,
    stringify(
      rows.map((row) => ({ ...row, ...cells[row.reference ?? ''] })),
      { header: true },
    ),
  );
  return file;
}

test('an import lists what it changes, old and new, with the first words of the contribution', async () => {
  const first = await sheet('first.csv', { 'HB-A': FILLED });
  const dry = await hearback('responses', 'import', first, '--dry-run');
  expect(dry.out).toBe(
    'HB-A  inclusion, new: "Publish every contract of the city"\n' +
      '1 new, 0 changed would be taken in; 0 unchanged, 1 without a decision.\n' +
      'Nothing was imported: this was a dry run.\n',
  );
  expect((await hearback('responses', 'import', first)).out).toContain('HB-A  inclusion, new: "Publish every');
  const second = await sheet('second.csv', { 'HB-A': { decision: 'rejection', reason: 'no money' } });
  expect((await hearback('responses', 'import', second)).out).toBe(
    'HB-A  rejection, instead of one not yet sent: "Publish every contract of the city"\n' +
      '    decision: "inclusion" becomes "rejection"\n' +
      '    reason: "rea" becomes "no money"\n' +
      '0 new, 1 changed taken in; 0 unchanged, 1 without a decision.\n',
  );
  const stale = await hearback('responses', 'import', first);
  expect(stale).toMatchObject({ code: 1, out: '' });
  expect(stale.err).toContain(
    'now: decision "rejection"; reason "no money"\n      in the sheet: decision "inclusion"; reason "rea"\nRows that were decided since: export again',
  );
  expect(await hearback('responses', 'import', first, '--replace', 'hb-a')).toMatchObject({ code: 0 });
});

test('cells that were emptied take a decision back with --yes only, and undo takes back one by its reference', async () => {
  const filled = await sheet('filled.csv', { 'HB-A': FILLED, 'HB-B': FILLED });
  await hearback('responses', 'import', filled);
  const emptied = await sheet('emptied.csv', { 'HB-A': EMPTY });
  const refused = await hearback('responses', 'import', emptied);
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('say --yes to take them back') });
  expect(await states()).toEqual({ 'HB-A': 'decided', 'HB-B': 'decided' });
  expect((await hearback('responses', 'import', emptied, '--yes')).out).toBe(
    'HB-A  inclusion, taken back: "Publish every contract of the city"\n' +
      '0 new, 0 changed taken in; 1 taken back; 1 unchanged, 0 without a decision.\n',
  );
  expect(await hearback('responses', 'undo', 'hb–b')).toEqual({
    code: 0,
    out: 'HB-B  inclusion, taken back: "More buses"\n',
    err: '',
  });
  expect(await states()).toEqual({ 'HB-A': 'received', 'HB-B': 'received' });
  expect(await hearback('responses', 'undo', 'HB-B')).toMatchObject({
    code: 1,
    err: expect.stringContaining('HB-B'),
  });
});
