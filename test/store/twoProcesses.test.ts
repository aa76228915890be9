import { beforeEach, expect, test } from 'vitest';
import { momentOf } from '../../src/core/calendar.ts';
import { BLANK_NOTICE } from '../../src/notices/notice.ts';
import type { Attendance, EventAnswer } from '../../src/process/events/attendance.ts';
import { createAttendance } from '../../src/store/attendance.ts';
import type { Database } from '../../src/store/database.ts';
import { createLinks } from '../../src/store/links.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { calendarOf } from '../support/calendar.ts';
import { freshDatabase } from '../support/database.ts';
import { seedPeople } from '../support/outbound.ts';
import { plan } from '../support/plan.ts';

const NOW = momentOf('2027-03-01T12:00', 'Europe/Madrid');
/** Both plans have a meeting called m, on the same day. */
const MEETING = { id: 'm', title: 'Meeting', at: '2027-03-05T18:00' };
const process = (name: string) => plan({ name, startsOn: '2027-04-01', events: [MEETING] });

let db: Database;
let attendance: Attendance;
const processes = () => createProcesses(db);
const rows = async (sql: string) => (await db.pool.query(sql)).rows;
beforeEach(async () => {
  db = await freshDatabase();
  attendance = createAttendance(db.pool);
  await seedPeople(db, 3);
  await calendarOf(db, () => NOW).publish(process('First'));
});

/** The first is over, and the second open and public; gives the id of each. */
async function second(): Promise<[number, number]> {
  const { id } = await processes().now();
  await processes().close(id, null, new Date(NOW));
  await processes().apply(process('Second'), null, 'second');
  await calendarOf(db, () => NOW).publish(process('Second'));
  return [id, (await processes().now()).id];
}

let updates = 0;
const answer = (process: number, person: number, given: EventAnswer) =>
  attendance.answer({
    ...{ process, event: 'm', capacity: 1, until: null, at: new Date(NOW + updates) },
    ...{ identityId: `${person}`, answer: given, update: `u${++updates}` },
  });

test('events of the same name have answers and seats of their own, and an answer goes to the process that it was given to', async () => {
  const [one, two] = await second();
  await answer(one, 1, 'yes');
  expect(await answer(two, 2, 'yes')).toMatchObject({ seat: 'seat' });
  expect(await answer(one, 2, 'yes')).toMatchObject({ seat: 'waiting', position: 1 });
  const counts = (of: number) => attendance.counts({ process: of, event: 'm' });
  expect(await counts(one)).toMatchObject({ yes: 2, seats: 1, waiting: 1 });
  expect(await counts(two)).toMatchObject({ yes: 1, seats: 1, waiting: 0 });
  expect(await attendance.of({ process: two, event: 'm' }, '1')).toBeNull();
  expect([await attendance.waitedFor(one), await attendance.waitedFor(two)]).toEqual([['m'], []]);
});

test('news of a seat in a process that is over is not theirs any more, once the next is open', async () => {
  const { id: one } = await processes().now();
  await answer(one, 1, 'yes');
  await answer(one, 2, 'yes');
  expect((await answer(one, 1, 'no')).promoted).toEqual(['2']);
  const [{ id: delivery }] = await rows(
    `SELECT d.id FROM delivery d JOIN notice n ON n.id = d.notice_id AND n.kind = 'seat'`,
  );
  const theirs = async () => (await attendance.seatNews([delivery])).get(delivery);
  expect(await theirs()).toEqual({ event: 'm', process: one, theirs: true });
  const [, two] = await second();
  // The same name, and a seat of their own, make it no news of theirs.
  await answer(two, 2, 'yes');
  expect(await theirs()).toEqual({ event: 'm', process: one, theirs: false });
});

test('a notice waits for the nights of its own process, whatever the hours of the next', async () => {
  const notices = createNotices(db.pool);
  const hours = (id: number, from: number, to: number) =>
    db.pool.query(
      `UPDATE process SET definition = definition || jsonb_build_object('quietHours', jsonb_build_object(
         'from', to_char(now() AT TIME ZONE 'Europe/Madrid' + $2, 'HH24:MI'),
         'to', to_char(now() AT TIME ZONE 'Europe/Madrid' + $3, 'HH24:MI'))) WHERE id = $1`,
      [id, `${from} hours`, `${to} hours`],
    );
  const notice = { ...BLANK_NOTICE, id: 'earlier', kind: 'announcement' as const, texts: 'Word' };
  await notices.create({ ...notice, state: 'scheduled', at: new Date(0) }, new Date(NOW));
  const [one, two] = await second();
  await hours(one, -1, 1);
  await hours(two, 4, 8);
  const quiet = async (process: number) => (await notices.count({ ...notice, process })).map((each) => each.quiet > 0);
  expect(new Set(await quiet(one))).toEqual(new Set([true]));
  expect(new Set(await quiet(two))).toEqual(new Set([false]));
  await rows(`UPDATE notice SET state = 'scheduled' WHERE id = 'earlier'`);
  expect(await notices.start('earlier')).toBe(true);
  const waiting = await rows(`SELECT DISTINCT not_before > now() AS waits FROM delivery WHERE notice_id = 'earlier'`);
  expect(waiting).toEqual([{ waits: true }]);
});

test('links of the same name count those who came while their process was open', async () => {
  const links = createLinks(db.pool);
  await links.keep({ source: 'youth', flow: null });
  await db.pool.query(`UPDATE identity SET source = 'youth', joined_at = $1`, [new Date(NOW - 1000)]);
  const [one, two] = await second();
  await links.keep({ source: 'youth', flow: 'idea' });
  await seedPeople(db, 1, 'telegram', 3);
  await db.pool.query(`UPDATE identity SET source = 'youth', joined_at = $1 WHERE id = 4`, [new Date(NOW + 1000)]);
  const figures = async (of?: number) => (await links.arrivals(of)).map(({ flows, arrivals }) => ({ flows, arrivals }));
  expect(await figures(one)).toEqual([{ flows: [null], arrivals: 3 }]);
  expect(await figures(two)).toEqual([{ flows: ['idea'], arrivals: 1 }]);
  expect(await figures()).toEqual(await figures(two));
});

test('reminders of the same day are made in each, and what the first had to tell of its timeline is called back', async () => {
  const of = (origin: string) =>
    db.pool
      .query('SELECT process_id AS process, state FROM notice WHERE origin = $1 ORDER BY process_id', [origin])
      .then(({ rows: found }) => found);
  const timeline = (number: number) => of(`timeline:${number}`);
  // It had begun, and some have not had it.
  await rows(`UPDATE notice SET state = 'running', snapshot_at = now() WHERE kind = 'timeline'`);
  const [one, two] = await second();
  expect(await of('reminder:event_tomorrow:m:2027-03-05T18:00')).toEqual([
    { process: one, state: 'cancelled' },
    { process: two, state: 'scheduled' },
  ]);
  expect([await timeline(1), await timeline(2)]).toEqual([
    [{ process: one, state: 'cancelled' }],
    [{ process: two, state: 'scheduled' }],
  ]);
});
