import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ledger } from '../../src/contributions/ledger.ts';
import { quietWrite } from '../../src/conversation/effects.ts';
import { systemIds } from '../../src/core/clock.ts';
import { eraseAgain } from '../../src/people/eraseAgain.ts';
import type { Remains } from '../../src/people/erasure.ts';
import { createForgetList, noForgetList } from '../../src/people/forgetList.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import type { Database } from '../../src/store/database.ts';
import { createErasure } from '../../src/store/erasure.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createPersonRecords } from '../../src/store/record.ts';
import { createTurnStore } from '../../src/store/turns.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { columnsHeld, HELD } from '../support/held.ts';
import { temporaryFolder } from '../support/ownServer.ts';
import { columnsWith } from '../support/telltales.ts';

const TELLTALE = 'telltale';
const CONTRIBUTOR = '7e117a1e-0000-4000-8000-000000000001';

/** One person on two platforms, with a telltale in every column that can hold something of theirs; and somebody else. */
async function seed({ pool }: Database): Promise<void> {
  await pool.query(
    `INSERT INTO timeline (number, definition, hash, published_at) VALUES (1, '{}', '', now());
     INSERT INTO notice (id, kind, texts, on_uncertain, state, created_at) VALUES ('n', 'response', '{}', 'resend', 'running', now()), ('m', 'critical', '{}', 'hold', 'running', now());
     INSERT INTO member (id, name, roles) VALUES ('ana', 'Ana', '{organizer}');
     INSERT INTO identity (key, contributor_id, channel, address, name, language, consent_version, source, zone, stakeholder_group,
       place, topics, session, pacing, timeline_seen, language_chosen, consent_at, wants, timeout_at, busy_until, answer_at, remind_at, reminded_at)
     SELECT channel || ':bot:telltale' || n, '${CONTRIBUTOR}', channel, 'telltale-chat' || n, 'telltale', 'telltale', 'telltale', 'telltale',
       'telltale', 'citizen', 'telltale', '{telltale}', '{"answers": {"said": "telltale"}}', '{"held": "telltale"}', 1, true, now(), 'chosen', now(), now(), now(), now(), now()
     FROM (VALUES (1, 'telegram'), (2, 'slack')) AS v(n, channel);
     INSERT INTO consent_change (identity_id, change, words, version, at) SELECT id, 'given', 'telltale', 'telltale', now() FROM identity;
     INSERT INTO attendance (event, identity_id, answer, seat, since, at) SELECT 'opening', id, 'yes', 'seat', now(), now() FROM identity;
     INSERT INTO attachment (channel, ref, identity_id, state, bytes, reason) SELECT channel, 'telltale', id, 'kept', 'telltale', 'telltale' FROM identity;
     INSERT INTO member_identity (identity_key, member_id, code_hash) SELECT key, 'ana', 'telltale' FROM identity;
     INSERT INTO member_attempt (identity_key, wrong, since) SELECT key, 1, now() FROM identity;
     INSERT INTO inbound_update (id, state, person, payload, error)
     SELECT s || i.id, s, CASE WHEN s <> 'unreadable' THEN key END, CASE s
         WHEN 'unreadable' THEN to_jsonb(format('{"from": {"id": "%s"}, "text": "telltale"}', split_part(key, ':', 3))) ELSE '{"text": "telltale"}' END, 'telltale'
     FROM identity i, unnest('{waiting,failed,unreadable}'::text[]) AS s;
     INSERT INTO inbound_update (id) SELECT key || ':1' FROM identity;
     INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, fields, attachments, language, channel, source,
       attribution, attribution_name, state, parts, version, submitted_at, updated_at)
     SELECT gen_random_uuid(), concat_ws('-', 'HB', i.id, k, s), contributor_id, i.id, k, 'telltale', '{"problem": "telltale"}',
       '[{"ref": "telltale", "name": "telltale"}]', 'en', channel, 'telltale', 'name', 'telltale', s,
       '[{"messageId": "telltale", "at": 0, "length": 8}]', 2, now(), now()
     FROM identity i, unnest('{idea,comment}'::text[]) AS k, unnest('{received,triaged,decided,released,delivered,withdrawn}'::text[]) AS s;
     INSERT INTO contribution_version (contribution_id, version, text, fields, attachments, at)
     SELECT id, n, 'telltale', '{"problem": "telltale"}', '[{"ref": "telltale"}]', now() FROM contribution, generate_series(1, 2) AS n;
     INSERT INTO note (contribution_id, by, text, at) SELECT id, 'ana', 'telltale', now() FROM contribution;
     INSERT INTO contribution_search (contribution_id, process_id, configuration, folded, words, mark)
     SELECT id, process_id, 'simple', 'telltale', 'telltale', 'telltale' FROM contribution;
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, languages, translations, state, notice_id, created_at)
     SELECT gen_random_uuid(), id, 1, 'inclusion', 'telltale', 'telltale', 'telltale', 'telltale', 'telltale', '{"input": "telltale"}',
       '{"input": {"fr": "telltale"}}', CASE state WHEN 'decided' THEN 'approved' ELSE state END, 'n', now()
     FROM contribution WHERE state IN ('decided', 'released', 'delivered');
     INSERT INTO delivery (notice_id, identity_id, channel, payload, state, refs, revision)
     SELECT n.id, i.id, channel, '{"begun": "telltale", "responses": []}', CASE n.id WHEN 'n' THEN 'sent' ELSE 'sending' END, '[{"chat": "telltale"}]', 'telltale' FROM identity i, notice n;
     INSERT INTO delivery (identity_id, channel, address, payload, state, refs)
     SELECT id, channel, 'telltale', '["telltale"]', s, '[{"chat": "telltale"}]' FROM identity, unnest('{pending,sending,sent,uncertain}'::text[]) AS s;
     INSERT INTO proposal (id, contribution_id, decision, input, considered, influence, reason, beyond, by, at)
     SELECT gen_random_uuid(), id, 'inclusion', 'telltale', 'telltale', 'telltale', 'telltale', 'telltale', 'ana', now() FROM contribution WHERE state = 'received';
     INSERT INTO opinion (proposal_id, by, agrees, words, at) SELECT id, 'ben', false, 'telltale', now() FROM proposal;
     INSERT INTO interest (contribution_id, by, at) SELECT id, 'ben', now() FROM contribution;
     INSERT INTO decision_draft (member_id, contribution_id, fields, at)
     SELECT 'ana', id, '{"input": "telltale"}', now() FROM contribution WHERE state = 'received';
     INSERT INTO home_view (key, opened_at, checked_at, mark) SELECT key, now(), now(), 'telltale' FROM identity;
     INSERT INTO thread (id, reference, kind, identity_id, opened_at, due_at) SELECT gen_random_uuid(), 'HB-T' || id, 'question', id, now(), now() FROM identity;
     INSERT INTO thread_message (thread_id, text, attachments, language, message_id, earlier, at)
     SELECT id, 'telltale', '[{"ref": "telltale"}]', 'telltale', 'telltale', '[{"text": "telltale"}]', now() FROM thread;
     INSERT INTO identity (key, contributor_id, channel, address) VALUES ('telegram:bot:ana', gen_random_uuid(), 'telegram', 'ana');
     INSERT INTO delivery (thread_id, identity_id, channel, payload) SELECT t.id, i.id, i.channel, '["telltale"]' FROM thread t, identity i WHERE i.key = 'telegram:bot:ana'`,
  );
}

