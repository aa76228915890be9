import { expect, test } from 'vitest';
import { createRetention } from '../../src/store/retention.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';

test('a file goes that nobody gave to the forum; those of contributions and of open conversations stay', async () => {
  const db = await freshDatabase();
  const person = await addPerson(db);
  const file = (ref: string) => ({ kind: 'photo' as const, ref, mime: null, name: null, size: null });
  await addContribution(db, person, 'HB-PHOTO', { attachments: [file('given')] });
  await db.pool.query(`UPDATE identity SET session = $1`, [{ answers: { files: [file('open')] } }]);
  await db.pool.query(
    `INSERT INTO attachment (channel, ref, identity_id, state, needed_at)
     SELECT 'memory', ref, $1::bigint, 'kept', at::timestamptz
     FROM (VALUES ('given', '2027-01-07'), ('open', '2027-01-07'), ('left', '2027-01-07'), ('new', '2027-01-09')) AS v(ref, at)`,
    [person],
  );
  expect(await createRetention(db.pool)(new Date('2027-01-08'))).toBe(1);
  const left = async () => (await db.pool.query('SELECT ref FROM attachment ORDER BY id')).rows.map(({ ref }) => ref);
  expect(await left()).toEqual(['given', 'open', 'new']);
  await db.pool.query(`UPDATE identity SET session = NULL`);
  expect(await createRetention(db.pool)(new Date('2027-01-08'))).toBe(0);
  await createRetention(db.pool)(new Date('2027-01-16'));
  expect(await left()).toEqual(['given']);
});

test('a file that two people have sent stays for the one who gave it to the forum', async () => {
  const db = await freshDatabase();
  const people = [await addPerson(db), await addPerson(db)];
  const file = { kind: 'document' as const, ref: 'shared', mime: null, name: null, size: null };
  await addContribution(db, people[1] ?? '', 'HB-SHARED', { attachments: [file] });
  for (const person of people)
    await db.pool.query(
      `INSERT INTO attachment (channel, ref, identity_id, state, bytes, needed_at) VALUES ('memory', 'shared', $1, 'kept', 'x', '2027-01-01')`,
      [person],
    );
  expect(await createRetention(db.pool)(new Date('2027-01-08'))).toBe(1);
  const { rows } = await db.pool.query('SELECT identity_id AS person FROM attachment');
  expect(rows).toEqual([{ person: people[1] }]);
});

test('what has served, or was a reply that could not go, is gone after a week; what is owed, counted or never handled stays', async () => {
  const db = await freshDatabase();
  await seedPeople(db, 1);
  await seedNotice(db, 'old');
  await db.pool.query(`UPDATE delivery SET state = 'sent', created_at = '2027-01-01', settled_at = '2027-01-01'`);
  await db.pool.query(
    `INSERT INTO delivery (identity_id, channel, payload, state, created_at, settled_at)
     SELECT id, channel, '["reply"]', state, at::timestamptz, CASE WHEN state = 'sent' THEN at::timestamptz END
     FROM identity, (VALUES ('sent', '2027-01-01'), ('sent', '2027-01-09'), ('pending', '2027-01-01'), ('pending', '2027-01-09'),
       ('sending', '2027-01-01')) AS v(state, at)`,
  );
  await db.pool.query(
    `INSERT INTO inbound_update (id, at, state) VALUES ('old', '2027-01-01', 'done'), ('new', '2027-01-09', 'done'),
       ('failed', '2027-01-01', 'failed'), ('odd', '2027-01-01', 'unreadable'), ('odder', '2026-12-01', 'unreadable')`,
  );
  expect(await createRetention(db.pool)(new Date('2027-01-08'))).toBe(4);
  const updates = await db.pool.query('SELECT id FROM inbound_update ORDER BY id');
  expect(updates.rows.map((row) => row.id)).toEqual(['failed', 'new', 'odd']);
  const left = await db.pool.query('SELECT notice_id AS notice, state FROM delivery ORDER BY id');
  expect(left.rows).toEqual([
    { notice: 'old', state: 'sent' },
    { notice: null, state: 'sent' },
    { notice: null, state: 'pending' },
    { notice: null, state: 'sending' },
  ]);
});
