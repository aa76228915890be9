import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { momentOf } from '../../src/core/calendar.ts';
import { endOfQuiet } from '../../src/core/quietHours.ts';
import {
  isRepeating,
  lostDates,
  nextAt,
  type Occurrence,
  occurrences,
  type Schedule,
  scheduleSchema,
} from '../../src/notices/schedule.ts';
import { plan } from '../support/plan.ts';

const process = plan({
  stages: [{ id: 'ideas', title: 'Ideas', opens: '2027-02-01', closes: '2027-03-14T18:00' }],
  events: [{ id: 'm', title: 'Meeting', at: '2027-02-04T18:00' }],
  questions: [{ id: 'q', text: 'Why?' }],
});
const read = (value: unknown): Schedule => scheduleSchema.parse(value);
const repeating = (value: unknown) => {
  const schedule = read(value);
  if (!isRepeating(schedule)) throw new Error('It does not repeat.');
  return schedule;
};
const at = (value: unknown, now = '2027-01-01T12:00', of = process) => {
  const moment = nextAt(read(value), of, momentOf(now, of.timeZone));
  return moment === null ? null : DateTime.fromMillis(moment, { zone: of.timeZone }).toFormat("yyyy-MM-dd'T'HH:mm");
};

describe('a schedule', () => {
  test('is a moment, of its own zone or the process’s', () => {
    expect(at({ at: '2027-03-28T09:00' })).toBe('2027-03-28T09:00');
    expect(at({ at: '2027-03-28T09:00', zone: 'America/Lima' })).toBe('2027-03-28T16:00');
  });

  test('lies beside a date of the process, and goes with it', () => {
    expect(at({ stage: 'ideas', edge: 'closes', days: -3, time: '09:00' })).toBe('2027-03-11T09:00');
    expect(at({ stage: 'ideas', edge: 'closes', days: -3 })).toBe('2027-03-11T18:00');
    expect(at({ stage: 'ideas', edge: 'opens' })).toBe('2027-02-01T09:00');
    const moved = plan({ events: [{ id: 'm', title: 'Meeting', at: '2027-03-29T02:30' }] });
    expect(at({ event: 'm', days: -1 }, undefined, moved)).toBe('2027-03-28T03:30');
    expect(
      at({ event: 'm' }, undefined, plan({ events: [{ id: 'm', title: 'M', at: '2027-02-04', cancelled: true }] })),
    ).toBe(null);
    expect(at({ question: 'q', edge: 'closes' })).toBe(null);
  });

  test('names dates that the process does not have', () => {
    const lost = (value: unknown) => lostDates(read(value), process);
    expect(lost({ stage: 'idea', edge: 'opens' })).toEqual([
      { key: 'stage', words: expect.stringContaining('Did you mean "ideas"?') },
    ]);
    expect(lost({ question: 'q', edge: 'closes' })).toEqual([
      { key: 'edge', words: expect.stringContaining('no date closes') },
    ]);
    expect(lost({ event: 'm' })).toEqual([]);
  });

  test('comes again and again: on days of the week, of the month, from, until, so often', () => {
    const list = (value: unknown, from = '2027-01-01', to = '2027-06-01') =>
      occurrences(repeating(value), process, momentOf(from, 'Europe/Madrid'), momentOf(to, 'Europe/Madrid')).map(
        ({ local }) => local,
      );
    expect(list({ every: 'week', on: ['monday', 'friday'], time: '09:00', count: 3, from: '2027-01-02' })).toEqual([
      ...['2027-01-04T09:00', '2027-01-08T09:00', '2027-01-11T09:00'],
    ]);
    expect(list({ every: 'month', on: 31, time: '09:00', until: '2027-03-31' })).toEqual([
      ...['2027-01-31T09:00', '2027-02-28T09:00', '2027-03-31T09:00'],
    ]);
    // What is counted is counted from the first day on, whenever one asks.
    expect(list({ every: 'day', time: '09:00', from: '2027-01-01', count: 5 }, '2027-01-04')).toEqual([
      ...['2027-01-04T09:00', '2027-01-05T09:00'],
    ]);
    expect(at({ every: 'week', on: 'monday', time: '09:00', from: '2027-05-01' })).toBe('2027-05-03T09:00');
    expect(at({ every: 'day', time: '09:00', until: '2026-12-31' })).toBe(null);
  });

  test.each([
    [{}, '', 'must say when'],
    ['tomorrow', '', 'must say when'],
    [{ at: '2027-03-28T09:00Z' }, 'at', 'without an offset'],
    [{ at: '2027-03-28T09:00', zone: 'Mars/Base' }, 'zone', 'must be a time zone'],
    [{ at: '2027-03-28T09:00', zon: 'UTC' }, 'zon', 'Did you mean "zone"?'],
    [{ stage: 'ideas', edge: 'at' }, 'edge', 'opens or closes'],
    [{ stage: 'ideas', edge: 'opens', days: 1.5 }, 'days', 'whole number'],
    [{ every: 'year' }, '', 'day, week or month'],
    [{ every: 'week', time: '09:00' }, 'on', 'day of the week'],
    [{ every: 'week', on: 'montag', time: '09:00' }, 'on', 'day of the week'],
    [{ every: 'month', on: 32, time: '09:00' }, 'on', 'day of the month'],
    [{ every: 'day' }, 'time', 'time of day'],
    [{ every: 'day', time: '9:00' }, 'time', 'time of day'],
    [{ every: 'day', time: '09:00', count: 3 }, 'count', 'needs from'],
  ])('is refused with its place: %j', (value, place, words) => {
    const [issue, ...others] = scheduleSchema.safeParse(value).error?.issues ?? [];
    expect(others).toEqual([]);
    expect(issue?.path.join('.')).toBe(place);
    expect(issue?.message).toContain(words);
  });
});

