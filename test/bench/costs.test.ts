import type { PoolClient } from 'pg';
import { expect, it } from 'vitest';
import { dialogueFlow, saying, TOKEN, textUpdate } from '../../bench/dialogue.ts';
import { createInbound, outbound, sinkChannel } from '../../bench/ours.ts';
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import type { Database } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';

/** What the two hot ways cost, as bench/README.md says: whoever adds a statement to one of them finds out here. */

interface Cost {
  /** How often each statement went to the database, by its name. */
  statements: Record<string, number>;
  /** Of all parameters. */
  bytes: number;
}

/** The process is read every two seconds, and the rate is told of replies ten times a second, however many there are. */
const BY_THE_CLOCK = ['FROM timeline', '"process"', 'rate_gate', 'FROM process', 'flow_version'];

/** Counts what goes to the database while the work is done. */
function countStatements({ pool }: Database): (work: () => Promise<unknown>) => Promise<Cost> {
  let cost: Cost = { statements: {}, bytes: 0 };
  const met = new WeakSet<PoolClient>();
  const count = (client: PoolClient): void => {
    if (met.has(client)) return;
    met.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((config: string | { name?: string; text: string; values?: unknown[] }, ...rest: unknown[]) => {
      const {
        text,
        name = text.trim().split('\n')[0] ?? '',
        values = rest[0],
      } = typeof config === 'string' ? { text: config } : config;
      if (!BY_THE_CLOCK.some((part) => text.includes(part))) {
        cost.statements[name] = (cost.statements[name] ?? 0) + 1;
        cost.bytes += JSON.stringify(Array.isArray(values) ? values : []).length;
      }
      return query(config, ...rest);
    }) as PoolClient['query'];
  };
  pool.on('acquire', count);
  return async (work) => {
    cost = { statements: {}, bytes: 0 };
    await work();
    return cost;
  };
}

async function conversation(users: number) {
  const sandbox = await startTelegramSandbox();
  for (let id = 1; id <= users; id++) sandbox.user(id);
  const database = await freshDatabase();
  const counted = countStatements(database);
  const channel = createTelegramChannel({
    token: TOKEN,
    apiRoot: sandbox.url,
    perSecond: 1_000_000,
    clock: systemClock,
    log: silentLog,
  });
  const { take, idle } = await createInbound(database, dialogueFlow(3), channel);
  const all = Array.from({ length: users }, (_, index) => index + 1);
  return {
    /** Everybody says their next thing at once. */
    turn: (number: number) =>
      counted(async () => {
        await Promise.all(all.map((chat) => take(textUpdate(chat, saying(number)))));
        await idle();
      }),
    calls: () => sandbox.counters.calls,
    close: () => sandbox.close(),
  };
}

it('an answer costs four statements and one call of the platform', async () => {
  const { turn, calls, close } = await conversation(1);
  for (const number of [0, 1]) await turn(number);
  const before = calls();
  const { statements, bytes } = await turn(2);
  expect(statements).toEqual({ 'inbox-keep': 1, 'inbox-next': 1, 'turns-commit': 1, 'deliveries-settle': 1 });
  expect(calls() - before).toBe(1);
  expect(bytes).toBeLessThan(1_900);
  // The contribution goes with the last answer.
  expect((await turn(3)).statements).toEqual(statements);
  await close();
});

it('many who answer at once share their statements', async () => {
  const { turn, calls, close } = await conversation(50);
  await turn(0);
  const before = calls();
  const { statements } = await turn(1);
  expect(statements).toMatchObject({ 'inbox-keep': 1, 'inbox-next': 1, 'turns-commit': 1 });
  expect(calls() - before).toBe(50);
  await close();
});

it('a notice costs a few statements for a hundred recipients', async () => {
  const database = await freshDatabase();
  await seedPeople(database, 100);
  const ids = await seedNotice(database, 'news');
  const counted = countStatements(database);
  let sent = 0;
  const { deliverer } = await outbound(
    database,
    sinkChannel(() => {
      sent += 1;
    }),
  );
  const { statements } = await counted(async () => {
    await deliverer.deliver({ channel: 'telegram', ids });
    await deliverer.idle();
  });
  expect(sent).toBe(100);
  const { 'deliveries-settle': settled = 0, ...others } = statements;
  expect(settled).toBeLessThanOrEqual(3);
  expect(Object.values(others).reduce((sum, times) => sum + times, 0)).toBe(6);
});
