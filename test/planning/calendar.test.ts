import { beforeEach, describe, expect, test } from 'vitest';
import { momentOf } from '../../src/core/calendar.ts';
import { BLANK_NOTICE, type Notice } from '../../src/notices/notice.ts';
import { createNoticeCalendar, type Upcoming } from '../../src/planning/calendar.ts';
import type { Database } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createOverview } from '../../src/store/overview.ts';
import { createPlannedNotices } from '../../src/store/plannedNotices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { createTimelines } from '../../src/store/timelines.ts';
import { calendarOf } from '../support/calendar.ts';
import { freshDatabase } from '../support/database.ts';
import { noticeIs } from '../support/happens.ts';
import { seedPeople } from '../support/outbound.ts';
import { outreachPhrases, plan } from '../support/plan.ts';

const madrid = (local: string) => momentOf(local, 'Europe/Madrid');
const DAY = 86_400_000;

let db: Database;
let now: number;
const clock = () => now;

/** A process with a stage that opens in a month and a meeting, made public; half of four people read Spanish. */
beforeEach(async () => {
  db = await freshDatabase();
  now = madrid('2027-03-01T12:00');
  await seedPeople(db, 4);
  const process = plan({
    startsOn: '2027-04-01',
    stages: [{ id: 'ideas', title: 'Ideas', opens: '2027-04-01', closes: '2027-04-20' }],
    events: [{ id: 'm', title: 'Meeting', at: '2027-04-05T18:00' }],
  });
  await createProcesses(db).apply(process);
  await calendarOf(db, clock).publish(process);
  await noticeIs(db.pool, { state: 'done', begun: true });
});

const create = (notice: Partial<Notice> & { id: string }) =>
  createNotices(db.pool).create(
    { ...BLANK_NOTICE, kind: 'announcement', texts: 'Come', state: 'scheduled', ...notice },
    new Date(now),
  );

async function upcoming(until: string, process?: number): Promise<Upcoming[]> {
  const parts = { processes: createProcesses(db), timelines: createTimelines(db.pool) };
  const stores = { planned: createPlannedNotices(db.pool), notices: createNotices(db.pool) };
  const more = { phrasesIn: outreachPhrases, clock, holdSeconds: 120 };
  return createNoticeCalendar({ ...parts, ...stores, ...more }).upcoming(madrid(until), process);
}
const local = (at: Date) => new Date(at.getTime() + 2 * 3_600_000).toISOString().slice(0, 16);
const lines = (all: Upcoming[]) =>
  all.map(({ at, kind, by, state, recipients }) => `${local(at)} ${kind} ${by} ${state} ${recipients}`);

