import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { hasRedis, onRedis, ownRedis } from '../support/redis.ts';
import { type Release, released } from '../support/release.ts';
import { startProcess, until } from '../support/service.ts';

/** What a worker can hold at the rates of these tests: on each channel eight jobs with a chunk of rows each, 48 and 5. */
const MOST_IN_HAND = 8 * (48 + 5);

const BACKENDS = [
  {
    where: 'with the queue on the database',
    there: true,
    begin: async () => ({}),
    wipe: async ({ pool }: Release) => void (await pool.query('DROP SCHEMA bullmq CASCADE')),
  },
  {
    where: `with the queue ${onRedis}`,
    there: hasRedis,
    begin: async () => ({ REDIS_URL: await ownRedis() }),
    async wipe(_: Release, { REDIS_URL = '' }: { REDIS_URL?: string }) {
      const redis = new Redis(REDIS_URL);
      await redis.flushall();
      redis.disconnect();
    },
  },
];

for (const { where, there, begin, wipe } of BACKENDS) {
  describe.skipIf(!there)(where, () => {
    test('a worker killed three times in the release of 10,000 responses loses none, and doubles and marks only what it held', {
      timeout: 120_000,
    }, async () => {
      const release = await released({ telegram: 9_500, slack: 500 });
      const env = { ...release.env, ...(await begin()) };
      const inHand = new Set<string>();
      for (const goal of [2_000, 4_000, 6_000]) {
        const worker = await startProcess(env);
        await until(() => release.arrived() >= goal);
        await worker.kill();
        const before = inHand.size;
        for (const address of await release.inHand()) inHand.add(address);
        expect(inHand.size - before).toBeLessThanOrEqual(MOST_IN_HAND);
      }
      const [before, restarted] = [release.arrived(), Date.now()];
      const last = await startProcess(env);
      await until(() => release.arrived() > before);
      expect(Date.now() - restarted).toBeLessThan(10_000);
      await until(release.isOver);
      await last.kill('SIGTERM');
      expect(last.child.exitCode).toBe(0);
      expect(release.missing()).toEqual([]);
      await release.expectDoubledWithin(inHand);
      expect(await release.contributions()).toEqual([{ state: 'delivered', n: 10_000 }]);
    });

    test('a queue that is wiped in the middle of a release is rebuilt: all arrives, once', {
      timeout: 60_000,
    }, async () => {
      const release = await released({ telegram: 1_800, slack: 100 });
      const env = await begin();
      const worker = await startProcess({ ...release.env, ...env });
      await until(() => release.arrived() >= 600);
      await wipe(release, env);
      await until(release.isOver);
      await worker.kill('SIGTERM');
      expect(worker.child.exitCode).toBe(0);
      expect(release.missing()).toEqual([]);
      expect(release.doubled()).toEqual([]);
    });
  });
}
