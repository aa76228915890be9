import { expect, onTestFinished, test } from 'vitest';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { freshDatabase } from '../support/database.ts';
import { agreed, asks, fromBot, isReceipt, manyOf, share } from '../support/people.ts';
import { startProcess, until } from '../support/service.ts';

const SECRET = 'a-secret-of-the-test';

/** People of both platforms who have agreed, and what a service needs to speak with them. */
async function setUp(count: { telegram: number; slack: number }) {
  const database = await freshDatabase();
  const [telegram, slack] = [await startTelegramSandbox(), await startSlackSandbox()];
  onTestFinished(() => Promise.all([telegram.close(), slack.close()]).then(() => undefined));
  telegram.webhooks.secret = SECRET;
  for (const channel of ['telegram', 'slack'] as const) await agreed(database.pool, channel, count[channel]);
  const env = {
    DATABASE_URL: database.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
  };
  const polling = { ...env, SLACK_APP_TOKEN: slack.appToken };
  const webhooks = { ...env, TELEGRAM_WEBHOOK_SECRET: SECRET, SLACK_SIGNING_SECRET: slack.signingSecret };
  const people = [
    ...manyOf(count.telegram, (n) => telegram.user(n, { language: 'en' })),
    ...manyOf(count.slack, (n) => slack.user(`U${n}`, { language: 'en' })),
  ];
  const contributions = async () =>
    (
      await database.pool.query(
        'SELECT count(*)::int AS all, count(DISTINCT identity_id)::int AS people FROM contribution',
      )
    ).rows[0];
  return { database, telegram, slack, polling, webhooks, people, contributions };
}

test('updates delivered five times, at once, to two processes make one contribution and one reply each', {
  timeout: 90_000,
}, async () => {
  const { telegram, slack, webhooks, people, contributions } = await setUp({ telegram: 100, slack: 50 });
  const both = await Promise.all([startProcess(webhooks), startProcess(webhooks)]);
  telegram.webhooks.urls = both.map(({ url }) => `${url}/telegram/webhook`);
  slack.webhooks.urls = both.map(({ url }) => `${url}/slack/events`);
  for (const { webhooks: repeated } of [telegram, slack]) repeated.copies = 5;
  await Promise.all(people.map((person) => share(person, 'A bench in the park')));
  await Promise.all(both.map((one) => one.kill('SIGTERM')));
  expect(await contributions()).toEqual({ all: 150, people: 150 });
  for (const kind of [asks, isReceipt])
    expect(people.filter((person) => fromBot(person).filter(kind).length !== 1)).toHaveLength(0);
});

test('an ingesting process killed five times during 5,000 messages loses none and takes none twice', {
  timeout: 120_000,
}, async () => {
  const { telegram, slack, polling, people, contributions } = await setUp({ telegram: 4_600, slack: 400 });
  const shared = people.map((person) => share(person, 'A bench in the park'));
  for (const replies of [800, 1_600, 2_400, 3_200, 4_000]) {
    const running = await startProcess(polling);
    await until(() => telegram.counters.sends + slack.counters.sends >= replies);
    await running.kill();
  }
  const last = await startProcess(polling);
  await Promise.all(shared);
  await last.kill('SIGTERM');
  expect(await contributions()).toEqual({ all: 5000, people: 5000 });
  expect(slack.counters.sends).toBeGreaterThanOrEqual(800);
});

test('a webhook without the secret changes nothing', async () => {
  const { webhooks, database } = await setUp({ telegram: 0, slack: 0 });
  const { url } = await startProcess(webhooks);
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
