import { expect, test } from 'vitest';
import { openReading } from '../../../src/compose/reading.ts';
import { viewsOf } from '../../../src/compose/views.ts';
import { addThreadsCommands } from '../../../src/interfaces/cli/threads.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { acting, audited } from '../../support/actions.ts';
import { addPerson } from '../../support/contributions.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers } from '../../support/happens.ts';
import { heardAt } from '../../support/terminal.ts';
import { addThread } from '../../support/threads.ts';

const NOW = Date.parse('2027-03-01T12:00Z');

/** The commands on a database with two who wait and one who was answered. */
async function stage() {
  const db = await freshDatabase();
  await addMembers(db.pool, { ana: ['organizer'], ben: ['forum'] });
  const person = await addPerson(db);
  await addThread(db, person, 'HB-AAAAAAA', { text: 'Who decides?', dueAt: new Date('2027-03-08T12:00Z') });
  await addThread(db, person, 'HB-CCCCCCC', {
    kind: 'disagreement',
    text: 'No!',
    dueAt: new Date('2027-03-05T12:00Z'),
  });
  await addThread(db, person, 'HB-DDDDDDD', { state: 'answered' });
  const wiring = {
    ...{
      views: viewsOf(db),
      processes: createProcesses(db),
      read: openReading(db, () => NOW),
      close: async () => undefined,
    },
    actions: async () => acting(db, { clock: () => NOW }),
  };
  const run = (line: string[], keys?: string) =>
    heardAt(
      (program, streams) => addThreadsCommands(program, async () => wiring, streams),
      ['threads', ...line],
      keys === undefined ? undefined : { asked: /Send it|Close it/, keys },
    );
  return { db, run };
}

test('threads list shows who waits, the longest due first, and threads show what was said', async () => {
  const { run } = await stage();
  const lines = (await run(['list'])).out.trimEnd().split('\n');
  expect(lines.map((line) => line.slice(0, 10))).toEqual(['HB-CCCCCCC', 'HB-AAAAAAA']);
  expect(lines[1]).toMatch(/^HB-AAAAAAA +open +question .*due 2027-03-08 +Who decides\?$/);
  const all = JSON.parse((await run(['list', '--all', '--json'])).out);
  expect(all).toHaveLength(3);
  expect(all[0]).toMatchObject({ reference: 'HB-CCCCCCC', kind: 'disagreement', state: 'open', said: 'No!' });
  expect(all[0]).not.toHaveProperty('id');
  expect((await run(['show', 'hb-aaaaaaa'])).out).toContain('HB-AAAAAAA: a question, open; due 2027-03-08');
  expect((await run(['list', '--state', 'opne'])).mistake).toContain('Did you mean "open"?');
  expect((await run(['show', 'HB-NONE'])).mistake).toContain('There is no question HB-NONE');
});

test('threads show --json is what was said, and threads close --json what was closed, each without ids of ours', async () => {
  const { run } = await stage();
  const thread = JSON.parse((await run(['show', 'HB-AAAAAAA', '--json'])).out);
  expect(thread).toMatchObject({
    reference: 'HB-AAAAAAA',
    kind: 'question',
    state: 'open',
    about: null,
    assigned: null,
  });
  expect(thread.messages).toEqual([
    { by: null, text: 'Who decides?', attachments: [], earlier: [], at: expect.any(String) },
  ]);
  expect(thread).not.toHaveProperty('id');
  const closed = await run(['close', 'HB-AAAAAAA', '--yes', '--json']);
  expect([closed.err, JSON.parse(closed.out)]).toEqual(['', { reference: 'HB-AAAAAAA', reached: true }]);
  const handed = await run(['hand', 'HB-CCCCCCC', '--to', 'ben', '--json']);
  expect(JSON.parse(handed.out)).toEqual({ reference: 'HB-CCCCCCC', to: 'ben' });
  const states = JSON.parse((await run(['list', '--all', '--json'])).out) as Record<string, string>[];
  expect(states.map(({ reference, state, closedBy }) => [reference, state, closedBy])).toEqual([
    ['HB-CCCCCCC', 'open', null],
    ['HB-AAAAAAA', 'closed', 'operator'],
    ['HB-DDDDDDD', 'answered', null],
  ]);
});

test('threads answer sends plain words once somebody has agreed to it, as the member who says so', async () => {
  const { db, run } = await stage();
  expect((await run(['answer', 'HB-AAAAAAA', 'The forum.'])).mistake).toContain('Say --yes to send it.');
  const answered = await run(['answer', 'HB-AAAAAAA', 'The forum.', '--as', 'ana', '--yes', '--json']);
  expect(JSON.parse(answered.out)).toEqual({ reference: 'HB-AAAAAAA', reached: true });
  expect((await run(['answer', 'HB-CCCCCCC', 'Why?', '--as', 'ana', '--yes'])).mistake).toContain(
    'it takes a member with the role forum',
  );
  const { rows } = await db.pool.query(
    'SELECT d.state, d.payload, t.state AS is FROM delivery d JOIN thread t ON t.id = d.thread_id',
  );
  expect(rows).toMatchObject([{ state: 'pending', is: 'answered', payload: [{ blocks: [{ text: 'The forum.' }] }] }]);
  expect(await audited(db)).toEqual(['ana threads.answer done', 'ana threads.answer refused']);
});

test('threads answer says before it asks that the person does not read the language of the answer', async () => {
  const { db, run } = await stage();
  await db.pool.query(`UPDATE identity SET language = 'fr'`);
  const asked = await run(['answer', 'HB-AAAAAAA', 'La reunión es el domingo a las diez en el ayuntamiento.']);
  expect(asked.out).toContain('They read French; your answer is in Spanish, and is marked so for them.');
  expect((await run(['answer', 'HB-AAAAAAA', 'Le forum lit ce que vous envoyez.'])).out).not.toContain('They read');
});

test('threads hand gives it to a member who may answer it, and threads close asks before it leaves somebody without an answer', async () => {
  const { db, run } = await stage();
  expect((await run(['hand', 'HB-CCCCCCC', '--to', 'ana'])).mistake).toContain('ana may not answer a disagreement');
  expect((await run(['hand', 'HB-CCCCCCC', '--to', 'ben'])).out).toContain('ben answers HB-CCCCCCC now');
  expect((await run(['close', 'HB-CCCCCCC'])).mistake).toContain('Nothing was closed');
  expect((await run(['close', 'HB-CCCCCCC', '--as', 'ben', '--yes'])).out).toBe('HB-CCCCCCC is closed.\n');
  const { rows } = await db.pool.query(`SELECT state, assigned, closed_by FROM thread WHERE reference = 'HB-CCCCCCC'`);
  expect(rows).toEqual([{ state: 'closed', assigned: 'ben', closed_by: 'ben' }]);
});
