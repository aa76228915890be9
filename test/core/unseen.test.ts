import { expect, test } from 'vitest';
import { isUnseen } from '../../src/core/unseen.ts';

test.each([
  '',
  ' \n\t',
  '\u00a0\u3000',
  '\u00ad',
  '\u200b\u200d\u2060\ufeff',
  '\ufe0f',
  '\u2800',
  '\u3164\u115f\uffa0',
  '\u{e0061}',
])('%j cannot be seen', (text) => {
  expect(isUnseen(text)).toBe(true);
});

test.each(['a', '\u200ba', '👍', '.', '\u0301', '\u0600', '\ue000', '\u{18cd6}', '\u{1fae9}', '\ufffd'])(
  '%j can be seen, or may be',
  (text) => {
    expect(isUnseen(text)).toBe(false);
  },
);
