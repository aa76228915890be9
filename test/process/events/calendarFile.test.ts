import { expect, test } from 'vitest';
import { calendarFile } from '../../../src/process/events/calendarFile.ts';
import type { ProcessEvent } from '../../../src/process/events/event.ts';
import { DEFAULT_PROCESS } from '../../../src/process/process.ts';

const process = { ...DEFAULT_PROCESS, timeZone: 'Europe/Madrid', languages: ['en', 'es'] };
const event = {
  id: 'opening',
  title: { en: 'Opening; with coffee, tea', es: `Reunión de apertura ${'ñandú '.repeat(20)}` },
  at: '2027-07-04T18:00',
  where: 'Town hall\nRoom 2',
};

/** The properties of the one event, read back as a calendar does: unfolded, unescaped. */
function read(more: object = {}, about: object = {}): Record<string, string> {
  const entry = {
    event: { ...event, ...about } as ProcessEvent,
    process,
    processId: 1,
    language: 'en',
    secret: 's',
    now: 0,
  };
  const { text } = calendarFile({ ...entry, ...more });
  expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  const lines = text.replaceAll('\r\n ', '').split('\r\n');
  expect([lines[0], lines.at(-1)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR']);
  expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
  const unescaped = (value: string) => value.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), unescaped(line.slice(colon + 1))];
    }),
  );
}

test('an event is in the calendar at its moment, with its words as they are written', () => {
  expect(read()).toMatchObject({
    METHOD: 'PUBLISH',
    SUMMARY: event.title.en,
    LOCATION: event.where,
    DTSTART: '20270704T160000Z',
    DTEND: '20270704T170000Z',
    STATUS: 'CONFIRMED',
    SEQUENCE: '0',
  });
  expect(read({}, { at: '2027-01-04T18:00' })).toMatchObject({ DTSTART: '20270104T170000Z' });
  expect(read({ language: 'es' }).SUMMARY).toBe(event.title.es);
  expect(read({ tentative: true }).STATUS).toBe('TENTATIVE');
});

test('it lasts as long as its file says, an hour where that says nothing, and a date is a whole day of any length', () => {
  expect(read({}, { closes: '2027-07-04T21:30' }).DTEND).toBe('20270704T193000Z');
  expect(read({}, { duration: 'PT2H' }).DTEND).toBe('20270704T180000Z');
  // The second is a day of 25 hours.
  for (const [at, next] of [
    ['2027-07-04', '20270705'],
    ['2027-10-31', '20271101'],
  ])
    expect(read({}, { at })).toMatchObject({
      'DTSTART;VALUE=DATE': at?.replaceAll('-', ''),
      'DTEND;VALUE=DATE': next,
    });
  expect(read({}, { at: '2027-10-30', closes: '2027-10-31' })['DTEND;VALUE=DATE']).toBe('20271101');
});

test('it keeps its name when it moves, with a higher number, and is taken out when it is cancelled', () => {
  const first = read();
  const moved = read({ edition: 3, now: 86_400_000 }, { at: '2027-07-05T18:00', title: 'Opening' });
  expect(moved).toMatchObject({ UID: first.UID, SEQUENCE: '3', DTSTAMP: '19700102T000000Z' });
  expect(read({}, { id: 'other' }).UID).not.toBe(first.UID);
  expect(read({ secret: 'another installation' }).UID).not.toBe(first.UID);
  expect(read({ edition: 4 }, { cancelled: true })).toMatchObject({
    UID: first.UID,
    METHOD: 'CANCEL',
    STATUS: 'CANCELLED',
  });
});

test('nobody is named in it', () => {
  expect(Object.keys(read()).filter((key) => /ATTENDEE|ORGANIZER|CONTACT/.test(key))).toEqual([]);
});
