import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { hasRedis, onRedis, ownRedis } from '../support/redis.ts';
import { MOST_IN_HAND, type Release, released } from '../support/release.ts';
import { startProcess } from '../support/service.ts';
import { sized } from '../support/size.ts';
import { until } from '../support/wait.ts';

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
    test('a worker killed again and again in a release loses no response, and doubles and marks only what it held', async () => {
      const count = sized(400, 10_000);
      const release = await released({ telegram: count * 0.95, slack: count * 0.05 });
      const env = { ...release.env, ...(await begin()) };
      const inHand = new Set<string>();
      for (const part of sized([0.3, 0.6], [0.2, 0.4, 0.6])) {
        const goal = count * part;
        const worker = await startProcess(env);
        await until(`${goal} responses have arrived`, () => release.arrived() >= goal);
        await worker.kill();
        const before = inHand.size;
        for (const address of await release.inHand()) inHand.add(address);
        expect(inHand.size - before).toBeLessThanOrEqual(MOST_IN_HAND);
        await release.endLeases();
      }
      const last = await startProcess(env);
      await until('every response has its outcome', release.isOver);
      await last.kill('SIGTERM');
      expect(last.child.exitCode).toBe(0);
      expect(release.missing()).toEqual([]);
      await release.expectDoubledWithin(inHand);
      expect(await release.contributions()).toEqual([{ state: 'delivered', n: count }]);
    });

    test('a queue that is wiped in the middle of a release is rebuilt: all arrives, once', async () => {
      const count = sized(200, 1_900);
      const release = await released({ telegram: count * 0.95, slack: count * 0.05 });
      const env = await begin();
      const worker = await startProcess({ ...release.env, ...env });
      await until('a third of it has arrived', () => release.arrived() >= count / 3);
      await wipe(release, env);
      await until('every response has its outcome', release.isOver);
      await worker.kill('SIGTERM');
      expect(worker.child.exitCode).toBe(0);
      expect(release.missing()).toEqual([]);
      expect(release.doubled()).toEqual([]);
    });
  });
}
