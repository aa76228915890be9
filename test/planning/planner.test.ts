import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { momentOf } from '../../src/core/calendar.ts';
import { BLANK_NOTICE, type Notice } from '../../src/notices/notice.ts';
import type { ProcessDefinition } from '../../src/process/process.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { calendarOf } from '../support/calendar.ts';
import { lastingDatabaseUrl } from '../support/database.ts';
import { noticeIs } from '../support/happens.ts';
import { seedPeople } from '../support/outbound.ts';
import { plan } from '../support/plan.ts';

const ZONE = 'Europe/Madrid';
const madrid = (local: string) => momentOf(local, ZONE);
const TEN_MINUTES = 600_000;

let db: Database;
let now: number;
const clock = () => now;
beforeAll(async () => {
  db = await openDatabase(await lastingDatabaseUrl());
  await seedPeople(db, 2);
});
afterAll(() => db.close());
/** The record of timelines is only ever added to, but for a test that begins again. */
beforeEach(() =>
  db.pool.query(`
    SET session_replication_role = replica; DELETE FROM timeline; SET session_replication_role = DEFAULT;
    DELETE FROM notice_event; DELETE FROM delivery; DELETE FROM notice; UPDATE process SET definition = NULL, hash = NULL`),
);

const apply = (definition: ProcessDefinition) => createProcesses(db).apply(definition);
const create = (notice: Partial<Notice> & { id: string }) =>
  createNotices(db.pool).create(
    { ...BLANK_NOTICE, kind: 'announcement', texts: 'Come', state: 'scheduled', ...notice },
    new Date(now),
  );
/** Every notice of an origin that begins so, or of that id, with its moment by the clock of Madrid. */
async function made(beginning: string): Promise<Record<string, string>> {
  const { rows } = await db.pool.query<{ name: string; state: string; at: string | null }>(
    `SELECT coalesce(origin, id) AS name, state, to_char(at AT TIME ZONE $2, 'YYYY-MM-DD HH24:MI') AS at FROM notice
     WHERE starts_with(coalesce(origin, id), $1) ORDER BY 1`,
    [beginning, ZONE],
  );
  return Object.fromEntries(rows.map(({ name, state, at }) => [name, `${state} ${at ?? 'without a moment'}`]));
}

const STAGE = { id: 'ideas', title: 'Ideas', opens: '2025-03-28', closes: '2025-04-02' };
const MEETING = { id: 'm', title: 'Meeting', at: '2025-03-31T18:00' };

