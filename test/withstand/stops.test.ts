import { expect, test } from 'vitest';
import { agreed, fromBot, isReceipt, manyOf, share } from '../support/people.ts';
import { released } from '../support/release.ts';
import { startProcess } from '../support/service.ts';
import { sized } from '../support/size.ts';
import { until } from '../support/wait.ts';

const RELEASE = sized({ telegram: 300, slack: 30 }, { telegram: 2_000, slack: 200 });

test('a worker that was frozen past its lease and comes back writes nothing and sends nothing that is not its own any more', async () => {
  const release = await released(RELEASE);
  const zombie = await startProcess(release.env);
  await until('a third of it has arrived', () => release.arrived() >= RELEASE.telegram / 3);
  zombie.child.kill('SIGSTOP');
  const held = new Set(await release.inHand());
  expect(held.size).toBeGreaterThan(0);
  const worker = await startProcess(release.env);
  await until('another has delivered what the frozen one held', release.isOver);
  const before = await release.states();
  zombie.child.kill('SIGCONT');
  await until('the frozen one sees that its leases are over', () =>
    zombie.log().includes('Outcomes came after their lease'),
  );
  await zombie.kill('SIGTERM');
  await worker.kill('SIGTERM');
  expect([zombie.child.exitCode, worker.child.exitCode]).toEqual([0, 0]);
  expect(await release.states()).toEqual(before);
  expect(release.missing()).toEqual([]);
  await release.expectDoubledWithin(held);
});

test('told to stop in the middle of a release and of talk, it ends by itself; the next one goes on: nothing is lost or doubled', async () => {
  const release = await released(RELEASE);
  const { telegram, slack, pool, env } = release;
  const pairs = sized(20, 60);
  const talkers = manyOf(pairs, (n) => [
    telegram.user(10_000 + n, { language: 'en' }),
    slack.user(`U${10_000 + n}`),
  ]).flat();
  for (const channel of ['telegram', 'slack'] as const) await agreed(pool, channel, pairs, 10_000);
  let running = await startProcess(env);
  const talking: Promise<unknown>[] = [];
  for (const round of [0, 1]) {
    const some = talkers.slice(round * pairs, round * pairs + pairs);
    talking.push(...some.map((person) => share(person, 'A bench in the park')));
    const goal = ((round + 1) * RELEASE.telegram) / 4;
    await until(`${goal} responses have arrived`, () => release.arrived() >= goal);
    await running.kill('SIGTERM');
    expect(running.child.exitCode).toBe(0);
    running = await startProcess(env);
  }
  await Promise.all(talking);
  await until('every response has its outcome', release.isOver);
  await running.kill('SIGTERM');
  expect(release.missing()).toEqual([]);
  expect(release.doubled()).toEqual([]);
  expect(await release.marked()).toEqual([]);
  expect(talkers.filter((person) => fromBot(person).filter(isReceipt).length !== 1)).toHaveLength(0);
  const { rows } = await pool.query(`SELECT count(*)::int AS n FROM contribution WHERE state = 'received'`);
  expect(rows).toEqual([{ n: talkers.length }]);
});
