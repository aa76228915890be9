import { expect, test } from 'vitest';
import { MOST_IN_HAND, released } from '../support/release.ts';
import { startProcess } from '../support/service.ts';
import { sized } from '../support/size.ts';
import { until } from '../support/wait.ts';

const STORM_MS = sized(5_000, 30_000);
const PEOPLE = sized({ telegram: 200, slack: 50 }, { telegram: 1_000, slack: 300 });

test('a storm of 429, then one refusal in a hundred, one person in ten gone: states are exact, and few calls are in vain', async () => {
  const release = await released(PEOPLE);
  const { telegram, slack, people } = release;
  for (const list of [people.telegram, people.slack])
    for (const [index, person] of list.entries()) if (index % 10 === 0) person.block();
  const storm = { stormUntil: Number.POSITIVE_INFINITY, stormRetryAfter: 2, refuseEvery: 100 };
  for (const { faults } of [telegram, slack]) Object.assign(faults, storm);
  await startProcess(release.env);
  const both = [telegram, slack];
  await until('both platforms have refused a call', () => both.every(({ counters }) => counters.refused > 0));
  const began = Date.now();
  await until('the storm has lasted for its time', () => Date.now() - began >= STORM_MS);
  const seconds = (Date.now() - began) / 1000;
  for (const { counters, faults } of both) {
    Object.assign(faults, { stormUntil: 0, stormRetryAfter: 1 });
    // However slow the machine is: what was in hand when the first refusal came; then one call goes ahead, and after a
    // second without its answer another.
    expect(counters.sends).toBeLessThanOrEqual(MOST_IN_HAND + seconds);
  }
  await until('every response has its outcome', release.isOver);
  const gone = { telegram: PEOPLE.telegram / 10, slack: PEOPLE.slack / 10 };
  const reached = 9 * (gone.telegram + gone.slack);
  expect(await release.states()).toEqual([
    { state: 'failed', reason: 'blocked', n: gone.telegram },
    { state: 'failed', reason: 'deactivated', n: gone.slack },
    { state: 'sent', reason: null, n: reached },
  ]);
  expect([telegram.counters.blocked, slack.counters.blocked]).toEqual([gone.telegram, gone.slack]);
  expect(release.doubled()).toEqual([]);
  expect(release.arrived()).toBe(reached);
});
