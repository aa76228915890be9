import { beforeEach, expect, it } from 'vitest';
import type { SharedRateLimit } from '../../src/delivery/sharedRateLimit.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { databaseInTime, type Time } from '../support/time.ts';

let rateLimit: SharedRateLimit;
let time: Time;
beforeEach(async () => {
  const made = await databaseInTime();
  time = made.time;
  rateLimit = createSharedRateLimit(made.database.pool);
});

const wait = async (...asked: Parameters<SharedRateLimit['take']>) =>
  Math.round((await rateLimit.take(...asked)).waitMs);

it('gives stretches of time that follow one another, however many ask at once', async () => {
  const turns = await Promise.all(Array.from({ length: 40 }, () => rateLimit.take('bot', 10, 100, 60_000)));
  expect(turns.every((turn) => turn.granted === 10)).toBe(true);
  const waits = turns.map((turn) => Math.round(turn.waitMs)).sort((a, b) => a - b);
  expect(waits).toEqual(Array.from({ length: 40 }, (_, turn) => turn * 100));
});

it('refuses beyond the horizon, says when to come back, and reserves nothing', async () => {
  await rateLimit.take('bot', 30, 10, 1_000);
  const refusals = await Promise.all([rateLimit.take('bot', 1, 10, 1_000), rateLimit.take('bot', 1, 10, 1_000)]);
  for (const { granted, waitMs } of refusals) expect([granted, Math.round(waitMs)]).toEqual([0, 2_000]);
  await time.pause(2_000);
  expect(await rateLimit.take('bot', 1, 10, 1_000)).toMatchObject({ granted: 1 });
  expect(await wait('bot', 1, 10, 5_000)).toBe(1_100);
});

it('does not save up time in which nobody sent', async () => {
  await rateLimit.take('bot', 1, 1_000, 1_000);
  await time.pause(3_600_000);
  expect(await wait('bot', 10, 10, 1_000)).toBe(0);
  expect(await wait('bot', 10, 10, 1_000)).toBe(1_000);
});

it('keeps the longest silence that was asked for, for this key alone', async () => {
  expect(await rateLimit.blocked('bot')).toBe(0);
  await rateLimit.block('bot', 30_000);
  await rateLimit.block('bot', 1_000);
  await time.pause(10_000);
  expect(await rateLimit.take('bot', 1, 100, 60_000)).toEqual({ granted: 0, waitMs: 20_000 });
  expect(await rateLimit.blocked('bot')).toBe(20_000);
  expect((await rateLimit.take('other', 1, 100, 60_000)).granted).toBe(1);
  await time.pause(20_000);
  expect([await rateLimit.blocked('bot'), (await rateLimit.take('bot', 1, 100, 60_000)).granted]).toEqual([0, 1]);
});

it('makes room for what went beside it, also before anybody reserves', async () => {
  await rateLimit.charge('bot', 100, 10);
  expect(await wait('bot', 1, 10, 60_000)).toBe(10_000);
});