test('every notice of the calendar begins once: two processes, clocks apart, kills, a date that moves, both changes of the clocks', async () => {
  now = madrid('2025-03-20T12:00');
  await apply(plan({ startsOn: '2025-04-10', stages: [STAGE], events: [MEETING] }));
  let calls = 0;
  // A process that dies when the row is there and its job is not.
  const dying = () => {
    calls += 1;
    if (calls % 3 === 0) throw new Error('killed');
  };
  const slow = calendarOf(db, clock, dying);
  const fast = calendarOf(db, () => now + TEN_MINUTES, dying);
  const published = (await createProcesses(db).current()) as ProcessDefinition;
  await slow.publish(published).catch(() => undefined);
  await create({ id: 'spring', schedule: { every: 'day', time: '02:30', from: '2025-03-28', until: '2025-03-31' } });
  await create({ id: 'autumn', schedule: { every: 'day', time: '02:30', from: '2025-10-25', until: '2025-10-27' } });
  await create({
    id: 'beside',
    schedule: { event: 'm', edge: 'at', days: -1, time: '09:00' },
    at: new Date(madrid('2025-03-30T09:00')),
  });
  const begun: Record<string, number[]> = {};
  const notices = createNotices(db.pool);

  async function sweep(at: number, killed: boolean): Promise<void> {
    const { rows } = await db.pool.query<{ id: string; name: string }>(
      `SELECT id, coalesce(origin, id) AS name FROM notice WHERE state = 'scheduled' AND at <= $1`,
      [new Date(at)],
    );
    if (killed) return;
    for (const { id, name } of rows) if (await notices.start(id)) begun[name] = [...(begun[name] ?? []), at];
  }

  const hours = ['00:10', '02:05', '02:35', '03:10', '03:45', '08:50', '09:05', '18:00', '18:20'];
  const days = ['28', '29', '30', '31']
    .map((day) => `2025-03-${day}`)
    .concat('2025-04-01', '2025-10-25', '2025-10-26', '2025-10-27');
  for (const [index, local] of days.flatMap((day) => hours.map((hour) => `${day}T${hour}`)).entries()) {
    now = madrid(local);
    if (local === '2025-03-29T08:50') {
      const moved = { ...published, events: [{ ...MEETING, at: '2025-04-01T18:00' }] };
      await apply(moved);
      await slow.publish(moved).catch(() => undefined);
    }
    await Promise.allSettled([slow.planner.reconcile(index % 2 === 0), fast.planner.reconcile()]);
    await Promise.all([sweep(now, index % 4 === 0), sweep(now + TEN_MINUTES, false)]);
  }

  expect(Object.values(begun).every((times) => times.length === 1)).toBe(true);
  expect(Object.keys(begun).sort()).toEqual([
    'beside',
    'event:m:1:2',
    'reminder:event_tomorrow:m:2025-04-01T18:00',
    'reminder:stage_closes:ideas:2025-04-02',
    'reminder:stage_opens:ideas:2025-03-28',
    ...['25', '26', '27'].map((day) => `repeat:autumn:2025-10-${day}T02:30`),
    ...['28', '29', '30', '31'].map((day) => `repeat:spring:2025-03-${day}T02:30`),
    'timeline:1',
    'timeline:2',
  ]);
  // Skipped, it is made up for at once; doubled, it counts the first time. A fast clock may be early by what it is fast.
  const within = (name: string, local: string) => (begun[name]?.[0] ?? 0) - madrid(local);
  expect(within('repeat:spring:2025-03-30T02:30', '2025-03-30T03:30')).toBeGreaterThanOrEqual(0);
  expect(within('repeat:spring:2025-03-30T02:30', '2025-03-30T03:30')).toBeLessThan(1_800_000);
  expect(within('repeat:autumn:2025-10-26T02:30', '2025-10-26T02:30')).toBeGreaterThanOrEqual(0);
  expect(within('repeat:autumn:2025-10-26T02:30', '2025-10-26T02:30')).toBeLessThan(3_600_000);
  expect(within('beside', '2025-03-31T09:00')).toBeLessThan(TEN_MINUTES * 2);
  expect(await made('reminder:event_tomorrow:m:2025-03-31')).toEqual({
    'reminder:event_tomorrow:m:2025-03-31T18:00': 'cancelled 2025-03-30 18:00',
  });
  expect(await made('spring')).toEqual({ spring: 'done without a moment' });
  const { rows } = await db.pool.query('SELECT count(*)::int AS count FROM delivery GROUP BY notice_id, identity_id');
  expect(rows.every(({ count }) => count === 1)).toBe(true);
});

