import { expect, onTestFinished, test } from 'vitest';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { freshDatabase } from '../support/database.ts';
import { startProcess, until } from '../support/service.ts';

const SECRET = 'a-secret-of-the-test';

async function setUp() {
  const database = await freshDatabase();
  const sandbox = await startTelegramSandbox();
  onTestFinished(() => sandbox.close());
  sandbox.webhooks.secret = SECRET;
  const env = { DATABASE_URL: database.url, TELEGRAM_BOT_TOKEN: sandbox.token, TELEGRAM_API_ROOT: sandbox.url };
  /** People who have agreed and stand at the bot's "is it an idea?": one press makes a contribution. */
  const ready = (people: number) =>
    database.pool.query(
      `INSERT INTO identity (key, contributor_id, channel, address, language, consent_version)
       SELECT 'telegram:4711:' || n, gen_random_uuid(), 'telegram', n::text, 'en', '1' FROM generate_series(1, $1::int) n`,
      [people],
    );
  const contributions = async () =>
    (
      await database.pool.query(
        'SELECT count(*)::int AS all, count(DISTINCT identity_id)::int AS people FROM contribution',
      )
    ).rows[0];
  return { database, sandbox, env, ready, contributions };
}

test('updates delivered five times, at once, to two processes make one contribution and one reply each', {
  timeout: 90_000,
}, async () => {
  const { sandbox, env, ready, contributions } = await setUp();
  const webhook = { ...env, TELEGRAM_WEBHOOK_SECRET: SECRET };
  const [one, two] = [await startProcess(webhook), await startProcess(webhook)];
  await ready(100);
  sandbox.webhooks.urls = [`${one.url}/telegram/webhook`, `${two.url}/telegram/webhook`];
  sandbox.webhooks.copies = 5;
  const people = Array.from({ length: 100 }, (_, index) => sandbox.user(index + 1, { language: 'en' }));
  await Promise.all(people.map((person) => person.say('A bench in the park')));
  await Promise.all(people.map((person) => person.waitFor((message) => message.buttons.length > 0)));
  await Promise.all(people.map((person) => person.press(0)));
  await Promise.all(people.map((person) => person.waitFor((message) => message.text.includes('HB-'))));
  await Promise.all([one.kill('SIGTERM'), two.kill('SIGTERM')]);
  expect(await contributions()).toEqual({ all: 100, people: 100 });
  expect(people.map((person) => person.chat.filter((message) => message.from === 'bot').length)).toEqual(
    people.map(() => 2),
  );
});

test('an ingesting process killed five times during 5,000 messages loses none and takes none twice', {
  timeout: 120_000,
}, async () => {
  const { sandbox, env, ready, contributions } = await setUp();
  await ready(5000);
  const people = Array.from({ length: 5000 }, (_, index) => sandbox.user(index + 1, { language: 'en' }));
  await Promise.all(people.map((person) => person.say('A bench in the park')));
  const pressed = people.map(async (person) => {
    await person.waitFor((message) => message.buttons.length > 0);
    await person.press(0);
  });
  for (const sends of [800, 1600, 2400, 3200, 4000]) {
    const running = await startProcess(env);
    await until(() => sandbox.counters.sends >= sends);
    await running.kill();
  }
  const last = await startProcess(env);
  await Promise.all(pressed);
  await until(async () => (await contributions()).all >= 5000);
  await last.kill('SIGTERM');
  expect(await contributions()).toEqual({ all: 5000, people: 5000 });
});

test('a webhook without the secret changes nothing', async () => {
  const { env, database } = await setUp();
  const { url } = await startProcess({ ...env, TELEGRAM_WEBHOOK_SECRET: SECRET });
  const update = {
    update_id: 1,
    message: { message_id: 1, date: 1, chat: { id: 1, type: 'private' }, from: { id: 1 }, text: 'hello' },
  };
  for (const secret of [undefined, '', 'wrong', `${SECRET}x`]) {
    const headers = {
      'content-type': 'application/json',
      ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }),
    };
    const answer = await fetch(`${url}/telegram/webhook`, { method: 'POST', headers, body: JSON.stringify(update) });
    expect(answer.status).toBe(401);
  }
  expect((await database.pool.query('SELECT 1 FROM identity')).rowCount).toBe(0);
});
