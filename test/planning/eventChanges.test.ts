import { beforeEach, expect, test } from 'vitest';
import { momentOf } from '../../src/core/calendar.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import type { OutboundFile } from '../../src/core/message.ts';
import { plainText } from '../../src/core/message.ts';
import type { ClaimedDelivery } from '../../src/delivery/ports.ts';
import { renderEventChanges } from '../../src/notices/eventChange.ts';
import type { ProcessDefinition } from '../../src/process/process.ts';
import { createAttendance } from '../../src/store/attendance.ts';
import type { Database } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { createTimelines } from '../../src/store/timelines.ts';
import { calendarOf } from '../support/calendar.ts';
import { freshDatabase } from '../support/database.ts';
import { seedPeople } from '../support/outbound.ts';
import { plan } from '../support/plan.ts';

const NOW = momentOf('2027-01-15T12:00', 'Europe/Madrid');
const MEETING = { id: 'm', title: 'Meeting', at: '2027-02-04T18:00', where: 'Town hall' };
const STAGE = { id: 's', title: 'Ideas', opens: '2027-02-01', closes: '2027-03-01' };
const phrasesIn = await loadPhrases('flows/chat.yaml');

let db: Database;
const publish = (events: ProcessDefinition['events'], closes = STAGE.closes) =>
  calendarOf(db, () => NOW).publish(plan({ startsOn: '2027-02-01', stages: [{ ...STAGE, closes }], events }));
const made = async () =>
  (
    await db.pool.query(`SELECT origin, state FROM notice WHERE kind = 'event_change' ORDER BY created_at, origin`)
  ).rows.map(({ origin, state }) => `${origin} ${state}`);

/** Five people: yes, yes and in line, maybe, no, and one who has said nothing of it. The first has not agreed to take part. */
beforeEach(async () => {
  db = await freshDatabase();
  await seedPeople(db, 5);
  await db.pool.query('UPDATE identity SET consent_version = NULL WHERE id = 1');
  await db.pool.query(`UPDATE identity SET wants = 'answers' WHERE id = 3`);
  await publish([MEETING]);
  await db.pool.query(`UPDATE notice SET snapshot_at = now(), state = 'done' WHERE kind = 'timeline'`);
  const attendance = createAttendance(db.pool);
  for (const [person, answer] of [
    ['1', 'yes'],
    ['2', 'yes'],
    ['3', 'maybe'],
    ['4', 'no'],
  ] as const)
    await attendance.answer({
      ...{ process: 1, event: 'm', capacity: 1, until: null, at: new Date(NOW) },
      ...{ identityId: person, answer, update: `u${person}` },
    });
});

/** What each of its recipients reads of it, with their calendar's entry. */
async function read(origin: string): Promise<Record<string, { text: string; entry: string | null }>> {
  const { rows: found } = await db.pool.query('SELECT id FROM notice WHERE origin = $1', [origin]);
  const notices = createNotices(db.pool);
  await db.pool.query('UPDATE notice SET at = now() WHERE id = $1', [found[0].id]);
  expect(await notices.start(found[0].id)).toBe(true);
  const { rows } = await db.pool.query<ClaimedDelivery>(
    `SELECT d.id, d.notice_id AS "noticeId", i.id AS "identityId", i.key AS "identityKey", i.kind AS recipient, i.channel, 'en' AS language
     FROM delivery d JOIN identity i ON i.id = d.identity_id WHERE d.notice_id = $1 ORDER BY i.id`,
    [found[0].id],
  );
  const { id: processId, definition } = await createProcesses(db).now();
  const messages = await renderEventChanges(rows, {
    ...{ notices, attendance: createAttendance(db.pool), timelines: createTimelines(db.pool), phrasesIn, secret: 's' },
    ...{ process: definition ?? plan({}), processId, closed: false, now: NOW },
    ...{ chatLink: () => null, openChat: () => '' },
  });
  return Object.fromEntries(
    rows.map(({ id, identityId }) => {
      const [message] = messages.get(id) ?? [];
      if (message === undefined || typeof message === 'string') throw new Error('nothing was said');
      return [identityId, { text: plainText(message), entry: message.file ? textOf(message.file) : null }];
    }),
  );
}

const textOf = (file: OutboundFile): string => ('text' in file ? file.text : '');
const property = (entry: string | null | undefined, name: string) =>
  new RegExp(`^${name}:(.*)\r$`, 'm').exec(entry ?? '')?.[1];

test('whoever comes or may is told of another date, asked again, and gets an entry that takes the place of theirs', async () => {
  await publish([{ ...MEETING, at: '2027-02-11T18:00' }]);
  expect(await made()).toEqual(['event:m:1:2 scheduled']);
  const moved = await read('event:m:1:2');
  // Also the one who has not agreed to news, and the one who wants answers only: they have asked for this.
  expect(Object.keys(moved)).toEqual(['1', '2', '3']);
  expect(moved[1]?.text).toBe(
    'New date of “Meeting”: Thursday 11 February at 18:00 (was Thursday 4 February at 18:00)\n' +
      'Your earlier answer still counts, unless you answer again.\n\n' +
      'Meeting: Thursday 11 February at 18:00 (Madrid)\nTown hall\nWill you come?',
  );
  expect([1, 2, 3].map((person) => property(moved[person]?.entry, 'STATUS'))).toEqual([
    'CONFIRMED',
    undefined,
    'TENTATIVE',
  ]);
  expect(['DTSTART', 'SEQUENCE', 'METHOD'].map((name) => property(moved[1]?.entry, name))).toEqual([
    '20270211T170000Z',
    '2',
    'PUBLISH',
  ]);

  await publish([{ ...MEETING, at: '2027-02-11T18:00', cancelled: true }]);
  const off = await read('event:m:2:3');
  expect(off[1]?.text).toBe(
    'Cancelled: Meeting (Thursday 11 February at 18:00)\n' +
      'You need not come. To see the other dates, send /timeline.',
  );
  expect(['SEQUENCE', 'METHOD', 'STATUS'].map((name) => property(off[1]?.entry, name))).toEqual([
    '3',
    'CANCEL',
    'CANCELLED',
  ]);
  expect(property(off[1]?.entry, 'UID')).toBe(property(moved[1]?.entry, 'UID'));
});

test('a meeting that is gone from the process is taken out of their calendars as well', async () => {
  await publish([]);
  const gone = await read('event:m:1:2');
  expect(gone[1]?.text).toContain('No longer planned: Meeting (Thursday 4 February at 18:00)');
  expect(['DTSTART', 'METHOD'].map((name) => property(gone[1]?.entry, name))).toEqual(['20270204T170000Z', 'CANCEL']);
});

test('what has not gone out when the next change comes is told as part of it, or not at all where all is as it was', async () => {
  await publish([{ ...MEETING, at: '2027-02-11T18:00' }]);
  await publish([{ ...MEETING, at: '2027-02-11T18:00' }], '2027-03-08');
  await publish([{ ...MEETING, where: 'Library' }], '2027-03-08');
  expect(await made()).toEqual(['event:m:1:2 cancelled', 'event:m:1:3 cancelled', 'event:m:1:4 scheduled']);
  expect((await read('event:m:1:4'))[1]?.text).toMatch(
    /^New place of “Meeting”: Library \(was Town hall\)\nYour earlier answer/,
  );
  await publish([{ ...MEETING, at: '2027-02-18T18:00', where: 'Library' }], '2027-03-08');
  await publish([{ ...MEETING, where: 'Library' }], '2027-03-08');
  expect((await made()).slice(3)).toEqual(['event:m:4:5 cancelled']);
});
