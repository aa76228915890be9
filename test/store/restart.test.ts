import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { isOutage, openDatabase } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createLeader } from '../../src/store/leader.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';
import { ownServer } from '../support/ownServer.ts';
import { inTime } from '../support/time.ts';
import { until } from '../support/wait.ts';

async function setUp({ moved = false } = {}) {
  const server = await ownServer();
  const url = await server.database('here');
  if (moved) await inTime(url);
  const database = await openDatabase(url);
  onTestFinished(() => database.close());
  return { server, database };
}

test('a database that went away is told from a fault of ours, be it asked by SQL or by Prisma', async () => {
  const { server, database } = await setUp();
  const told = (work: Promise<unknown>) => work.then(String, (error: unknown) => error);
  const fault = await told(database.pool.query('SELECT nonsense'));
  const waiting = 'SELECT pg_sleep(60)';
  const prisma = await database.prisma();
  const errors = [told(database.pool.query(waiting)), told(Promise.resolve(prisma.$queryRawUnsafe(waiting)))];
  await until('both statements are under way', async () => (await sleepers(database)) === 2);
  await server.stop('fast');
  errors.push(told(database.pool.query('SELECT 1')), told(Promise.resolve(prisma.setting.findMany())));
  expect((await Promise.all(errors)).map(isOutage)).toEqual([true, true, true, true]);
  expect(isOutage(fault)).toBe(false);
});

const sleepers = async ({ pool }: Awaited<ReturnType<typeof openDatabase>>): Promise<number> =>
  (
    await pool.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND wait_event = 'PgSleep'`,
    )
  ).rows[0].n;

test('whoever leads stops leading while the database is away, and one of all leads when it is back', async () => {
  const { server, database } = await setUp();
  const leaders = [createLeader(database.url, 'poll'), createLeader(database.url, 'poll')];
  onTestFinished(() => Promise.all(leaders.map((leader) => leader.close())).then(() => undefined));
  const holding = async () => [await leaders[0]!.holds(), await leaders[1]!.holds()];
  expect(await holding()).toEqual([true, false]);
  await server.stop('immediate');
  await until('nobody leads', async () => (await holding()).join() === 'false,false');
  await server.start();
  await until('somebody leads', async () => (await holding()).includes(true));
  expect((await holding()).filter((held) => held)).toHaveLength(1);
});

test('leases that ran out while the server was down are left to their holders for some seconds', async () => {
  const { server, database } = await setUp({ moved: true });
  const deliveries = createDeliveries(database.pool, ['telegram', 'slack']);
  await seedPeople(database, 1);
  const [row] = await deliveries.claim(await seedNotice(database, 'n', 'resend'), randomUUID(), 1);
  await server.stop('immediate');
  await server.start();
  await until('the server answers', () => database.pool.query('SELECT 1').then(Boolean, () => false));
  const sinceStart = (seconds: number) =>
    database.pool.query('UPDATE moved.time SET at = pg_postmaster_start_time() + make_interval(secs => $1)', [seconds]);
  await sinceStart(3.9);
  expect(await deliveries.reclaim(10)).toEqual({ again: 0, held: 0 });
  expect(await deliveries.extend([row!], 1)).toEqual([row!.id]);
  await sinceStart(4.1);
  expect(await deliveries.reclaim(10)).toEqual({ again: 1, held: 0 });
});
