import { expect, test } from 'vitest';
import { type KeptSince, keptSince, RETENTION } from '../../src/process/retention.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import type { Database } from '../../src/store/database.ts';
import { createRetention } from '../../src/store/retention.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';

const LONG_AGO = '2000-01-01';

/** Lets go of what is older than a day, of all kinds or of these. */
const retain = ({ pool }: Database, day: string, kinds: (keyof KeptSince)[] = ['inbox', 'replies']) => {
  const since = Object.keys(RETENTION).map((kind) => [
    kind,
    new Date((kinds as string[]).includes(kind) ? day : LONG_AGO),
  ]);
  return createRetention(pool)(Object.fromEntries(since));
};

test('a file goes that nobody gave to the forum; those of contributions, also what others have replaced there, and of open conversations stay', async () => {
  const db = await freshDatabase();
  const person = await addPerson(db);
  const file = (ref: string) => ({ kind: 'photo' as const, ref, mime: null, name: null, size: null });
  await addContribution(db, person, 'HB-PHOTO', { attachments: [file('given')] });
  await db.pool.query(`UPDATE identity SET session = $1`, [{ answers: { files: [file('open')] } }]);
  await db.pool.query(
    `INSERT INTO attachment (channel, ref, identity_id, state, needed_at)
     SELECT 'memory', ref, $1::bigint, 'kept', at::timestamptz
     FROM (VALUES ('given', '2027-01-07'), ('open', '2027-01-07'), ('left', '2027-01-07'), ('replaced', '2027-01-07'), ('new', '2027-01-09')) AS v(ref, at)`,
    [person],
  );
  await db.pool.query(
    `INSERT INTO contribution_version (contribution_id, version, text, fields, attachments, at)
     SELECT id, 1, '', '{}', $1, now() FROM contribution`,
    [JSON.stringify([file('replaced')])],
  );
  expect(await retain(db, '2027-01-08')).toBe(1);
  const left = async () => (await db.pool.query('SELECT ref FROM attachment ORDER BY id')).rows.map(({ ref }) => ref);
  expect(await left()).toEqual(['given', 'open', 'replaced', 'new']);
  await db.pool.query(`UPDATE identity SET session = NULL`);
  expect(await retain(db, '2027-01-08')).toBe(0);
  await retain(db, '2027-01-16');
  expect(await left()).toEqual(['given', 'replaced']);
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
  expect(await retain(db, '2027-01-08')).toBe(1);
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
    `INSERT INTO delivery (identity_id, channel, state, receipt, created_at, settled_at)
     SELECT id, channel, 'sent', true, '2027-01-01', '2027-01-01' FROM identity`,
  );
  await db.pool.query(
    `INSERT INTO inbound_update (id, at, state) VALUES ('old', '2027-01-01', 'done'), ('new', '2027-01-09', 'done'),
       ('failed', '2027-01-01', 'failed'), ('odd', '2027-01-01', 'unreadable'), ('odder', '2026-12-01', 'unreadable')`,
  );
  expect(await retain(db, '2027-01-08', ['inbox', 'replies'])).toBe(3);
  expect(await retain(db, '2026-12-16', ['unreadable'])).toBe(1);
  const updates = await db.pool.query('SELECT id FROM inbound_update ORDER BY id');
  expect(updates.rows.map((row) => row.id)).toEqual(['failed', 'new', 'odd']);
  const left = await db.pool.query('SELECT notice_id AS notice, state FROM delivery ORDER BY id');
  expect(left.rows).toEqual([
    { notice: 'old', state: 'sent' },
    { notice: null, state: 'sent' },
    { notice: null, state: 'pending' },
    { notice: null, state: 'sending' },
    { notice: null, state: 'sent' },
  ]);
});

