import { describe, expect, test } from 'vitest';
import { codeIn } from '../../src/people/member.ts';

describe('a code is found', () => {
  test.each([
    ['K7QM3XPA', 'K7QM3XPA', false],
    ['k7qm3xpa', 'k7qm3xpa', false],
    [' «K7QM 3XPA» ', 'K7QM3XPA', false],
    ['K7QM-3XPA.', 'K7QM3XPA', false],
    ['K7QM3\u200bXPA', 'K7QM3XPA', false],
    ['start K7QM3XPA', 'K7QM3XPA', false],
    ['member_K7QM3XPA', 'K7QM3XPA', true],
    ['Member_k7qm3xpa', 'k7qm3xpa', true],
    ['start member_K7QM3XPA', 'K7QM3XPA', true],
    ['Telegram: send the bot /start member_K7QM3XPA, or open it', 'K7QM3XPA', true],
    ['https://t.me/our_bot?start=member_K7QM3XPA', 'K7QM3XPA', true],
  ])('in %j', (words, code, named) => {
    expect(codeIn(words)).toEqual({ code, named, mixed: true });
  });

  test('in eight letters that can be a word as well', () => {
    expect(codeIn('MARGARET')).toEqual({ code: 'MARGARET', named: false, mixed: false });
  });
});

test('a long text is not a code, and is not searched for one', () => {
  expect(codeIn(`${' '.repeat(300)}member_K7QM3XPA`)).toBeNull();
});

test.each([
  '',
  'A bench in the park',
  'K7QM3XP',
  'K7QM3XPAA',
  'K7QM 3XPA is my code',
  'mosquito',
  'HB-K4TXW9A',
  'member_',
])('%j is not a code', (words) => {
  expect(codeIn(words)).toBeNull();
});
