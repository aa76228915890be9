import fc from 'fast-check';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { ANSWERS, type Attendance, type EventAnswer, type SeatStanding } from '../../src/process/events/attendance.ts';
import { createAttendance } from '../../src/store/attendance.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { lastingDatabaseUrl } from '../support/database.ts';
import { seedPeople } from '../support/outbound.ts';

const PEOPLE = 50;
let db: Database;
let attendance: Attendance;
let updates = 0;

beforeAll(async () => {
  db = await openDatabase(await lastingDatabaseUrl());
  await seedPeople(db, PEOPLE);
  attendance = createAttendance(db.pool);
  return () => db.close();
});

const at = (second: number) => new Date(Date.UTC(2027, 0, 15, 9, 0, second));
const in1 = (event: string) => ({ process: 1, event });
const given = (event: string, person: number, answer: EventAnswer, capacity: number | null, more = {}) => ({
  process: 1,
  event,
  identityId: String(person),
  answer,
  capacity,
  until: null,
  at: at(0),
  update: `update-${++updates}`,
  ...more,
});
const says = (...args: Parameters<typeof given>) => attendance.answer(given(...args));
const rows = async (sql: string, values: unknown[] = []) => (await db.pool.query(sql, values)).rows;
/** Who has been sent the news of a seat, each time, in the order in which it was made. */
const told = async (event: string): Promise<number[]> =>
  (
    await rows(
      `SELECT d.identity_id::int AS id FROM notice n JOIN delivery d ON d.notice_id = n.id
       WHERE n.event = $1 AND n.origin LIKE 'seat:%' ORDER BY d.id`,
      [event],
    )
  ).map(({ id }) => id);

test('fifty people answer at once through several processes for ten seats: ten have one, the others are a line', async () => {
  const others = await Promise.all([1, 2, 3].map(() => openDatabase(db.url, { connections: 4 })));
  onTestFinished(() => Promise.all(others.map((other) => other.close())).then(() => undefined));
  const processes = [attendance, ...others.map(({ pool }) => createAttendance(pool))];
  const all = Array.from({ length: PEOPLE }, (_, index) => index + 1);
  const together = (people: number[], answer: EventAnswer) =>
    Promise.all(people.map((person) => processes[person % 4]!.answer(given('rush', person, answer, 10))));

  const standings = await together(all, 'yes');
  const seated = all.filter((_, index) => standings[index]?.seat === 'seat');
  expect(seated).toHaveLength(10);
  const places = standings.flatMap(({ position }) => position ?? []).sort((one, other) => one - other);
  expect(places).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(await told('rush')).toEqual([]);
  expect(await attendance.waitedFor(1)).toContain('rush');

  const line = all
    .filter((person) => !seated.includes(person))
    .sort((one, other) => (standings[one - 1]?.position ?? 0) - (standings[other - 1]?.position ?? 0));
  const gone = await together(seated, 'no');
  expect(gone.flatMap(({ promoted }) => promoted.map(Number)).sort()).toEqual(line.slice(0, 10).sort());
  expect(await attendance.counts(in1('rush'))).toEqual({ yes: 40, maybe: 0, no: 10, seats: 10, waiting: 30 });
  expect((await told('rush')).sort()).toEqual(line.slice(0, 10).sort());
});

