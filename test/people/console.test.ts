import { expect, test } from 'vitest';
import {
  browserName,
  formToken,
  isToken,
  linkInto,
  linkUntil,
  makeToken,
  sessionEnds,
  sessionLimits,
  tokenHash,
} from '../../src/people/console.ts';

const NOW = Date.UTC(2027, 1, 1, 9);
const hours = (count: number) => new Date(NOW + count * 3_600_000);

test('a link holds for ten minutes', () => {
  expect(linkUntil(NOW)).toEqual(new Date(NOW + 600_000));
  expect(linkInto('https://hear.example', 'abc')).toBe('https://hear.example/console/enter/abc');
});

test('a session ends twelve hours after it was used last, and after seven days whatever is done', () => {
  expect(sessionEnds({ startedAt: hours(0), seenAt: hours(5) })).toEqual(hours(17));
  expect(sessionEnds({ startedAt: hours(0), seenAt: hours(160) })).toEqual(hours(168));
  expect(sessionLimits(NOW)).toEqual({ startedAfter: hours(-168), seenAfter: hours(-12) });
});

test('a token is of 32 random bytes; of it and of what stands in forms neither tells the other', () => {
  const token = makeToken((count) => new Uint8Array(count).fill(7));
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(isToken(token)).toBe(true);
  expect(['', 'short', `${token}x`, `${token.slice(1)}/`].filter(isToken)).toEqual([]);
  expect(new Set([token, tokenHash(token), formToken(token)]).size).toBe(3);
});

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Windows'],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    'Chrome, Linux',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1',
    'Safari, iOS',
  ],
  ['curl/8.5.0', null],
])('%s is named %s', (given, name) => {
  expect(browserName(given)).toBe(name);
});
