import { expect, test } from 'vitest';
import { join } from '../../src/sandbox/people.ts';
import { after, asks, hearback, receipt } from '../support/hearback.ts';
import { isAllHandled } from '../support/kept.ts';
import { startSlackService } from '../support/slackService.ts';
import { until } from '../support/wait.ts';

const OGG = Buffer.from('OggS\0\xff\r\n', 'latin1');
const PDF = Buffer.from('%PDF-1.7\r\n\0\xff', 'latin1');
const KEPT = 'SELECT state, bytes FROM attachment';

test('a voice on Telegram is kept when it arrives, with the contribution that it becomes', async () => {
  const { telegram, rows } = await hearback();
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  await after(ana, () => ana.voice(OGG), receipt);
  await until('the voice to be kept', async () => (await rows(KEPT)).some(({ state }) => state === 'kept'));
  telegram.forgetFiles();
  const found = await rows(
    `SELECT a.bytes FROM contribution c, jsonb_array_elements(c.attachments) AS f JOIN attachment a ON a.ref = f->>'ref'`,
  );
  expect(found).toEqual([{ bytes: OGG }]);
});

test('a file that the platform does not give at first is fetched later, and one that it never gives is told', async () => {
  const { telegram, rows } = await hearback();
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  await rows(
    `INSERT INTO attachment (channel, ref, identity_id) SELECT 'telegram', 'never-heard-of', id FROM identity`,
  );
  await after(ana, () => ana.voice(OGG), asks);
  await until('both to be decided', async () => (await rows(KEPT)).every(({ state }) => state !== 'wanted'));
  expect((await rows('SELECT state, ref FROM attachment ORDER BY id')).map(({ state }) => state)).toEqual([
    'refused',
    'kept',
  ]);
  await rows(`UPDATE attachment SET state = 'wanted', bytes = NULL, next_at = now() WHERE state = 'kept'`);
  await until('it to be fetched again', async () => (await rows(KEPT)).every(({ state }) => state !== 'wanted'));
  expect(await rows(`SELECT bytes FROM attachment WHERE state = 'kept'`)).toEqual([{ bytes: OGG }]);
});

test('documents on Slack are kept when they arrive', async () => {
  const { slack, service } = await startSlackService('socket');
  const { pool } = service.core.db;
  const given = ['map.pdf', 'plan.pdf'].map((name) => ({ name, mime: 'application/pdf', bytes: PDF }));
  await slack.user('UANA', { language: 'en' }).files(given, 'Here');
  await until('both to be kept', async () => (await pool.query(`${KEPT} WHERE state = 'kept'`)).rowCount === 2);
  expect((await pool.query(KEPT)).rows).toEqual([PDF, PDF].map((bytes) => ({ state: 'kept', bytes })));
});

test('what somebody sends who has stopped is not fetched', async () => {
  const { telegram, rows, service } = await hearback();
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  await after(ana, () => ana.command('/stop'));
  await ana.voice(OGG);
  await until('the voice to be handled', () => isAllHandled(service.core.db.pool));
  expect(await rows(KEPT)).toEqual([]);
});