const ZONES = [
  'Europe/Madrid',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Kathmandu',
];
const SEED = { seed: 20_270_328, numRuns: 40 };
const times = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

test('every day of a year has its one time, in their order, whatever the clocks do, in windows of any length', () => {
  const days = Array.from({ length: 365 }, (_, index) =>
    new Date(Date.UTC(2027, 0, 1 + index)).toISOString().slice(0, 10),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), times, fc.integer({ min: 1, max: 90 }), (zone, time, width) => {
      const schedule = repeating({ every: 'day', time, zone, from: '2027-01-01', until: '2027-12-31' });
      const [first, last] = [momentOf('2027-01-01', zone), momentOf('2028-01-02', zone)];
      const found: Occurrence[] = [];
      for (let from = first; from <= last; from += width * 86_400_000)
        found.push(...occurrences(schedule, process, from, Math.min(last, from + width * 86_400_000 - 1)));
      expect(found.map(({ local }) => local.slice(0, 10))).toEqual(days);
      expect(found.every(({ at }, index) => index === 0 || at > (found[index - 1]?.at ?? 0))).toBe(true);
      // Asked one after the other, the next is always the next.
      expect(nextAt(schedule, process, (found[99]?.at ?? 0) + 1)).toBe(found[100]?.at);
    }),
    SEED,
  );
});

test('a skipped hour is made up for at once, a doubled one counts the first time', () => {
  const on = (day: string) => at({ every: 'day', time: '02:30', from: day });
  expect(on('2027-03-28')).toBe('2027-03-28T03:30');
  const twice = nextAt(read({ every: 'day', time: '02:30', from: '2027-10-31' }), process, 0) ?? 0;
  expect(new Date(twice).toISOString()).toBe('2027-10-31T00:30:00.000Z');
});

test('quiet hours end after now, within a day, whatever the clocks do', () => {
  const quiet = { from: '21:00', to: '08:00' };
  const end = (local: string) => endOfQuiet(quiet, 'Europe/Madrid', momentOf(local, 'Europe/Madrid'));
  expect(end('2027-02-01T20:59')).toBe(null);
  expect(end('2027-02-01T21:00')).toBe(momentOf('2027-02-02T08:00', 'Europe/Madrid'));
  expect(end('2027-02-02T07:59')).toBe(momentOf('2027-02-02T08:00', 'Europe/Madrid'));
  expect(end('2027-02-02T08:00')).toBe(null);
  const moments = fc.integer({ min: Date.UTC(2027, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 });
  const changes = fc.constantFrom(
    Date.UTC(2027, 2, 28, 1),
    Date.UTC(2027, 9, 31, 1),
    Date.UTC(2027, 10, 7, 6),
    Date.UTC(2027, 3, 3, 15),
  );
  const near = fc
    .tuple(changes, fc.integer({ min: -300, max: 300 }))
    .map(([change, minutes]) => change / 60_000 + minutes);
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), times, times, fc.oneof(moments, near), (zone, from, to, minutes) => {
      const now = minutes * 60_000;
      const over = endOfQuiet({ from, to }, zone, now);
      if (over === null) return;
      expect(over).toBeGreaterThan(now);
      expect(over - now).toBeLessThan(25 * 3_600_000 + 1);
    }),
    { ...SEED, numRuns: 500 },
  );
});
