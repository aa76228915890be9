import { expect, test } from 'vitest';
import { atMost, judged } from '../../bench/measure.ts';

const result = atMost('cli-help', 70, 40, 5);

test('a benchmark tells its figures where others left the machine to it', () => {
  expect(judged(result, 0.1)).toEqual(result);
});

test('where others used the machine it was not measured, and says so instead of a figure', () => {
  expect(judged(result, 0.634)).toEqual({
    name: 'cli-help',
    goal: 5,
    value: null,
    baseline: null,
    ratio: null,
    holds: null,
    reason: 'not measured: the machine is busy (others use 63 % of its processors)',
  });
});
