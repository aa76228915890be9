import { expect, test } from 'vitest';
import { storedAudience } from '../../src/notices/audience/reader.ts';
import { databaseBefore } from '../support/upgrade.ts';

test('notices of which only the origin said what they are have a kind of their own after an update', async () => {
  const { client, upgrade } = await databaseBefore('_notice_kinds');
  const insert = `INSERT INTO notice (id, kind, texts, audience, on_uncertain, origin, created_at) VALUES ($1, $2, '{}', $3, 'hold', $4, now())`;
  for (const [id, kind, audience, origin] of [
    ['a', 'announcement', '"everyone"', null],
    ['first', 'announcement', '"everyone"', 'timeline:1'],
    ['change', 'announcement', '{"told": 2}', 'timeline:2'],
    ['date', 'reminder', '"everyone"', 'reminder:stage_opens:s:2027-03-01'],
    ['seat', 'critical', '{"channel": "none"}', 'seat:opening:7:1'],
    ['turn', 'question', '"everyone"', 'repeat:a:2027-03-01T09:00'],
  ])
    await client.query(insert, [id, kind, audience, origin]);
  await upgrade();
  const { rows } = await client.query('SELECT id, kind, turn_of FROM notice');
  expect(Object.fromEntries(rows.map(({ id, kind, turn_of }) => [id, [kind, turn_of]]))).toEqual({
    a: ['announcement', null],
    first: ['timeline', null],
    change: ['timeline_change', null],
    date: ['timeline_reminder', null],
    seat: ['seat', null],
    turn: ['question', 'a'],
  });
});

test('audiences that were trees of conditions are the expressions that mean the same after an update', async () => {
  const { client, upgrade } = await databaseBefore('_audience_expressions');
  const written = {
    everyone: ['"everyone"', 'everyone'],
    one: ['{"language": ["es"]}', 'language == "es"'],
    loose: [
      '{"language": "es", "channel": ["slack", "telegram"]}',
      'channel in ["slack", "telegram"] && language == "es"',
    ],
    tree: [
      '{"all": [{"received": "a1"}, {"not": {"any": [{"took_part": true}, {"unseen_days": 30}]}}, {"not": {"place": ["a \\"b\\""]}}]}',
      'received("a1") && !(took_part || unseen_days >= 30) && !(place == "a \\"b\\"")',
    ],
    deeds: ['{"answered": ["trust", "waste"], "heard_back": false}', 'answered("trust", "waste") && !heard_back'],
    text: ['{"any": ["took_part", {"group": ["cso"]}]}', '(took_part) || group == "cso"'],
    change: ['{"told": 2}', null],
  };
  for (const [id, [audience]] of Object.entries(written))
    await client.query(
      `INSERT INTO notice (id, kind, texts, audience, on_uncertain, created_at) VALUES ($1, $2, '{}', $3, 'hold', now())`,
      [id, id === 'change' ? 'timeline_change' : 'announcement', audience],
    );
  await upgrade();
  const { rows } = await client.query<{ id: string; audience: string | null }>('SELECT id, audience FROM notice');
  expect(Object.fromEntries(rows.map(({ id, audience }) => [id, audience]))).toEqual(
    Object.fromEntries(Object.entries(written).map(([id, [, expression]]) => [id, expression])),
  );
  for (const { audience } of rows) if (audience !== null) expect(storedAudience(audience)).toBeDefined();
});

test('what people replied to responses goes on as threads under the same references after an update, and what was decided on stays', async () => {
  const { client, upgrade } = await databaseBefore('_threads');
  const [identity] = (
    await client.query(
      `INSERT INTO identity (key, contributor_id, channel, address) VALUES ('k', gen_random_uuid(), 'telegram', '1') RETURNING id`,
    )
  ).rows;
  const said = async (reference: string, kind: string, reply: string | null, to: string | null, state = 'received') => {
    const { rows } = await client.query(
      `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, fields, language, channel, state, reply_to, submitted_at, updated_at)
       SELECT gen_random_uuid(), $1, contributor_id, id, $2, $1 || ' said', $3, 'en', 'telegram', $4, $5, now(), now() FROM identity WHERE id = $6 RETURNING id`,
      [reference, kind, JSON.stringify(reply === null ? {} : { reply }), state, to, identity.id],
    );
    await client.query(
      `INSERT INTO contribution_version (contribution_id, version, text, fields, at) VALUES ($1, 1, '', '{}', now())`,
      [rows[0].id],
    );
    return rows[0].id as string;
  };
  const decided = async (contribution: string) =>
    (
      await client.query(
        `INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, created_at)
         VALUES (gen_random_uuid(), $1, 1, 'rejection', 'i', 'c', 'f', 'r', 'b', now()) RETURNING id`,
        [contribution],
      )
    ).rows[0].id as string;
  const response = await decided(await said('HB-IDEA', 'idea', null, null, 'delivered'));
  await said('HB-CLEAR', 'reply', 'clear', response);
  await said('HB-WHY', 'reply', 'question', response);
  await said('HB-NO', 'reply', 'disagree', response, 'withdrawn');
  await decided(await said('HB-OLD', 'reply', 'disagree', response, 'delivered'));
  await upgrade();
  expect((await client.query('SELECT reference, kind FROM contribution ORDER BY 1')).rows).toEqual([
    { reference: 'HB-IDEA', kind: 'idea' },
    { reference: 'HB-OLD', kind: 'comment' },
  ]);
  const threads = await client.query(
    `SELECT t.reference, t.kind, t.state, m.text, t.response_id = $1 AS about, m.told_at IS NULL AS untold
     FROM thread t JOIN thread_message m ON m.thread_id = t.id ORDER BY 1`,
    [response],
  );
  expect(threads.rows).toEqual([
    { reference: 'HB-NO', kind: 'disagreement', state: 'closed', text: 'HB-NO said', about: true, untold: false },
    { reference: 'HB-WHY', kind: 'question', state: 'open', text: 'HB-WHY said', about: true, untold: true },
  ]);
  expect(
    (await client.query('SELECT accepted_at IS NOT NULL AS so FROM response WHERE id = $1', [response])).rows,
  ).toEqual([{ so: true }]);
});