test('news of a seat is a running notice with its one delivery, that no audience takes in', async () => {
  await says('news', 1, 'yes', 1);
  await says('news', 2, 'yes', 1, { until: at(60) });
  expect(await says('news', 1, 'no', 1, { until: at(60) })).toMatchObject({ seat: null, promoted: ['2'] });
  const [news] = await rows(
    `SELECT id, kind, state, event, until, origin, on_uncertain FROM notice WHERE event = 'news'`,
  );
  const since = (await rows(`SELECT since FROM attendance WHERE event = 'news' AND identity_id = 2`))[0].since;
  expect(news).toMatchObject({ kind: 'seat', state: 'running', until: at(60), on_uncertain: 'resend' });
  expect(news.origin).toBe(`seat:news:2:${since.getTime()}`);
  const notices = createNotices(db.pool);
  expect(await notices.status(news.id)).toMatchObject({ recipients: 1 });
  expect(await notices.count((await notices.find(news.id))!)).toEqual([]);

  const [{ id }] = await rows('SELECT id FROM delivery WHERE notice_id = $1', [news.id]);
  const theirs = async () => (await attendance.seatNews([id])).get(id);
  expect(await theirs()).toEqual({ event: 'news', process: 1, theirs: true });
  await says('news', 2, 'no', 1);
  expect(await theirs()).toEqual({ event: 'news', process: 1, theirs: false });
  // A seat that they took again is told of in its reply: the news of the one before has come to nothing.
  expect(await says('news', 2, 'yes', 1)).toMatchObject({ seat: 'seat', promoted: [] });
  expect(await theirs()).toEqual({ event: 'news', process: 1, theirs: false });
});

test('news of a seat wakes nobody, unless the event were missed by it', async () => {
  const now = Date.now();
  const hour = (more: number) => new Date(now + more * 3_600_000).toISOString().slice(11, 16);
  const definition = { timeZone: 'Asia/Tokyo', quietHours: { from: hour(-1), to: hour(1) } };
  onTestFinished(() =>
    rows(`UPDATE process SET definition = NULL`)
      .then(() => rows(`UPDATE identity SET zone = NULL`))
      .then(() => undefined),
  );
  await rows('UPDATE process SET definition = $1', [JSON.stringify(definition)]);
  await rows(`UPDATE identity SET zone = 'UTC' WHERE id = 2`);
  for (const [event, until] of Object.entries({ soon: 0.5, later: 5 })) {
    const seats = { until: new Date(now + until * 3_600_000) };
    for (const person of [1, 2, 3]) await says(event, person, 'yes', 1, seats);
    await attendance.promote({ process: 1, event, capacity: 3, ...seats });
  }
  const waits = await rows(
    `SELECT n.event, d.identity_id::int AS person, d.not_before > now() AS waits FROM delivery d JOIN notice n ON n.id = d.notice_id
     WHERE n.event IN ('soon', 'later') ORDER BY d.id`,
  );
  expect(waits.map(({ event, person, waits: until }) => [event, person, until])).toEqual([
    ['soon', 2, null],
    ['soon', 3, null],
    ['later', 2, true],
    ['later', 3, null],
  ]);
});

test('a repeated update changes nothing, however late it comes', async () => {
  const early = given('again', 1, 'yes', 1);
  const done = (id: string) => rows(`INSERT INTO inbound_update (id) VALUES ($1)`, [id]);
  const first = await attendance.answer(early);
  expect(await attendance.answer(early)).toEqual(first);
  await done(early.update);
  await says('again', 1, 'no', 1, { at: at(1) });
  // Platforms do not say when a button was pressed: the repeat seems to be a later press.
  expect(await attendance.answer({ ...early, at: at(9) })).toMatchObject({ answer: 'no', seat: null });
  expect((await attendance.counts(in1('again'))).seats).toBe(0);
});

test('an answer that failed and is tried again gives way to a later one; clocks that disagree do not hold an answer back', async () => {
  const late = given('retried', 1, 'yes', 1, { at: at(30) });
  await rows(`INSERT INTO inbound_update (id, state, attempts) VALUES ($1, 'waiting', 1)`, [late.update]);
  await says('retried', 1, 'no', 1, { at: at(40) });
  expect(await attendance.answer(late)).toMatchObject({ answer: 'no' });
  expect(await says('retried', 1, 'maybe', 1, { at: at(10) })).toMatchObject({ answer: 'maybe' });
  // Somebody whose process is ten minutes behind does not come before those who were told their place.
  await says('retried', 2, 'yes', 0, { at: at(50) });
  expect(await says('retried', 3, 'yes', 0, { at: at(-600) })).toMatchObject({ position: 2 });
});

