import { expect, onTestFinished, test } from 'vitest';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { freshDatabase } from '../support/database.ts';
import { hearback } from '../support/hearback.ts';
import { agreed, asks, fromBot, isReceipt, manyOf, share } from '../support/people.ts';
import { startProcess } from '../support/service.ts';
import { sized } from '../support/size.ts';
import { until } from '../support/wait.ts';

const SECRET = 'a-secret-of-the-test';
const IDEA = 'A bench in the park';

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
  // A message that is taken twice could also be joined to what its person has just said.
  const contributions = async () =>
    (
      await database.pool.query(
        `SELECT count(*)::int AS all, count(DISTINCT identity_id)::int AS people,
           sum(jsonb_array_length(parts))::int AS messages, array_agg(DISTINCT text) AS texts
         FROM contribution`,
      )
    ).rows[0];
  const onceEach = { all: people.length, people: people.length, messages: people.length, texts: [IDEA] };
  return { database, telegram, slack, polling, webhooks, people, contributions, onceEach };
}

test('updates delivered five times, at once, to two processes make one contribution and one reply each', async () => {
  const { telegram, slack, webhooks, people, contributions, onceEach } = await setUp(
    sized({ telegram: 20, slack: 10 }, { telegram: 100, slack: 50 }),
  );
  const both = await Promise.all([startProcess(webhooks), startProcess(webhooks)]);
  telegram.webhooks.urls = both.map(({ url }) => `${url}/telegram/webhook`);
  slack.webhooks.urls = both.map(({ url }) => `${url}/slack/events`);
  for (const { webhooks: repeated } of [telegram, slack]) repeated.copies = 5;
  await Promise.all(people.map((person) => share(person, IDEA)));
  await Promise.all(both.map((one) => one.kill('SIGTERM')));
  expect(await contributions()).toEqual(onceEach);
  for (const kind of [asks, isReceipt])
    expect(people.filter((person) => fromBot(person).filter(kind).length !== 1)).toHaveLength(0);
});

test('an ingesting process killed again and again while many talk loses no message and takes none twice', async () => {
  const count = sized({ telegram: 180, slack: 20 }, { telegram: 4_600, slack: 400 });
  const { telegram, slack, polling, people, contributions, onceEach } = await setUp(count);
  const shared = people.map((person) => share(person, IDEA));
  const kills = sized(2, 5);
  for (let kill = 1; kill <= kills; kill++) {
    const replies = (people.length * 0.4 * kill) / kills;
    const running = await startProcess(polling);
    await until(`${replies} replies were sent`, () => telegram.counters.sends + slack.counters.sends >= replies);
    await running.kill();
  }
  const last = await startProcess(polling);
  await Promise.all(shared);
  await last.kill('SIGTERM');
  expect(await contributions()).toEqual(onceEach);
  expect(slack.counters.sends).toBeGreaterThanOrEqual(count.slack);
});

test('a webhook without the secret changes nothing', async () => {
  const { service, rows } = await hearback({ TELEGRAM_WEBHOOK_SECRET: SECRET });
  const update = {
    update_id: 1,
    message: { message_id: 1, date: 1, chat: { id: 1, type: 'private' }, from: { id: 1 }, text: 'hello' },
  };
  for (const secret of [undefined, '', 'wrong', `${SECRET}x`]) {
    const headers = {
      'content-type': 'application/json',
      ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }),
    };
    const answer = await fetch(`${service.url}/telegram/webhook`, {
      method: 'POST',
      headers,
      body: JSON.stringify(update),
    });
    expect(answer.status).toBe(401);
  }
  expect(await rows('SELECT 1 FROM identity')).toEqual([]);
});
