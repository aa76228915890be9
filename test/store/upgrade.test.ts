import { expect, test } from 'vitest';
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
