import { expect, test } from 'vitest';
import { hearback } from '../support/hearback.ts';
import { isAllHandled } from '../support/kept.ts';
import { until } from '../support/wait.ts';

const look = (url: string) =>
  fetch(`${url}/health`).then(async (answer) => ({ status: answer.status, ...((await answer.json()) as object) }));

test('health tells that what people sent is kept and not handled, and when it is handled again', async () => {
  const { service } = await hearback();
  const { pool } = service.core.db;
  const inbound = {
    id: 'stuck',
    sender: { key: 'telegram:4711:9', channel: 'telegram', address: '9', name: null, language: 'en' },
    content: { kind: 'joined' },
    at: 0,
  };
  // Somebody works on the database by hand, and holds the row.
  const byHand = await pool.connect();
  await byHand.query('BEGIN');
  await byHand.query(
    `INSERT INTO inbound_update (id, state, person, payload, at)
     VALUES ('stuck', 'waiting', 'telegram:4711:9', $1, now() - interval '2 minutes')`,
    [inbound],
  );
  await byHand.query('COMMIT; BEGIN; SELECT FROM inbound_update FOR UPDATE');
  const reason = 'what people sent is kept, but has not been handled for more than a minute';
  await until('health to tell of what waits', async () => (await look(service.url)).status === 503);
  expect(await look(service.url)).toMatchObject({ ok: false, intake: { state: 'trouble', reason } });
  await byHand.query('COMMIT');
  byHand.release();
  await until('health to be fine again', async () => (await look(service.url)).status === 200);
  expect(await isAllHandled(pool)).toBe(true);
});
