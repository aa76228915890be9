import { beforeEach, expect, it } from 'vitest';
import type { Gate } from '../../src/domain/ports.ts';
import type { Database } from '../../src/store/database.ts';
import { createGate } from '../../src/store/gate.ts';
import { freshDatabase } from '../support/database.ts';

let gate: Gate;
let pool: Database['pool'];
beforeEach(async () => {
  ({ pool } = await freshDatabase());
  gate = createGate(pool);
});

it('gives stretches of time that follow one another, however many ask at once', async () => {
  const began = performance.now();
  const turns = await Promise.all(Array.from({ length: 40 }, () => gate.take('bot', 10, 100, 60_000)));
  const took = performance.now() - began;
  const waits = turns.map((turn) => turn.waitMs).sort((a, b) => a - b);
  expect(turns.every((turn) => turn.granted === 10)).toBe(true);
  // 400 messages at 100 a second: the last stretch begins 3.9 s after the first, less the time that asking took.
  expect(waits.at(-1)).toBeGreaterThanOrEqual(3_900 - took - 1);
  expect(waits.at(-1)).toBeLessThanOrEqual(3_901);
});

it('refuses beyond the horizon, says when to come back, and reserves nothing', async () => {
  await gate.take('bot', 30, 10, 1_000);
  const refusals = await Promise.all([gate.take('bot', 1, 10, 1_000), gate.take('bot', 1, 10, 1_000)]);
  for (const turn of refusals) {
    expect(turn.granted).toBe(0);
    expect(turn.waitMs).toBeGreaterThan(1_800);
    expect(turn.waitMs).toBeLessThanOrEqual(2_000);
  }
  expect((await gate.take('bot', 1, 10, 5_000)).waitMs).toBeLessThanOrEqual(3_000);
});

it('does not save up time in which nobody sent', async () => {
  await gate.take('bot', 1, 1_000, 1_000);
  await pool.query(`UPDATE rate_gate SET next_at = next_at - interval '1 hour'`);
  expect((await gate.take('bot', 10, 10, 1_000)).waitMs).toBe(0);
  expect((await gate.take('bot', 10, 10, 1_000)).waitMs).toBeGreaterThan(900);
});

it('keeps the longest silence that was asked for, for this key alone', async () => {
  expect(await gate.blocked('bot')).toBe(0);
  await gate.block('bot', 30_000);
  await gate.block('bot', 1_000);
  const turn = await gate.take('bot', 1, 100, 60_000);
  expect(turn.granted).toBe(0);
  expect(turn.waitMs).toBeGreaterThan(29_000);
  expect(await gate.blocked('bot')).toBeGreaterThan(29_000);
  expect((await gate.take('other', 1, 100, 60_000)).granted).toBe(1);
});

it('makes room for what went beside it, while somebody reserves', async () => {
  await gate.charge('bot', 100, 10);
  expect((await gate.take('bot', 1, 10, 60_000)).waitMs).toBe(0);
  await gate.charge('bot', 100, 10);
  expect((await gate.take('bot', 1, 10, 60_000)).waitMs).toBeGreaterThan(9_900);
});
