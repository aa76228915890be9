import { expect, onTestFinished, test } from 'vitest';
import { releaseResponses } from '../../src/app/release.ts';
import { systemClock, systemIds } from '../../src/domain/clock.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import type { Database } from '../../src/store/database.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { freshDatabase } from '../support/database.ts';
import { startProcess, until } from '../support/service.ts';

/** People with one decided contribution each, as the inbound way and an import would leave them. */
async function decided(database: Database, people: number): Promise<void> {
  await database.pool.query(
    `WITH people AS (
       INSERT INTO identity (key, contributor_id, channel, address, language, consent_version)
       SELECT 'telegram:4711:' || n, gen_random_uuid(), 'telegram', n::text, 'en', '1' FROM generate_series(1, $1::int) n
       RETURNING id, contributor_id, address
     ), said AS (
       INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, state, submitted_at, updated_at)
       SELECT gen_random_uuid(), 'HB-' || address, contributor_id, id, 'idea', 'Idea ' || address, 'en', 'telegram', 'decided', now(), now()
       FROM people RETURNING id
     )
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, created_at)
     SELECT gen_random_uuid(), id, 1, 'inclusion', 'in', 'co', 'fl', 're', 'be', now() FROM said`,
    [people],
  );
}

async function setUp(people: number) {
  const database = await freshDatabase();
  const sandbox = await startTelegramSandbox();
  onTestFinished(() => sandbox.close());
  const chats = Array.from({ length: people }, (_, index) => sandbox.user(index + 1));
  await decided(database, people);
  await releaseResponses({
    responses: createResponseStore(database.pool),
    clock: systemClock,
    ids: systemIds,
    hint: async () => undefined,
  });
  const env = {
    DATABASE_URL: database.url,
    TELEGRAM_BOT_TOKEN: sandbox.token,
    TELEGRAM_API_ROOT: sandbox.url,
    TELEGRAM_MESSAGES_PER_SECOND: '1000',
  };
  const open = async () =>
    (await database.pool.query(`SELECT count(*)::int AS n FROM delivery WHERE state IN ('pending', 'sending')`)).rows[0]
      .n as number;
  const doubts = async () =>
    (await database.pool.query('SELECT count(*)::int AS n FROM delivery WHERE doubts > 0')).rows[0].n as number;
  return { database, sandbox, chats, env, open, doubts };
}

test('a worker killed three times in the release of 10,000 responses loses none and marks every doubled one', {
  timeout: 120_000,
}, async () => {
  const { sandbox, chats, env, open, doubts, database } = await setUp(10_000);
  for (const sent of [2000, 4000, 6000]) {
    const worker = await startProcess(env);
    await until(() => sandbox.counters.sends >= sent);
    await worker.kill();
  }
  const before = sandbox.counters.sends;
  const restarted = Date.now();
  const last = await startProcess(env);
  await until(() => sandbox.counters.sends > before);
  expect(Date.now() - restarted).toBeLessThan(10_000);
  await until(async () => (await open()) === 0);
  await last.kill('SIGTERM');
  expect(last.child.exitCode).toBe(0);
  const copies = chats.map((person) => person.chat.length);
  expect(copies.filter((count) => count === 0)).toHaveLength(0);
  const doubled = copies.filter((count) => count > 1).length;
  expect(doubled).toBeLessThanOrEqual(await doubts());
  const { rows } = await database.pool.query('SELECT state, count(*)::int AS n FROM contribution GROUP BY state');
  expect(rows).toEqual([{ state: 'delivered', n: 10_000 }]);
});

test('a storm of 429, one refusal in a hundred and one person in ten gone: final states are exact', {
  timeout: 90_000,
}, async () => {
  const { sandbox, chats, env, open, database } = await setUp(1000);
  for (const [index, person] of chats.entries()) if (index % 10 === 0) person.block();
  Object.assign(sandbox.faults, { stormUntil: Date.now() + 6000, stormRetryAfter: 2, refuseEvery: 100 });
  await startProcess(env);
  await until(async () => (await open()) === 0);
  const { rows } = await database.pool.query(
    'SELECT state, reason, count(*)::int AS n FROM delivery GROUP BY 1, 2 ORDER BY 1',
  );
  expect(rows).toEqual([
    { state: 'failed', reason: 'blocked', n: 100 },
    { state: 'sent', reason: null, n: 900 },
  ]);
  expect(sandbox.counters.blocked).toBe(100);
  expect(chats.filter((person) => person.chat.length === 1)).toHaveLength(900);
});