describe('the calendar of what goes out', () => {
  test('has the reminders of the timeline long before they are made, and each once when they are', async () => {
    await db.pool.query(
      `INSERT INTO attendance (event, identity_id, answer, since, at) VALUES ('m', 1, 'yes', now(), now()), ('m', 2, 'no', now(), now())`,
    );
    const expected = [
      '2027-04-01T09:00 timeline_reminder timeline scheduled 4',
      '2027-04-04T18:00 timeline_reminder timeline scheduled 1',
      '2027-04-17T09:00 timeline_reminder timeline scheduled 4',
    ];
    const before = await upcoming('2027-05-01T00:00');
    expect(lines(before)).toEqual(expected);
    expect(before.map(({ id }) => id)).toEqual([null, null, null]);
    expect(before[1]).toMatchObject({ audience: 'attends("m")', texts: { en: expect.stringContaining('Meeting') } });
    expect(lines(await upcoming('2027-04-04T17:59'))).toEqual(expected.slice(0, 1));
    now = madrid('2027-03-25T12:00');
    await calendarOf(db, clock).planner.reconcile();
    const after = await upcoming('2027-05-01T00:00');
    expect(lines(after)).toEqual(expected);
    expect(after.map(({ id }) => id === null)).toEqual([false, false, true]);
    await createNotices(db.pool).change(after[0]?.id ?? '', 'cancel', null);
    expect(lines(await upcoming('2027-05-01T00:00'))).toEqual(expected.slice(1));
  });

  test('has what members have scheduled, each turn of what repeats, and a release, with whom they would reach', async () => {
    await create({ id: 'draft', state: 'draft', at: new Date(now + DAY) });
    await create({ id: 'one', audience: 'language == "es"', at: new Date(now + DAY) });
    await create({ id: 'asked', approval: 'needed', at: new Date(now + DAY + 1000) });
    await create({ id: 'held', state: 'paused', at: new Date(now + DAY + 2000) });
    await create({ id: 'weekly', kind: 'closure', schedule: { every: 'week', on: 'monday', time: '09:00' }, at: null });
    await create({ id: 'ended', schedule: { every: 'day', time: '09:00' }, at: null, until: new Date(now) });
    await create({ id: 'answers', kind: 'response', texts: {}, at: new Date(now + 2 * DAY) });
    await db.pool.query(
      `INSERT INTO delivery (notice_id, identity_id, channel) SELECT 'answers', id, channel FROM identity WHERE id < 4`,
    );
    await noticeIs(db.pool, { begun: true }, 'answers');
    await db.pool.query(`UPDATE notice_event SET at = $1`, [new Date(now)]);
    await db.pool.query(`UPDATE notice SET created_at = $1`, [new Date(now)]);
    expect(lines(await upcoming('2027-03-16T00:00'))).toEqual([
      '2027-03-02T13:00 announcement member scheduled 2',
      '2027-03-02T13:00 announcement member to_approve 4',
      '2027-03-02T13:00 announcement member paused 4',
      '2027-03-03T13:00 response member scheduled 3',
      '2027-03-08T10:00 closure repeat scheduled 4',
      '2027-03-15T10:00 closure repeat scheduled 4',
    ]);
  });

  test('has no turn of a notice that asks something after it has closed, wherever its end has moved', async () => {
    const question = { id: 'q', text: 'Why?', closes: '2027-03-15T09:00' };
    const schedule = { every: 'week' as const, on: 'monday' as const, time: '09:00' };
    await create({ id: 'weekly', schedule, at: null, buttons: [{ label: 'Answer', question: 'q' }] });
    await db.pool.query(`UPDATE notice_event SET at = $1`, [new Date(now)]);
    await db.pool.query(`UPDATE notice SET created_at = $1`, [new Date(now)]);
    const turns = async (closes: string) => {
      await createProcesses(db).apply(plan({ startsOn: '2027-04-01', questions: [{ ...question, closes }] }));
      now = madrid('2027-03-01T12:00');
      const shown = (await upcoming('2027-03-30T00:00')).filter(({ by }) => by === 'repeat').length;
      for (const day of ['08', '15', '22', '29']) {
        now = madrid(`2027-03-${day}T08:30`);
        await calendarOf(db, clock).planner.reconcile();
      }
      const { rows } = await db.pool.query(
        `SELECT count(*)::int AS made FROM notice WHERE turn_of = 'weekly' AND state <> 'cancelled'`,
      );
      return [shown, rows[0].made];
    };
    expect(await turns('2027-03-15T09:00')).toEqual([1, 1]);
    expect(await turns('2027-03-22T10:00')).toEqual([3, 3]);
  });

  test('has what still goes out of a process that was closed, unless another one is asked for', async () => {
    const processes = createProcesses(db);
    const { id } = await processes.now();
    await create({ id: 'draft' });
    await create({ id: 'thanks', kind: 'closure', at: new Date(madrid('2027-03-02T09:00')) });
    await processes.close(id, null, new Date(now));
    await processes.apply(plan({ name: 'Next' }), null, 'next');
    await create({ id: 'hello', at: new Date(madrid('2027-03-03T09:00')) });
    const idsOf = async (process?: number) => (await upcoming('2027-03-10T00:00', process)).map((one) => one.id);
    expect(await idsOf()).toEqual(['thanks', 'hello']);
    expect(await idsOf(id)).toEqual(['thanks']);
    expect(await idsOf((await processes.now()).id)).toEqual(['hello']);
    const overview = createOverview(db.pool);
    expect(await overview.counts()).toMatchObject({ scheduled: 2 });
    expect((await overview.newest(0, 5)).map((one) => one.id).sort()).toEqual(['hello', 'thanks']);
  });
});