const told = ({ pool }: Database) => columnsWith(pool, [TELLTALE, CONTRIBUTOR]);

const CHOSEN = columnsHeld('chosen')
  .map((column) => column.replace('identity.', ''))
  .join();

/** What is known of somebody of whom nothing is known. */
async function newcomer({ pool }: Database) {
  const made = `INSERT INTO identity (key, contributor_id, channel, address) VALUES ('new', gen_random_uuid(), 'memory', '')`;
  return (await pool.query(`${made} RETURNING ${CHOSEN}`)).rows;
}

const erase = (db: Database, remains: Remains) => createErasure(db.pool, noForgetList).erase(CONTRIBUTOR, remains);

test('every column of the database is known to hold something of people, their words, or nothing', async () => {
  const { pool } = await freshDatabase();
  const { rows } = await pool.query<{ table: string; column: string }>(
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  );
  const tables = new Set(rows.map(({ table }) => table));
  const unknown = rows.filter(({ table, column }) => {
    const columns = HELD[table];
    return columns === undefined || (Object.keys(columns).length > 0 && columns[column] === undefined);
  });
  const place = 'Say in test/support/held.ts what it holds, and let src/store/erasure.ts erase it.';
  expect(
    unknown.map(({ table, column }) => `${table}.${column}`),
    place,
  ).toEqual([]);
  expect(
    Object.keys(HELD).filter((table) => !tables.has(table)),
    'There is no such table any more.',
  ).toEqual([]);
});

