import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { textsIn } from '../support/happens.ts';
import { type OwnServer, ownServer } from '../support/ownServer.ts';
import { agreed, fromBot, isReceipt, manyOf, share } from '../support/people.ts';
import { health, startProcess } from '../support/service.ts';
import { sized } from '../support/size.ts';
import { until } from '../support/wait.ts';

const SECRET = 'a-secret-of-the-test';
/** So many talk before it goes, so many while it goes, and twice as many while it is away. */
const SOME = sized(3, 10);
const PEOPLE = 8 * SOME;
/** How often a platform offers what was not taken, before the database is back. */
const IN_VAIN = 20;

/** A service on a database of its own, with a Telegram and a Slack of its own, that speak with it in one of two ways. */
async function town(server: OwnServer, way: 'sockets' | 'webhooks') {
  const url = await server.database(way);
  const [telegram, slack] = [await startTelegramSandbox(), await startSlackSandbox()];
  onTestFinished(() => Promise.all([telegram.close(), slack.close()]).then(() => undefined));
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());
  for (const channel of ['telegram', 'slack'] as const) await agreed(pool, channel, PEOPLE);
  const webhooks = way === 'webhooks';
  const running = await startProcess({
    DATABASE_URL: url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    ...(webhooks && { TELEGRAM_WEBHOOK_SECRET: SECRET, SLACK_SIGNING_SECRET: slack.signingSecret }),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    ...(!webhooks && { SLACK_APP_TOKEN: slack.appToken }),
  });
  if (webhooks) {
    Object.assign(telegram.webhooks, { urls: [`${running.url}/telegram/webhook`], secret: SECRET });
    slack.webhooks.urls = [`${running.url}/slack/events`];
  }
  const people = manyOf(PEOPLE, (n) => [telegram.user(n, { language: 'en' }), slack.user(`U${n}`, { language: 'en' })]);
  const names = manyOf(PEOPLE, (n) => [`telegram ${n}`, `slack ${n}`]);
  /** The next so many people of each platform share an idea; resolves when all of them have their receipts. */
  let next = 0;
  const talk = async (count: number): Promise<void> => {
    const from = next;
    next += count;
    await Promise.all(
      people
        .slice(from, next)
        .flatMap((pair, at) => pair.map((one, i) => share(one, `Idea of ${names[from + at]![i]}`))),
    );
  };
  const refused = () => telegram.webhooks.refused + slack.webhooks.refused;
  return { pool, running, people: people.flat(), names: names.flat(), talk, refused };
}

/** Trouble that lasts is not told at every try, however long it lasts. */
function expectFewLines(log: string): void {
  const lines = log.trim().split('\n');
  const at = (line = '') => (JSON.parse(line) as { time: number }).time;
  expect(lines.length).toBeLessThan(100 + (5 * (at(lines.at(-1)) - at(lines[0]))) / 1000);
}

test('the database may go and come back while people talk: all that was said is there once, and no process ends', async () => {
  const server = await ownServer();
  const towns = [await town(server, 'sockets'), await town(server, 'webhooks')] as const;
  const all = <T>(work: (one: (typeof towns)[number]) => Promise<T>) => Promise.all(towns.map(work));
  for (const mode of ['immediate', 'fast'] as const) {
    await all((one) => one.talk(SOME));
    const before = all((one) => one.talk(SOME));
    await server.stop(mode);
    await all((one) => until('it says that it is not well', async () => (await health(one.running)) === 503));
    const goal = towns[1].refused() + IN_VAIN * 2 * SOME;
    const during = all((one) => one.talk(2 * SOME));
    await until('words were offered in vain, again and again', () => towns[1].refused() >= goal);
    await server.start();
    await all((one) => until('it is well again', async () => (await health(one.running)) === 200));
    await Promise.all([before, during]);
  }
  for (const { pool, running, people, names } of towns) {
    expect(await textsIn(pool)).toEqual(names.map((name) => `Idea of ${name}`).sort());
    expect(people.filter((person) => fromBot(person).filter(isReceipt).length !== 1)).toHaveLength(0);
    expectFewLines(running.log());
    await running.kill('SIGTERM');
    expect(running.child.exitCode).toBe(0);
  }
});
