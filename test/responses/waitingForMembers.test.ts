import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { OutboundMessage } from '../../src/core/message.ts';
import { parseProcess } from '../../src/process/process.ts';
import { createWaitingNews } from '../../src/responses/waitingForMembers.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { createThreads } from '../../src/store/threads.ts';
import { createThreadTelling } from '../../src/store/threadTelling.ts';
import { createWaitingTelling } from '../../src/store/waitingTelling.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { addMembers } from '../support/happens.ts';
import { addProposals } from '../support/proposals.ts';
import { addThread } from '../support/threads.ts';

const EXAMPLE = 'flows/example.process.yaml';
/** A day in Madrid, where it is ten o'clock. */
const MORNING = Date.parse('2027-02-02T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Members ana and ben of the forum and olga, who organizes, each with a chat; quiet hours by night; ideas HB-1, HB-2... */
async function stage(ideas: number) {
  const db = await freshDatabase();
  const process = parseProcess(await readFile(EXAMPLE, 'utf8'), EXAMPLE);
  await createProcesses(db).apply({ ...process, quietHours: { from: '21:00', to: '08:00' } });
  await addMembers(db.pool, { ana: ['forum'], ben: ['forum'], olga: ['organizer'] });
  for (const id of ['ana', 'ben', 'olga']) {
    await addPerson(db, { key: `telegram:bot:${id}`, channel: 'telegram' });
    await db.pool.query(`INSERT INTO member_identity (identity_key, member_id) VALUES ($1, $2)`, [
      `telegram:bot:${id}`,
      id,
    ]);
  }
  const person = await addPerson(db);
  const references = Array.from({ length: ideas }, (_, index) => `HB-${index + 1}`);
  for (const reference of references) await addContribution(db, person, reference);
  let now = MORNING;
  const waiting = createWaitingNews({
    waiting: createWaitingTelling(db.pool),
    queue: { retryReplies: () => undefined },
    phrasesIn: () => (key, values) => [key, ...Object.values(values ?? {})].join(' '),
    process: async () => ({ languages: ['en'], timeZone: 'Europe/Madrid' }),
    secret: 'secret',
    clock: () => now,
  });
  /** What each member is told at that moment: `ben: waiting_proposals 2`. */
  async function told(at: number): Promise<string[]> {
    now = at;
    await waiting();
    const { rows } = await db.pool.query<{ name: string; payload: OutboundMessage[] }>(
      `DELETE FROM delivery d USING identity i WHERE i.id = d.identity_id
       RETURNING split_part(i.key, ':', 3) AS name, d.payload`,
    );
    return rows.map(({ name, payload: [message] }) => `${name}: ${message?.blocks[1]?.text}`).sort();
  }
  return { db, person, references, told };
}

test('six hundred proposals in a row are one message to each who may confirm them, and none to whoever proposed them', async () => {
  const { db, references, told } = await stage(600);
  await addProposals(db, 'ana', references, new Date(MORNING));
  expect(await told(MORNING + 5 * MINUTE)).toEqual([]);
  expect(await told(MORNING + 61 * MINUTE)).toEqual(['ben: waiting_proposals 600']);
  expect(await told(MORNING + 11 * HOUR)).toEqual([]);
});

test('a few are told when nothing has been added for ten minutes; what comes after waits for the next day, and for the end of the night', async () => {
  const { db, told } = await stage(3);
  await addProposals(db, 'ana', ['HB-1', 'HB-2'], new Date(MORNING));
  expect(await told(MORNING + 10 * MINUTE)).toEqual([]);
  expect(await told(MORNING + 11 * MINUTE)).toEqual(['ben: waiting_proposals 2']);
  await addProposals(db, 'ana', ['HB-3'], new Date(MORNING + HOUR));
  expect(await told(MORNING + 12 * HOUR)).toEqual([]);
  // Three in the morning, then eight.
  expect(await told(MORNING + 17 * HOUR)).toEqual([]);
  expect(await told(MORNING + 22 * HOUR)).toEqual(['ben: waiting_proposals 3']);
  // What was told is not told again.
  expect(await told(MORNING + 46 * HOUR)).toEqual([]);
});

test('whoever has stopped, or is in the middle of something, is not told', async () => {
  const { db, told } = await stage(1);
  await addProposals(db, 'ana', ['HB-1'], new Date(MORNING));
  const ben = (set: string) => db.pool.query(`UPDATE identity SET ${set} WHERE key = 'telegram:bot:ben'`);
  await ben(`status = 'stopped'`);
  expect(await told(MORNING + HOUR)).toEqual([]);
  await ben(`status = 'active', busy_until = '2027-02-02T12:00Z'`);
  expect(await told(MORNING + 2 * HOUR)).toEqual([]);
  expect(await told(MORNING + 4 * HOUR)).toEqual(['ben: waiting_proposals 1']);
});

test('people who wait are told two days before their answer is due, and when it is, to whoever is to answer them', async () => {
  const { db, person, told } = await stage(1);
  const due = (day: string) => new Date(`${day}T09:30:00Z`);
  await addThread(db, person, 'HB-AAAAAAA', { dueAt: due('2027-02-09') });
  await addThread(db, person, 'HB-CCCCCCC', { kind: 'disagreement', dueAt: due('2027-02-10') });
  await addThread(db, person, 'HB-DDDDDDD', { state: 'answered', dueAt: due('2027-02-04') });
  const at = (day: string) => due(day).getTime() + HOUR;
  expect(await told(at('2027-02-02'))).toEqual([]);
  expect(await told(at('2027-02-07'))).toEqual(['olga: waiting_people 1 0\nwaiting_due Tuesday 9 February']);
  expect(await told(at('2027-02-08'))).toEqual([
    'ana: waiting_people 1 0\nwaiting_due Wednesday 10 February',
    'ben: waiting_people 1 0\nwaiting_due Wednesday 10 February',
  ]);
  await db.pool.query(`UPDATE thread SET assigned = 'ben' WHERE kind = 'disagreement'`);
  expect(await told(at('2027-02-10'))).toEqual(['ben: waiting_people 1 1', 'olga: waiting_people 1 1']);
  expect(await told(at('2027-02-11'))).toEqual([]);
});

test('what is said in a thread by night waits for the morning of its reader, unless they have just spoken', async () => {
  const { db, person } = await stage(0);
  await addThread(db, person, 'HB-AAAAAAA');
  const night = new Date('2027-02-02T22:30:00Z');
  await db.pool.query(
    `UPDATE identity SET seen_at = $2::timestamptz - CASE WHEN id = $1 THEN interval '0' ELSE interval '1 hour' END`,
    [person, night.toISOString()],
  );
  await createThreadTelling(db.pool).tell(10, night, () => ({}));
  const threads = createThreads(db.pool);
  const held = await threads.hold('HB-AAAAAAA');
  if (held) await threads.tell(held, [{}], night);
  const { rows } = await db.pool.query(
    `SELECT i.key LIKE 'telegram%' AS member, d.not_before AS at FROM delivery d JOIN identity i ON i.id = d.identity_id ORDER BY d.id`,
  );
  expect(rows).toEqual([
    { member: true, at: new Date('2027-02-03T07:00:00Z') },
    { member: false, at: null },
  ]);
});