test('after /stop a seat is kept, somebody in line is passed over, and what is erased is free', async () => {
  const become = (person: number, status: string) =>
    rows('UPDATE identity SET status = $2 WHERE id = $1', [person, status]);
  onTestFinished(() => rows(`UPDATE identity SET status = 'active'`).then(() => undefined));
  for (const person of [1, 2, 3, 4, 5]) await says('left', person, 'yes', 2);
  await become(2, 'stopped');
  await become(3, 'stopped');
  expect(await attendance.of(in1('left'), '4')).toMatchObject({ position: 1 });
  expect((await says('left', 1, 'no', 2)).promoted).toEqual(['4']);
  expect(await attendance.counts(in1('left'))).toMatchObject({ seats: 2, waiting: 1 });
  await become(4, 'erased');
  await become(3, 'active');
  expect(await attendance.promote({ process: 1, event: 'left', capacity: 2, until: null })).toEqual(['3']);
  expect(await attendance.promote({ process: 1, event: 'left', capacity: 2, until: null })).toEqual([]);
  expect(await attendance.of(in1('left'), '2')).toMatchObject({ seat: 'seat' });
});

test('an event without a capacity seats everybody, also those who waited while it had one', async () => {
  for (const person of [1, 2, 3]) await says('open', person, 'yes', 1);
  expect(await attendance.promote({ process: 1, event: 'open', capacity: null, until: null })).toEqual(['2', '3']);
  expect(await says('open', 4, 'yes', null)).toMatchObject({ seat: 'seat', position: null });
  expect(await attendance.of(in1('open'), '5')).toBeNull();
});

type Step = { person: number; answer: EventAnswer } | { more: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ person: fc.integer({ min: 1, max: 6 }), answer: fc.constantFrom(...ANSWERS) }) },
  { weight: 1, arbitrary: fc.record({ more: fc.integer({ min: 0, max: 2 }) }) },
);

/** The same rules in plain lists: whoever says yes joins a line, whose head has the seats. */
function model(capacity: number) {
  const answers = new Map<number, EventAnswer>();
  const seated = new Set<number>();
  let line: number[] = [];
  const fill = (): number[] => {
    const moved: number[] = [];
    for (let next = line[0]; next !== undefined && seated.size < capacity; next = line[0]) {
      line.shift();
      seated.add(next);
      moved.push(next);
    }
    return moved;
  };
  const standing = (person: number): SeatStanding => ({
    answer: answers.get(person) ?? 'no',
    seat: seated.has(person) ? 'seat' : line.includes(person) ? 'waiting' : null,
    position: line.indexOf(person) + 1 || null,
  });
  return {
    answer(person: number, answer: EventAnswer) {
      if (answer !== 'yes') {
        seated.delete(person);
        line = line.filter((other) => other !== person);
      } else if (answers.get(person) !== 'yes') line.push(person);
      answers.set(person, answer);
      const promoted = fill().filter((other) => other !== person);
      return { ...standing(person), promoted: promoted.map(String) };
    },
    grow(more: number) {
      capacity += more;
      return fill().map(String);
    },
    capacity: () => capacity,
    seated,
  };
}

test('whatever people answer in whatever order, seats and line are those of the rules', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 3 }), fc.array(step, { maxLength: 25 }), async (first, steps) => {
      const event = `any-${++runs}`;
      const rules = model(first);
      for (const [second, one] of steps.entries()) {
        if ('more' in one) {
          const promoted = rules.grow(one.more);
          const seats = { process: 1, event, capacity: rules.capacity(), until: null };
          expect(await attendance.promote(seats)).toEqual(promoted);
          continue;
        }
        const expected = rules.answer(one.person, one.answer);
        expect(await says(event, one.person, one.answer, rules.capacity(), { at: at(second) })).toEqual(expected);
      }
      const { seats } = await attendance.counts(in1(event));
      expect(seats).toBe(rules.seated.size);
      expect(seats).toBeLessThanOrEqual(rules.capacity());
    }),
    { numRuns: 25 },
  );
});
