import { expect, test } from 'vitest';
import { released } from '../support/release.ts';
import { startProcess, until } from '../support/service.ts';

const STORM_MS = 30_000;
const RETRY_AFTER_S = 2;
/** What is on its way when a platform begins to ask for silence, then one call or two each time that it has asked. */
const MOST_CALLS = 100 + 2 * (STORM_MS / 1000 / RETRY_AFTER_S);

test('thirty seconds of 429, then one refusal in a hundred, one person in ten gone: states are exact, and few calls are in vain', {
  timeout: 90_000,
}, async () => {
  const release = await released({ telegram: 1_000, slack: 300 });
  const { telegram, slack, people } = release;
  for (const list of [people.telegram, people.slack])
    for (const [index, person] of list.entries()) if (index % 10 === 0) person.block();
  const stormUntil = Date.now() + STORM_MS;
  for (const { faults } of [telegram, slack])
    Object.assign(faults, { stormUntil, stormRetryAfter: RETRY_AFTER_S, refuseEvery: 100 });
  await startProcess(release.env);
  await until(() => Date.now() >= stormUntil);
  for (const { counters, faults } of [telegram, slack]) {
    faults.stormRetryAfter = 1;
    expect(counters.sends).toBeGreaterThan(0);
    expect(counters.sends).toBeLessThanOrEqual(MOST_CALLS);
  }
  await until(release.isOver);
  expect(await release.states()).toEqual([
    { state: 'failed', reason: 'blocked', n: 100 },
    { state: 'failed', reason: 'deactivated', n: 30 },
    { state: 'sent', reason: null, n: 1_170 },
  ]);
  expect([telegram.counters.blocked, slack.counters.blocked]).toEqual([100, 30]);
  expect(release.doubled()).toEqual([]);
  expect(release.arrived()).toBe(1_170);
});