/** Somebody with an idea in each state, of a process that was closed, and what was said to them. */
async function withClosed(): Promise<Database> {
  const db = await freshDatabase();
  const person = await addPerson(db);
  const file = { kind: 'photo' as const, ref: 'photo', mime: 'image/png', name: 'me.png', size: 3, messageId: '7' };
  for (const state of ['received', 'delivered', 'withdrawn'] as const)
    await addContribution(db, person, `HB-${state}`, { state, attachments: [file] });
  await db.pool.query(
    `UPDATE process SET closed_at = '2027-01-01';
     UPDATE contribution SET attribution = 'name', attribution_name = 'Ana', parts = '[{"messageId": "7", "at": 0, "length": 4}]';
     INSERT INTO attachment (channel, ref, identity_id, state, bytes, needed_at) SELECT channel, 'photo', id, 'kept', 'x', '2027-01-01' FROM identity;
     INSERT INTO notice (id, kind, texts, on_uncertain, state, done_at, created_at) VALUES ('n', 'response', '{}', 'resend', 'done', '2027-01-01', now());
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, state, notice_id, created_at)
     SELECT gen_random_uuid(), id, 1, 'inclusion', 'i', 'c', 'f', 'r', 'b', 'delivered', 'n', now() FROM contribution WHERE state = 'delivered';
     INSERT INTO thread (id, reference, kind, state, identity_id, contribution_id, opened_at, due_at)
     SELECT gen_random_uuid(), 'HB-THREAD', 'question', 'answered', identity_id, id, now(), now() FROM contribution WHERE state = 'delivered';
     INSERT INTO thread_message (thread_id, text, message_id, attachments, at)
     SELECT t.id, 'Why?', '7', c.attachments, now() FROM thread t JOIN contribution c ON c.id = t.contribution_id;
     INSERT INTO delivery (notice_id, identity_id, channel, state, refs, payload)
     SELECT 'n', i.id, i.channel, 'sent', '[{"chat": "c"}]', jsonb_build_object('responses', (SELECT jsonb_agg(id) FROM response)) FROM identity i;
     INSERT INTO delivery (identity_id, channel, state, receipt, refs)
     SELECT identity_id, channel, 'sent', true, jsonb_build_array(jsonb_build_object('id', '1', 'contribution', reference)) FROM contribution`,
  );
  return db;
}

test('what was answered has no author any more when so long has passed since its process was closed; what is owed keeps its own', async () => {
  const db = await withClosed();
  const all = async () =>
    (
      await db.pool.query(
        `SELECT c.reference, c.text <> '' AS words, i.status, c.attribution_name AS name, c.parts->0->>'messageId' AS message,
           c.attachments->0->>'messageId' AS file
         FROM contribution c JOIN identity i ON i.id = c.identity_id ORDER BY 1`,
      )
    ).rows;
  const before = await all();
  await retain(db, '2026-12-31', ['authors']);
  expect(await all()).toEqual(before);
  await retain(db, '2027-01-02', ['authors']);
  expect(await all()).toEqual([
    { reference: 'HB-delivered', words: true, status: 'erased', name: null, message: null, file: null },
    { reference: 'HB-received', words: true, status: 'active', name: 'Ana', message: '7', file: '7' },
    { reference: 'HB-withdrawn', words: true, status: 'erased', name: null, message: null, file: null },
  ]);
  const asked = `SELECT i.status, m.text, m.message_id AS message, m.attachments->0->>'messageId' AS file FROM thread t JOIN identity i ON i.id = t.identity_id JOIN thread_message m ON m.thread_id = t.id`;
  expect((await db.pool.query(asked)).rows).toEqual([{ status: 'erased', text: 'Why?', message: null, file: null }]);
  const together = await db.pool.query('SELECT count(DISTINCT contributor_id)::int AS people FROM contribution');
  expect(together.rows).toEqual([{ people: 2 }]);
  expect((await db.pool.query('SELECT state, payload FROM delivery WHERE NOT receipt')).rows).toEqual([
    { state: 'sent', payload: null },
  ]);
  const receipts = await db.pool.query(`SELECT refs->0->>'contribution' AS of FROM delivery WHERE receipt`);
  expect(receipts.rows).toEqual([{ of: 'HB-received' }]);
  expect((await createContributionStore(db.pool).counts()).reduce((sum, { count }) => sum + count, 0)).toBe(3);
});

test('files of a closed process go in time, and that there was one stays', async () => {
  const db = await withClosed();
  await retain(db, '2027-01-02', ['attachments', 'inbox']);
  expect((await db.pool.query('SELECT ref FROM attachment')).rows).toEqual([]);
  const left = 'SELECT attachments FROM contribution UNION SELECT attachments FROM thread_message';
  expect((await db.pool.query(left)).rows).toEqual([
    { attachments: [{ kind: 'photo', ref: '', mime: null, name: null, size: null }] },
  ]);
});

test('where a notice stands in each chat, and what somebody has left unfinished, goes in time', async () => {
  const db = await withClosed();
  await db.pool.query(
    `UPDATE identity SET session = '{"answers": {"said": "draft"}}', turn = 4, seen_at = '2027-01-01'`,
  );
  await retain(db, '2027-01-02', ['deliveries', 'sessions']);
  expect((await db.pool.query('SELECT state, refs FROM delivery WHERE NOT receipt')).rows).toEqual([
    { state: 'sent', refs: null },
  ]);
  expect((await db.pool.query('SELECT session, turn FROM identity')).rows).toEqual([{ session: null, turn: 5 }]);
});

test('a process says for how long, by the calendar; what it leaves out has a period of its own', () => {
  const now = Date.parse('2027-03-31T12:00:00Z');
  const since = keptSince({ retention: { sessions: 'P1M', authors: undefined } }, now);
  expect(since).toMatchObject({
    sessions: new Date('2027-02-28T12:00:00Z'),
    inbox: new Date('2027-03-24T12:00:00Z'),
    authors: new Date('2025-03-31T12:00:00Z'),
  });
});