describe('reminders', () => {
  const planner = () => calendarOf(db, clock).planner;
  const OPENS = 'reminder:stage_opens:ideas:2025-03-28';
  const process = plan({ startsOn: '2025-05-01', stages: [STAGE] });
  const publish = async (definition: ProcessDefinition) => {
    await apply(definition);
    await calendarOf(db, clock).publish(definition);
  };
  beforeEach(() => {
    now = madrid('2025-03-20T12:00');
  });

  test('come of a published timeline only, once', async () => {
    await apply(process);
    await planner().reconcile();
    expect(await made('')).toEqual({});
    await calendarOf(db, clock).publish(process);
    const first = await made('reminder:');
    expect(first).toEqual({
      [OPENS]: 'scheduled 2025-03-28 09:00',
      'reminder:stage_closes:ideas:2025-04-02': 'scheduled 2025-03-30 09:00',
    });
    await Promise.all([planner().reconcile(true), planner().reconcile(true)]);
    expect(await made('reminder:')).toEqual(first);
    const { rows } = await db.pool.query('SELECT kind, topic, approval, until FROM notice WHERE origin = $1', [OPENS]);
    expect(rows).toEqual([
      { kind: 'timeline_reminder', topic: 'reminders', approval: 'given', until: new Date(madrid('2025-04-03T00:00')) },
    ]);
  });

  test('go when they are switched off, and come back when they are switched on; what a person cancels stays away', async () => {
    await publish(process);
    await publish({ ...process, reminders: { stageOpens: false } });
    expect(await made(OPENS)).toEqual({ [OPENS]: 'cancelled 2025-03-28 09:00' });
    await publish(process);
    expect(await made(OPENS)).toEqual({ [OPENS]: 'scheduled 2025-03-28 09:00' });
    const { rows } = await db.pool.query('SELECT id FROM notice WHERE origin = $1', [OPENS]);
    await createNotices(db.pool).change(rows[0].id, 'cancel', 'ana');
    await publish({ ...process, reminders: { stageOpens: false } });
    await publish(process);
    expect(await made(OPENS)).toEqual({ [OPENS]: 'cancelled 2025-03-28 09:00' });
  });

  test('lose their approval with their words, and whoever has put in other words is not the second to approve them', async () => {
    const approvalOf = async () =>
      (
        await db.pool.query(
          `SELECT approval, approved_by AS by, scheduled_by AS first, texts->>'en' AS words FROM notice WHERE origin = $1`,
          [OPENS],
        )
      ).rows[0];
    const publishBy = async (by: string, texts: string | undefined, more: Partial<ProcessDefinition> = {}) => {
      const definition = { ...process, ...more, ...(texts && { reminders: { stageOpens: { texts } } }) };
      await createProcesses(db).apply(definition, by);
      await calendarOf(db, clock).publish(definition);
    };
    await publishBy('ana', undefined);
    expect(await approvalOf()).toMatchObject({ approval: 'given', by: null, first: null });
    await publishBy('ana', 'Now: {title}');
    expect(await approvalOf()).toEqual({ approval: null, by: null, first: 'ana', words: 'Now: Ideas' });
    const notices = createNotices(db.pool);
    const { rows } = await db.pool.query('SELECT id FROM notice WHERE origin = $1', [OPENS]);
    await notices.needApproval(rows[0].id, 1_000);
    expect(await notices.approve(rows[0].id, 'ana', new Date(now))).toBe(false);
    expect(await notices.approve(rows[0].id, 'ben', new Date(now))).toBe(true);
    // What changes no word leaves the approval as it is, also of one that was switched off for a while.
    await publishBy('eva', 'Now: {title}', { events: [MEETING] });
    await publish({ ...process, reminders: { stageOpens: false } });
    await publishBy('eva', 'Now: {title}');
    expect(await approvalOf()).toEqual({ approval: 'given', by: 'ben', first: 'ana', words: 'Now: Ideas' });
    await publish({ ...process, reminders: { stageOpens: false } });
    await publishBy('eva', 'Come: {title}');
    expect(await approvalOf()).toEqual({ approval: null, by: null, first: 'eva', words: 'Come: Ideas' });
  });

  test('change with their words and hours until they begin, and are not made when their moment is long past', async () => {
    await publish(process);
    await publish({
      ...process,
      timeZone: 'Atlantic/Canary',
      reminders: { stageCloses: { days: 4, texts: 'Soon: {title}' } },
    });
    expect(await made('reminder:')).toEqual({
      [OPENS]: 'scheduled 2025-03-28 10:00',
      'reminder:stage_closes:ideas:2025-04-02': 'scheduled 2025-03-29 10:00',
    });
    const { rows } = await db.pool.query(`SELECT texts FROM notice WHERE origin LIKE 'reminder:stage_closes%'`);
    expect(rows).toEqual([{ texts: { en: 'Soon: Ideas' } }]);
    now = madrid('2025-03-30T20:00');
    const late = { ...process, stages: [STAGE, { ...STAGE, id: 'late' }] };
    await publish(late);
    expect(Object.keys(await made('reminder:')).filter((origin) => origin.includes('late'))).toEqual([]);
  });
});

