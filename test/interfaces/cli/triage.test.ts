import { expect, test } from 'vitest';
import { openReading } from '../../../src/compose/reading.ts';
import { viewsOf } from '../../../src/compose/views.ts';
import { addTriageCommands } from '../../../src/interfaces/cli/triage.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { acting } from '../../support/actions.ts';
import { addContribution, addPerson } from '../../support/contributions.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers } from '../../support/happens.ts';
import { heardAt } from '../../support/terminal.ts';

const NOW = Date.parse('2027-03-01T12:00Z');

async function stage() {
  const db = await freshDatabase();
  await addMembers(db.pool, { ana: ['organizer'], vic: ['viewer'] });
  const person = await addPerson(db);
  for (const reference of ['HB-A', 'HB-B']) await addContribution(db, person, reference);
  const wiring = {
    ...{ views: viewsOf(db), processes: createProcesses(db), read: openReading(db, () => NOW) },
    close: async () => undefined,
    actions: async () => acting(db, { clock: () => NOW }),
  };
  return (line: string[], keys?: string) =>
    heardAt(
      (program, streams) => addTriageCommands(program.command('contributions'), async () => wiring, streams),
      ['contributions', ...line],
      keys === undefined ? undefined : { asked: /Change \d/, keys },
    );
}

test('contributions tag says what happens to which before it asks, and how to take it back', async () => {
  const run = await stage();
  const dry = await run(['tag', 'HB-A', 'HB-NONE', '--add', 'bus', '--dry-run']);
  expect(dry.out).toBe('HB-A  nothing -> bus\nHB-NONE  left as it is: it is not on record\n');
  expect((await run(['tag', 'HB-A', '--add', 'bus'])).mistake).toContain('Say --yes to change them.');
  expect((await run(['tag', 'HB-A', '--add', 'bus'], 'n')).mistake).toBe('Nothing was changed.');
  const { out } = await run(['tag', 'HB-A', 'HB-B', '--add', 'bus', '--as', 'ana'], 'y');
  const [, step = ''] = /2 contributions changed\. To take it back: .*contributions undo (\S+)/.exec(out) ?? [];
  expect((await run(['tag', 'HB-A', '--add', 'bus', '--yes'])).out).toBe('HB-A  stays: bus\nNothing is changed.\n');
  expect((await run(['undo', step, '--yes'])).out).toContain('HB-B  bus -> nothing');
  expect((await run(['undo', step, '--yes'])).mistake).toContain('There is nothing to undo');
  expect((await run(['tag', 'HB-A', '--add', 'x', '--yes', '--as', 'vic'])).mistake).toContain('vic may not tag');
});

test('contributions assign, note and views keep what they are told, and show it', async () => {
  const run = await stage();
  const assigned = await run(['assign', 'HB-A', '--to', 'ana', '--due', '2027-03-14', '--yes', '--json']);
  expect(JSON.parse(assigned.out).effects[0].after.assignment).toEqual({
    ...{ member: 'ana', workingGroup: null, dueOn: '2027-03-14' },
  });
  expect((await run(['note', 'HB-A'])).out).toBe('Nobody has written a note on HB-A.\n');
  await run(['note', 'hb-a', 'Ask the mayor, @ana', '--as', 'ana']);
  expect((await run(['note', 'HB-A'])).out).toBe('2027-03-01 12:00 UTC  ana:\nAsk the mayor, @ana\n');
  await run(['views', 'Mine', '--filter', 'assigned=ana', '--mine', '--as', 'ana']);
  expect((await run(['views', '--as', 'ana'])).out).toBe('Mine  ana  assigned=ana\n');
  expect((await run(['views'])).out).toBe('There are no views yet.\n');
  expect((await run(['views', 'Mine'])).mistake).toContain('say what it shows');
  expect((await run(['views', 'Mine', '--remove', '--mine', '--as', 'ana'])).out).toBe('"Mine" is removed.\n');
});

test('contributions similar shows the same words first, then the nearest with how near they are', async () => {
  const run = await stage();
  expect((await run(['similar', 'hb-a'])).out).toBe('Nothing is known to be like HB-A.\n');
});
