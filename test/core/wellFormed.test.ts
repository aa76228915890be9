import { expect, test } from 'vitest';
import { wellFormed } from '../../src/core/wellFormed.ts';

test.each([
  ['a\0b\0', 'ab'],
  ['a\ud83d', 'a\ufffd'],
  ['\udc00x 👍🏽 é', '\ufffdx 👍🏽 é'],
  ['', ''],
])('%j loses what no text has, and nothing else', (text, words) => {
  expect(wellFormed(text)).toBe(words);
});
