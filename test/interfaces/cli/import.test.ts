import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readSheetFile } from '../../../src/responses/sheet/readFile.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { command } from '../../support/command.ts';
import { addContribution, addPerson, statesIn } from '../../support/contributions.ts';
import { freshDatabaseUrl } from '../../support/database.ts';
import { type Cells, FILLED, filled, saveSheet } from '../../support/savedSheet.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-import-'));
afterAll(() => rmSync(folder, { recursive: true }));
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

/** Exports a sheet, and fills these cells of these rows in. */
async function sheet(name: string, cells: Record<string, Cells>): Promise<string> {
  const file = join(folder, 'exported.csv');
  const ended = await hearback('contributions', 'export', '--out', file, '--force');
  expect(ended).toMatchObject({ code: 0 });
  return saveSheet(join(folder, name), filled(await readSheetFile(file), cells));
}

test('an import lists what it changes, old and new, with the first words of the contribution', async () => {
  const first = await sheet('first', { 'HB-A': FILLED });
  const dry = await hearback('responses', 'import', first, '--dry-run');
  expect(dry.out).toBe(
    'HB-A  inclusion, new: "Publish every contract of the city"\n' +
      '1 new, 0 changed would be taken in; 0 unchanged, 1 without a decision.\n' +
      'Nothing was imported: this was a dry run.\n',
  );
  expect((await hearback('responses', 'import', first)).out).toContain('HB-A  inclusion, new: "Publish every');
  const second = await sheet('second', { 'HB-A': { decision: 'rejection', reason: 'no money' } });
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
  const filled = await sheet('filled', { 'HB-A': FILLED, 'HB-B': FILLED });
  await hearback('responses', 'import', filled);
  const emptied = await sheet('emptied', { 'HB-A': EMPTY });
  const refused = await hearback('responses', 'import', emptied);
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('say --yes to take them back') });
  expect(await statesIn(db)).toEqual({ 'HB-A': 'decided', 'HB-B': 'decided' });
  expect((await hearback('responses', 'import', emptied, '--yes')).out).toBe(
    'HB-A  inclusion, taken back: "Publish every contract of the city"\n' +
      '0 new, 0 changed taken in; 1 taken back; 1 unchanged, 0 without a decision.\n',
  );
  expect(await hearback('responses', 'undo', 'hb–b')).toEqual({
    code: 0,
    out: 'HB-B  inclusion, taken back: "More buses"\n',
    err: '',
  });
  expect(await statesIn(db)).toEqual({ 'HB-A': 'received', 'HB-B': 'received' });
  expect(await hearback('responses', 'undo', 'HB-B')).toMatchObject({
    code: 1,
    err: expect.stringContaining('HB-B'),
  });
});