test('whoever wants to see what is held about them gets it from everywhere', async () => {
  const db = await freshDatabase();
  await seed(db);
  await db.pool.query('UPDATE response SET released_at = now()');
  const record = await createPersonRecords(db.pool).of(CONTRIBUTOR);
  // What is only proposed, or only drafted, is the forum's, as a decision that was not released, and what its members note; an index says nothing more.
  const apart = [
    'proposal',
    'opinion',
    'interest',
    'decision_draft',
    'contribution_search',
    'similar_contribution',
    'triage',
    'note',
  ];
  const tables = Object.entries(HELD).filter(
    ([name, columns]) => !apart.includes(name) && Object.keys(columns).length > 0,
  );
  expect(Object.keys(record).sort()).toEqual(tables.map(([table]) => table).sort());
  const shown = (column: string) => {
    const [table = '', name = ''] = column.split('.');
    return JSON.stringify((record[table] ?? []).map((row) => row[name])).includes(TELLTALE);
  };
  const columns = columnsHeld('theirs', 'words').filter(
    (column) => column !== 'attachment.bytes' && !apart.includes(column.split('.')[0] ?? ''),
  );
  const held = columns.filter((column) => !column.endsWith('contributor_id'));
  expect(held.filter((column) => !shown(column))).toEqual(['inbound_update.id']);
  expect(record.inbound_update).toHaveLength(6);
  expect(await createPersonRecords(db.pool).find(CONTRIBUTOR)).toMatchObject({ identities: 2, contributions: 24 });
});

test('of whoever has themselves erased with their words nothing is left anywhere', async () => {
  const db = await freshDatabase();
  await seed(db);
  expect(await told(db)).toEqual(columnsHeld('theirs', 'words').sort());
  expect(await erase(db, 'count')).toEqual({ identities: 2, contributions: 24 });
  expect(await told(db)).toEqual([]);
  const [fresh] = await newcomer(db);
  const { rows } = await db.pool.query(`SELECT ${CHOSEN} FROM identity WHERE status = 'erased'`);
  expect(rows).toEqual([fresh, fresh]);
});

test('whoever lets the forum keep their words leaves these alone, without themselves', async () => {
  const db = await freshDatabase();
  await seed(db);
  await erase(db, 'words');
  expect(await told(db)).toEqual(columnsHeld('words').sort());
  const { rows } = await db.pool.query(
    `SELECT kind, state, count(*)::int AS count, bool_or(text <> '') AS words FROM contribution
     WHERE reference LIKE 'HB-1-%' GROUP BY kind, state ORDER BY kind, state`,
  );
  expect(rows.filter(({ words }) => words).map(({ kind, state }) => `${kind} ${state}`)).toEqual(
    ['comment', 'idea'].flatMap((kind) =>
      ['decided', 'delivered', 'received', 'released', 'triaged'].map((state) => `${kind} ${state}`),
    ),
  );
  const versions = await db.pool.query(`SELECT DISTINCT version FROM contribution_version WHERE text <> ''`);
  expect(versions.rows).toEqual([{ version: 2 }]);
});

test('what was decided stays decided, what was not and has no words is taken back, and the ledger adds up', async () => {
  const db = await freshDatabase();
  await seed(db);
  const counts = async () => ledger(await createContributionStore(db.pool).counts());
  const before = await counts();
  await erase(db, 'count');
  const after = await counts();
  expect(after.total).toBe(before.total);
  expect(after.open).toBe(0);
  expect(after.rows.map(({ kind, states }) => [kind, states])).toEqual(
    before.rows.map(({ kind, states }) => [
      kind,
      { ...states, received: 0, triaged: 0, withdrawn: states.withdrawn + states.received + states.triaged },
    ]),
  );
  const { rows } = await db.pool.query('SELECT decision, count(*)::int AS count FROM response GROUP BY decision');
  expect(rows).toEqual([{ decision: 'inclusion', count: 12 }]);
});

test('what is under way to them goes no further, and every notice still adds up', async () => {
  const db = await freshDatabase();
  await seed(db);
  await erase(db, 'words');
  const { rows } = await db.pool.query(
    'SELECT notice_id AS notice, state, reason, count(*)::int AS count FROM delivery GROUP BY 1, 2, 3 ORDER BY 1, 2',
  );
  expect(rows).toEqual([
    { notice: 'm', state: 'skipped', reason: 'erased', count: 2 },
    { notice: 'n', state: 'sent', reason: null, count: 2 },
  ]);
});

