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
