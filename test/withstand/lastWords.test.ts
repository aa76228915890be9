import { expect, onTestFinished, test } from 'vitest';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { freshDatabase } from '../support/database.ts';
import { agreed, asks, hears } from '../support/people.ts';
import { startProcess } from '../support/service.ts';
import { columnsWith } from '../support/telltales.ts';
import { until } from '../support/wait.ts';

const ID = 770_012_345;

/** Somebody who takes part, and a service that is killed before a last reply of it could go out. */
async function stage() {
  const { url, pool } = await freshDatabase();
  const telegram = await startTelegramSandbox();
  onTestFinished(() => telegram.close());
  const env = { DATABASE_URL: url, TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  await agreed(pool, 'telegram', 1, ID - 1);
  const ana = telegram.user(ID, { language: 'en', name: 'Wilhelmina' });
  const running = await startProcess(env);
  const waitsIn = async (status: string) => {
    const { rowCount } = await pool.query(
      `SELECT FROM delivery d JOIN identity i ON i.id = d.identity_id
       WHERE i.status = $1 AND d.state IN ('pending', 'sending') AND d.attempts > 0`,
      [status],
    );
    return rowCount === 1;
  };
  /** Does it while the platform takes nothing, kills the service with what it has kept, and begins another. */
  async function cutOff(act: () => Promise<void>, status: string): Promise<number> {
    const from = ana.chat.length;
    telegram.faults.failEvery = 1;
    await act();
    await until(`the person to be ${status}, and the last words to wait`, () => waitsIn(status));
    await running.kill();
    telegram.faults.failEvery = 0;
    await startProcess(env);
    return from;
  }
  return { pool, ana, cutOff };
}

test('whoever was erased hears that it is done, also from the service that comes after one that was killed; then nothing of them is left', async () => {
  const { pool, ana, cutOff } = await stage();
  await ana.command('/erase');
  await hears(ana, 'What shall happen');
  await ana.press('Erase my words too');
  await hears(ana, ({ text, buttons }) => text.includes('cannot be undone') && buttons.length > 0);
  const from = await cutOff(() => ana.press('Yes, erase everything'), 'erased');
  await hears(ana, 'Everything about you is erased', from);
  await until('the last words to be known to have gone', async () => {
    const { rowCount } = await pool.query(`SELECT FROM delivery WHERE state IN ('pending', 'sending')`);
    return rowCount === 0;
  });
  expect(await columnsWith(pool, ['Wilhelmina', String(ID)])).toEqual([]);
});

test('whoever has stopped hears so, also from the service that comes after one that was killed', async () => {
  const { ana, cutOff } = await stage();
  const from = await cutOff(() => ana.command('/stop'), 'stopped');
  expect((await hears(ana, asks, from)).text).toContain('no more messages');
});
