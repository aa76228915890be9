import { expect, test } from 'vitest';
import { agreed, fromBot, isReceipt, manyOf, share } from '../support/people.ts';
import { released } from '../support/release.ts';
import { startProcess, until } from '../support/service.ts';

test('a worker that was frozen past its lease and comes back writes nothing and sends nothing that is not its own any more', {
  timeout: 60_000,
}, async () => {
  const release = await released({ telegram: 2_000, slack: 200 });
  const zombie = await startProcess(release.env);
  await until(() => release.arrived() >= 800);
  zombie.child.kill('SIGSTOP');
  const held = new Set(await release.inHand());
  expect(held.size).toBeGreaterThan(0);
  const worker = await startProcess(release.env);
  await until(release.isOver);
  const before = await release.states();
  zombie.child.kill('SIGCONT');
  await until(() => zombie.log().includes('Outcomes came after their lease'));
  await zombie.kill('SIGTERM');
  await worker.kill('SIGTERM');
  expect([zombie.child.exitCode, worker.child.exitCode]).toEqual([0, 0]);
  expect(await release.states()).toEqual(before);
  expect(release.missing()).toEqual([]);
  await release.expectDoubledWithin(held);
});

test('told to stop in the middle of a release and of talk, it ends by itself within ten seconds; the next one goes on: nothing is lost or doubled', {
  timeout: 90_000,
}, async () => {
  const release = await released({ telegram: 2_000, slack: 200 });
  const { telegram, slack, pool, env } = release;
  const talkers = manyOf(60, (n) => [
    telegram.user(10_000 + n, { language: 'en' }),
    slack.user(`U${10_000 + n}`),
  ]).flat();
  for (const channel of ['telegram', 'slack'] as const) await agreed(pool, channel, 60, 10_000);
  let running = await startProcess(env);
  const talking: Promise<unknown>[] = [];
  for (const [round, goal] of [500, 1_000].entries()) {
    const some = talkers.slice(round * 60, round * 60 + 60);
    talking.push(...some.map((person) => share(person, 'A bench in the park')));
    await until(() => release.arrived() >= goal);
    const told = Date.now();
    await running.kill('SIGTERM');
    expect(running.child.exitCode).toBe(0);
    expect(Date.now() - told).toBeLessThan(10_000);
    running = await startProcess(env);
  }
  await Promise.all(talking);
  await until(release.isOver);
  await running.kill('SIGTERM');
  expect(release.missing()).toEqual([]);
  expect(release.doubled()).toEqual([]);
  expect(await release.marked()).toEqual([]);
  expect(talkers.filter((person) => fromBot(person).filter(isReceipt).length !== 1)).toHaveLength(0);
  const { rows } = await pool.query(`SELECT count(*)::int AS n FROM contribution WHERE state = 'received'`);
  expect(rows).toEqual([{ n: talkers.length }]);
});
