import { expect, test } from 'vitest';
import { estimateSeconds } from '../../src/notices/estimate.ts';

test.each([
  ['as long as the slowest platform', { telegram: 3000, slack: 10 }, { telegram: 30, slack: 1 }, 100],
  ['whichever that is', { telegram: 300, slack: 100 }, { telegram: 30, slack: 1 }, 100],
  ['a second that has begun', { telegram: 31 }, { telegram: 30 }, 2],
  ['no time where nobody is told', { telegram: 0 }, { telegram: 30 }, 0],
  ['no time where there is no platform', { slack: 500 }, { telegram: 30 }, 0],
])('sending takes %s', (_, messages, perSecond, seconds) => {
  expect(estimateSeconds(messages, perSecond)).toBe(seconds);
});
