import { expect, onTestFinished } from 'vitest';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { chunkFor, safeRate } from '../../src/delivery/localRateLimit.ts';
import { releaseResponses } from '../../src/responses/release.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { freshDatabase } from './database.ts';
import { agreed, decided, manyOf, type Talker } from './people.ts';
import { sized } from './size.ts';

/** Messages a second: so few in small that a kill comes in the middle. */
const RATES = { telegram: sized(200, 1000), slack: sized(50, 100) };

/** What a worker can hold: on each channel eight jobs with a chunk of rows each. */
export const MOST_IN_HAND = 8 * (chunkFor(safeRate(RATES.telegram)) + chunkFor(safeRate(RATES.slack)));

export type Release = Awaited<ReturnType<typeof released>>;

/** A release to people on both platforms that waits for a worker. */
export async function released(count: { telegram: number; slack: number }) {
  const database = await freshDatabase();
  const [telegram, slack] = [await startTelegramSandbox(), await startSlackSandbox()];
  onTestFinished(() => Promise.all([telegram.close(), slack.close()]).then(() => undefined));
  const people = {
    telegram: manyOf(count.telegram, (n) => telegram.user(n)),
    slack: manyOf(count.slack, (n) => slack.user(`U${n}`)),
  };
  for (const channel of ['telegram', 'slack'] as const) await agreed(database.pool, channel, count[channel]);
  await decided(database.pool);
  await releaseResponses({
    responses: createResponseStore(database.pool),
    clock: systemClock,
    ids: systemIds,
    hint: async () => undefined,
  });
  const query = async (sql: string) => (await database.pool.query(sql)).rows;
  const byAddress = new Map<string, Talker>([
    ...manyOf(count.telegram, (n): [string, Talker] => [String(n), people.telegram[n - 1] as Talker]),
    ...manyOf(count.slack, (n): [string, Talker] => [`DU${n}`, people.slack[n - 1] as Talker]),
  ]);
  /** Addresses at which more than one copy arrived. */
  const doubled = () => [...byAddress].filter(([, { chat }]) => chat.length > 1).map(([address]) => address);
  /** Addresses with a delivery that is marked as perhaps doubled. */
  const marked = async () =>
    (await query('SELECT i.address FROM delivery d JOIN identity i ON i.id = d.identity_id WHERE d.doubts > 0')).map(
      (row) => row.address as string,
    );
  return {
    pool: database.pool,
    telegram,
    slack,
    people,
    env: {
      DATABASE_URL: database.url,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_MESSAGES_PER_SECOND: String(RATES.telegram),
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      SLACK_MESSAGES_PER_SECOND: String(RATES.slack),
    },
    /** Messages that reached anybody, each time they did. */
    arrived: () => [...byAddress.values()].reduce((sum, { chat }) => sum + chat.length, 0),
    isOver: async () =>
      (await query(`SELECT 1 FROM delivery WHERE state IN ('pending', 'sending') LIMIT 1`)).length === 0,
    /** Addresses whose delivery is in a process's hand. */
    inHand: async () =>
      (
        await query(
          `SELECT i.address FROM delivery d JOIN identity i ON i.id = d.identity_id WHERE d.state = 'sending'`,
        )
      ).map((row) => row.address as string),
    /** The leases of a dead process, over at once. */
    endLeases: () => query(`UPDATE delivery SET lease_until = now() - interval '1 second' WHERE state = 'sending'`),
    doubled,
    /** Addresses at which nothing arrived. */
    missing: () => [...byAddress].filter(([, { chat }]) => chat.length === 0).map(([address]) => address),
    marked,
    /** Every doubled message is marked, and every mark is of a delivery that somebody held. */
    async expectDoubledWithin(held: ReadonlySet<string>) {
      const marks = new Set(await marked());
      expect(doubled().filter((address) => !marks.has(address))).toEqual([]);
      expect([...marks].filter((address) => !held.has(address))).toEqual([]);
    },
    states: () => query('SELECT state, reason, count(*)::int AS n FROM delivery GROUP BY 1, 2 ORDER BY 1, 2'),
    contributions: () => query('SELECT state, count(*)::int AS n FROM contribution GROUP BY state'),
  };
}