test('nobody else loses anything', async () => {
  const db = await freshDatabase();
  const other = await addPerson(db);
  await addContribution(db, other, 'HB-OTHER');
  const all = async () =>
    (
      await db.pool.query(
        `SELECT (SELECT to_jsonb(i) FROM identity i WHERE id = $1) AS person,
           (SELECT to_jsonb(c) FROM contribution c WHERE identity_id = $1) AS said`,
        [other],
      )
    ).rows;
  const before = await all();
  await db.pool.query(
    `INSERT INTO identity (key, contributor_id, channel, address) VALUES ('memory:bot:1', '${CONTRIBUTOR}', 'memory', '1');
     INSERT INTO inbound_update (id, state, payload) VALUES ('theirs', 'unreadable', '{"from": 1}'), ('others', 'unreadable', '{"from": 12}')`,
  );
  await erase(db, 'count');
  expect(await all()).toEqual(before);
  const { rows } = await db.pool.query(`SELECT id, state FROM inbound_update ORDER BY id`);
  expect(rows).toEqual([
    { id: 'others', state: 'unreadable' },
    { id: 'theirs', state: 'done' },
  ]);
});

test('a turn that was under way when somebody was erased keeps nothing of them', async () => {
  const db = await freshDatabase();
  const [inbox, turns] = [createInbox(db.pool), createTurnStore(db.pool)];
  const sender = { key: 'memory:bot:1', channel: 'memory', address: '1', language: 'en', name: TELLTALE };
  const said = (id: string) => ({
    id,
    sender,
    content: { kind: 'text' as const, text: TELLTALE, messageId: '1' },
    at: 0,
  });
  await inbox.keep([said('1'), said('2')]);
  const known = (await inbox.next([sender.key], () => CONTRIBUTOR))[0]?.known ?? expect.unreachable();
  const write = quietWrite(said('1'), known, systemIds);
  await erase(db, 'count');
  expect(await turns.commit([{ ...write, session: { said: TELLTALE } }])).toEqual(new Map([['1', { kind: 'stale' }]]));
  expect(await told(db)).toEqual([]);
  expect(await inbox.next([sender.key], () => CONTRIBUTOR)).toEqual([]);
});

test('to be erased twice is to be erased, and one transaction that does not end erases nothing', async () => {
  const db = await freshDatabase();
  await seed(db);
  const failing = { ...noForgetList, add: () => Promise.reject(new Error('no room')) };
  await expect(createErasure(db.pool, failing).erase(CONTRIBUTOR, 'count')).rejects.toThrow('no room');
  expect(await told(db)).toEqual(columnsHeld('theirs', 'words').sort());
  await erase(db, 'count');
  expect(await erase(db, 'count')).toEqual({ identities: 0, contributions: 0 });
});

test('whoever is known again from a restored backup is erased again, as they had wished, and nobody who came back since', async () => {
  const db = await freshDatabase();
  const file = path.join(await temporaryFolder(), 'kept', 'erased.list');
  const list = createForgetList(file, async () => 'secret');
  for (const [at, name] of ['ana', 'ben', 'eve'].entries())
    await addContribution(db, await addPerson(db, { key: `memory:bot:${name}` }), `HB-${at}`);
  await db.pool.query(`UPDATE identity SET joined_at = '2027-01-01'`);
  await list.add(['memory:bot:ana'], 'words', new Date('2027-02-01'));
  await list.add(['memory:bot:ben'], 'count', new Date('2027-02-01'));
  await list.add(['memory:bot:eve'], 'count', new Date('2026-12-01'));
  expect(await readFile(file, 'utf8')).not.toContain('ana');
  expect(await eraseAgain(createErasure(db.pool, list), list)).toBe(2);
  const { rows } = await db.pool.query(
    'SELECT i.status, c.text FROM identity i JOIN contribution c ON c.identity_id = i.id ORDER BY i.id',
  );
  expect(rows).toEqual([
    { status: 'erased', text: 'What HB-0 says' },
    { status: 'erased', text: '' },
    { status: 'active', text: 'What HB-2 says' },
  ]);
  expect(await eraseAgain(createErasure(db.pool, list), list)).toBe(0);
});
