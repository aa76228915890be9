import { expect, it } from 'vitest';
import { createBackoff } from '../../src/delivery/backoff.ts';
import { createLocalRateLimit, safeRate } from '../../src/delivery/localRateLimit.ts';
import { createPerChatQueue } from '../../src/delivery/perChatQueue.ts';

/** Virtual time: pausing moves the clock, a seeded generator makes every timer late. */
function lateTimers(seed: number, mostLateMs: number) {
  let now = 1_000_000;
  let state = seed;
  const chance = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const pause = async (ms: number) => {
    now += ms + (chance() < 0.05 ? mostLateMs : chance() * 2);
  };
  return { clock: () => now, pause };
}

const busiestSecond = (at: number[]): number =>
  Math.max(...at.map((start) => at.filter((time) => time >= start && time < start + 1000).length));

for (const perSecond of [8, 30, 1000]) {
  it(`never lets a second hold more than ${perSecond}, though timers are late`, async () => {
    const { clock, pause } = lateTimers(7, 80);
    const localRateLimit = createLocalRateLimit(clock, pause);
    const rate = safeRate(perSecond);
    const at: number[] = [];
    const began = clock();
    const chunk = Math.max(1, Math.round(rate / 20));
    const stretches = Math.ceil((perSecond * 5) / chunk);
    const fires = Array.from({ length: chunk }, () => () => void at.push(clock()));
    await Promise.all(
      Array.from({ length: stretches }, (_, index) =>
        localRateLimit.run('bot', began + (index * chunk * 1000) / rate, 1000 / rate, fires),
      ),
    );
    expect(at).toHaveLength(stretches * chunk);
    expect(busiestSecond(at)).toBeLessThanOrEqual(perSecond);
  });
}

it('uses the rate when timers are nearly on time', async () => {
  const { clock, pause } = lateTimers(3, 2);
  const localRateLimit = createLocalRateLimit(clock, pause);
  const rate = safeRate(30);
  const began = clock();
  const fires = Array.from({ length: 300 }, () => () => undefined);
  await localRateLimit.run('bot', began, 1000 / rate, fires);
  expect(300 / ((clock() - began) / 1000) / 30).toBeGreaterThan(0.98);
});

it('takes the stretch that begins first, also when it comes last', async () => {
  const { clock, pause } = lateTimers(1, 0);
  const localRateLimit = createLocalRateLimit(clock, pause);
  const order: string[] = [];
  const began = clock();
  await Promise.all([
    localRateLimit.run('bot', began + 500, 10, [() => order.push('later')]),
    localRateLimit.run('bot', began + 100, 10, [() => order.push('sooner')]),
  ]);
  expect(order).toEqual(['sooner', 'later']);
});

it('backoff for the whole bot when two chats are refused within a second, not for one chat alone', () => {
  let now = 0;
  const backoff = createBackoff(() => now);
  expect(backoff.hit('bot', 'a', 3_000)).toBe(false);
  expect(backoff.hit('bot', 'a', 3_000)).toBe(false);
  now += 1_500;
  expect(backoff.hit('bot', 'b', 3_000)).toBe(false);
  expect(backoff.ask('bot')).toBe(0);
  expect(backoff.hit('bot', 'a', 3_000)).toBe(true);
  expect(backoff.ask('bot')).toBe(3_000);
  expect(backoff.ask('other')).toBe(0);
});

it('lets one call go ahead after a silence: all wait again when it is refused, and go when it is not', () => {
  let now = 0;
  const backoff = createBackoff(() => now);
  backoff.block('bot', 2_000);
  backoff.passed('bot');
  expect(backoff.ask('bot')).toBe(2_000);
  now += 2_000;
  expect([backoff.ask('bot'), backoff.ask('bot') > 0]).toEqual([0, true]);
  expect(backoff.hit('bot', 'a', 3_000)).toBe(true);
  expect(backoff.ask('bot')).toBe(3_000);
  now += 3_000;
  expect([backoff.ask('bot'), backoff.ask('bot') > 0]).toEqual([0, true]);
  now += 1_000;
  expect([backoff.ask('bot'), backoff.ask('bot') > 0]).toEqual([0, true]);
  backoff.passed('bot');
  expect([backoff.ask('bot'), backoff.ask('bot')]).toEqual([0, 0]);
});

it('after a silence, takes no chat that was refused by itself before for a sign: another goes ahead at once', () => {
  let now = 0;
  const backoff = createBackoff(() => now);
  expect(backoff.hit('bot', 'a', 30_000)).toBe(false);
  backoff.block('bot', 2_000);
  now += 2_000;
  expect(backoff.ask('bot')).toBe(0);
  expect(backoff.hit('bot', 'a', 30_000)).toBe(false);
  expect(backoff.ask('bot')).toBe(0);
  expect(backoff.ask('bot')).toBeGreaterThan(0);
  backoff.passed('bot');
  expect(backoff.ask('bot')).toBe(0);
  // Where all are refused, the next to go ahead says so.
  backoff.block('bot', 2_000);
  now += 2_000;
  expect([backoff.ask('bot'), backoff.hit('bot', 'a', 3_000), backoff.ask('bot')]).toEqual([0, false, 0]);
  expect(backoff.hit('bot', 'b', 3_000)).toBe(true);
  expect(backoff.ask('bot')).toBe(3_000);
});

it('sends to one chat in order and apart, to others at once', async () => {
  const log: string[] = [];
  const pauses: number[] = [];
  const perChat = createPerChatQueue(
    () => 0,
    async (ms) => void pauses.push(ms),
  );
  const say = (word: string) => async () => {
    log.push(`${word} begins`);
    await Promise.resolve();
    log.push(`${word} ends`);
  };
  await Promise.all([
    perChat.run('a', 0, say('one')),
    perChat.run('a', 1_000, say('two')),
    perChat.run('b', 0, say('other')),
  ]);
  expect(log.indexOf('one ends')).toBeLessThan(log.indexOf('two begins'));
  expect(log.indexOf('other begins')).toBeLessThan(log.indexOf('two begins'));
  expect(pauses).toEqual([1_000]);
});
