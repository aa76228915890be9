import { expect, test } from 'vitest';
import { readUrl } from '../../src/core/readUrl.ts';

test('an address with letters beyond ASCII is one however often it is read', () => {
  for (let times = 0; times < 50_000; times++)
    if (readUrl('https://münchen.example/plan')?.hostname !== 'xn--mnchen-3ya.example')
      expect.fail(`the ${times}th time`);
  expect(readUrl('city.example')).toBeNull();
});