describe('schedules', () => {
  const reconcile = () => calendarOf(db, clock).planner.reconcile();
  beforeEach(async () => {
    now = madrid('2025-03-20T12:00');
    await apply(plan({ events: [MEETING] }));
  });

  test('beside a date wait while that is cancelled or has passed, and go on when it comes back', async () => {
    await create({ id: 'b', schedule: { event: 'm', edge: 'at', days: -1 }, at: new Date(madrid('2025-03-30T18:00')) });
    await reconcile();
    expect(await made('b')).toEqual({ b: 'scheduled 2025-03-30 18:00' });
    await apply(plan({ events: [{ ...MEETING, cancelled: true }] }));
    await reconcile();
    expect(await made('b')).toEqual({ b: 'scheduled without a moment' });
    await apply(plan({ events: [{ ...MEETING, at: '2025-03-20T14:00' }] }));
    await reconcile();
    expect(await made('b')).toEqual({ b: 'scheduled without a moment' });
    await apply(plan({ events: [{ ...MEETING, at: '2025-04-07T18:00' }] }));
    await reconcile();
    expect(await made('b')).toEqual({ b: 'scheduled 2025-04-06 18:00' });
  });

  test('what was due while nobody was there is not put off', async () => {
    await create({ id: 'b', schedule: { event: 'm', edge: 'at', days: -1 }, at: new Date(madrid('2025-03-30T18:00')) });
    await reconcile();
    now = madrid('2025-03-31T12:00');
    await reconcile();
    expect(await made('b')).toEqual({ b: 'scheduled 2025-03-30 18:00' });
  });

  test('again and again: turns come shortly before, go with a pause, need the approval, and end', async () => {
    const schedule = { every: 'day' as const, time: '13:00', until: '2025-03-21' };
    await create({ id: 'd', schedule, approval: 'needed', scheduledBy: 'ana' });
    await reconcile();
    expect(await made('repeat:')).toEqual({});
    await noticeIs(db.pool, { approval: 'given' }, 'd');
    now = madrid('2025-03-20T12:30');
    await reconcile();
    expect(await made('repeat:')).toEqual({ 'repeat:d:2025-03-20T13:00': 'scheduled 2025-03-20 13:00' });
    await createNotices(db.pool).change('d', 'pause', null);
    await reconcile();
    expect(await made('repeat:')).toEqual({ 'repeat:d:2025-03-20T13:00': 'cancelled 2025-03-20 13:00' });
    await noticeIs(db.pool, { state: 'scheduled' }, 'd');
    await reconcile();
    expect(await made('repeat:')).toEqual({ 'repeat:d:2025-03-20T13:00': 'scheduled 2025-03-20 13:00' });
    now = madrid('2025-03-22T12:30');
    await reconcile();
    expect(await made('d')).toEqual({ d: 'done without a moment' });
    // Over is not called off: what was made still goes.
    expect(await made('repeat:')).toEqual({ 'repeat:d:2025-03-20T13:00': 'scheduled 2025-03-20 13:00' });
  });

  test('do not make up for what lay before they were scheduled', async () => {
    await create({ id: 'd', schedule: { every: 'day', time: '11:00' } });
    await reconcile();
    expect(await made('repeat:')).toEqual({});
  });
});
