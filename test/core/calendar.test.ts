import { describe, expect, test } from 'vitest';
import { isLocal, isTimeZone, localObjection, momentOf, phaseOf, spelled } from '../../src/core/calendar.ts';

const at = (text: string) => Date.parse(text);
const utc = (local: string, zone: string) => new Date(momentOf(local, zone)).toISOString();

describe('a local time is a moment', () => {
  test.each([
    ['2027-01-15T09:00', 'Europe/Madrid', '2027-01-15T08:00:00.000Z'],
    ['2027-07-15T09:00', 'Europe/Madrid', '2027-07-15T07:00:00.000Z'],
    ['2027-07-15', 'America/Mexico_City', '2027-07-15T06:00:00.000Z'],
  ])('%s in %s', (local, zone, moment) => expect(utc(local, zone)).toBe(moment));

  test.each([
    ['an hour that the clocks skip', '2027-03-28T02:30', 'Europe/Madrid', '2027-03-28T01:30:00.000Z'],
    ['half an hour that the clocks skip', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    ['a day without a midnight', '2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('moved on as far as the clocks: %s', (_, local, zone, moment) => expect(utc(local, zone)).toBe(moment));

  test.each([
    ['an hour that comes twice', '2027-10-31T02:30', 'Europe/Madrid', '2027-10-31T00:30:00.000Z'],
    ['a midnight that comes twice', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ])('the first of two: %s', (_, local, zone, moment) => expect(utc(local, zone)).toBe(moment));

  test.each([
    '2027-02-30',
    '2027-13-01',
    '2027-03-01T24:00',
    '2027-03-01T18:60',
    '2027-03-01T18:00Z',
    '227-03-01',
    '',
    'soon',
  ])('but not %j', (text) => {
    expect(isLocal(text)).toBe(false);
    expect(() => momentOf(text, 'UTC')).toThrow(RangeError);
  });

  test('in a zone that has a name', () => {
    expect(['Europe/Madrid', 'UTC'].map(isTimeZone)).toEqual([true, true]);
    expect(['Mars/Base', '+01:00', ''].map(isTimeZone)).toEqual([false, false, false]);
  });
});

describe('something is open', () => {
  const phases = (period: { opens?: string; closes?: string }, zone: string, ...moments: string[]) =>
    moments.map((moment) => phaseOf(period, zone, at(moment)));

  test('from the first moment of its first day to the last of its last, where the process is', () => {
    const period = { opens: '2027-03-28', closes: '2027-03-28' };
    expect(
      phases(
        period,
        'Europe/Madrid',
        '2027-03-27T22:59:59.999Z',
        '2027-03-27T23:00Z',
        '2027-03-28T21:59:59.999Z',
        '2027-03-28T22:00Z',
      ),
    ).toEqual(['before', 'open', 'open', 'over']);
  });

  test('from a time until a time', () => {
    const period = { opens: '2027-03-14T09:00', closes: '2027-03-14T18:00' };
    expect(
      phases(
        period,
        'America/Mexico_City',
        '2027-03-14T14:59:59Z',
        '2027-03-14T15:00Z',
        '2027-03-14T23:59:59Z',
        '2027-03-15T00:00Z',
      ),
    ).toEqual(['before', 'open', 'open', 'over']);
  });

  test('without an end that nobody has set', () => {
    expect(phases({}, 'UTC', '1970-01-01', '2199-01-01')).toEqual(['open', 'open']);
    expect(phases({ opens: '2027-01-01' }, 'UTC', '2026-12-31', '2199-01-01')).toEqual(['before', 'open']);
  });
});

describe('a date is written', () => {
  const zone = { timeZone: 'Europe/Madrid' };
  test.each([
    ['en', '31 March 2027'],
    ['en-US', 'March 31, 2027'],
    ['es', '31 de marzo de 2027'],
    ['fr', '31 mars 2027'],
  ])('in %s', (language, words) => expect(spelled('2027-03-31', { ...zone, language })).toBe(words));

  test('with its weekday, and without the year that goes without saying', () => {
    const reader = { ...zone, language: 'fr', now: at('2026-12-31T23:00Z') };
    expect([spelled('2027-04-01', reader), spelled('2026-04-01', reader)]).toEqual([
      'jeudi 1er avril',
      'mercredi 1er avril 2026',
    ]);
  });

  test.each([
    ['of the year that has begun', '2027-01-05', '2027-12-31', 'Friday 31 December'],
    ['of the next year, while it is near', '2026-11-27', '2027-06-30', 'Wednesday 30 June'],
    ['of the next year, far ahead', '2026-11-27', '2027-10-30', 'Saturday, 30 October 2027'],
    ['of last year', '2027-01-05', '2026-12-31', 'Thursday, 31 December 2026'],
  ])('with its year only where somebody could be in doubt: a day %s', (_, today, day, words) => {
    expect(spelled(day, { ...zone, language: 'en', now: at(`${today}T12:00Z`) })).toBe(words);
  });

  test.each([
    ['en', '2027-02-04T18:00', 'Thursday 4 February at 18:00 (Madrid)'],
    ['es', '2027-07-04T18:30', 'domingo 4 de julio, 18:30 (Madrid)'],
    ['fr', '2027-07-04T18:00', 'dimanche 4 juillet à 18 h (Madrid)'],
    ['fr', '2027-07-01T09:05', 'jeudi 1er juillet à 9 h 05 (Madrid)'],
    ['en', '2027-03-28T02:30', 'Sunday 28 March at 3:30 (Madrid)'],
  ])('in %s with the city of its clocks when it has a time: %s', (language, local, words) => {
    expect(spelled(local, { ...zone, language, now: at('2027-01-01T00:00Z') })).toBe(words);
  });

  test('with no city to whose clock is the same', () => {
    expect(spelled('2027-02-04T18:00', { ...zone, language: 'en', zoneKnown: true })).toBe('4 February 2027 at 18:00');
  });
});

test.each([
  ['2027-02-30', '"2027-02-30" is not a date: February 2027 has 28 days, not 30'],
  ['2027-04-31T09:00', '"2027-04-31T09:00" is not a date: April 2027 has 30 days, not 31'],
  ['2027-13-01', '"2027-13-01" is not a date: months are 01 to 12'],
  ['2027-03-01T24:00', '"2027-03-01T24:00" is not a time of day: 23:59 is the last'],
  ['3027-03-01', '"3027-03-01" is out of reach: years from 1900 to 2199 are known'],
  ['2028-02-29T09:00', null],
  ['tomorrow', null],
])('what is wrong with %s is said in plain words', (written, words) => {
  expect(localObjection(written)).toBe(words);
});
