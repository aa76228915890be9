import { afterAll, beforeAll, expect, test } from 'vitest';
import { effects, quietWrite } from '../../src/conversation/effects.ts';
import type { Turn } from '../../src/conversation/flow/events.ts';
import type { Identity } from '../../src/conversation/turn.ts';
import { systemIds } from '../../src/core/clock.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { readAction } from '../../src/core/signedButtons.ts';
import type { ClaimedDelivery } from '../../src/delivery/ports.ts';
import { renderTimelineChanges } from '../../src/planning/timelineNotices.ts';
import type { ProcessDefinition } from '../../src/process/process.ts';
import { brokenLink, publicTimeline } from '../../src/process/publication.ts';
import { createAttendance } from '../../src/store/attendance.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { createTimelines } from '../../src/store/timelines.ts';
import { createTurnStore } from '../../src/store/turns.ts';
import { calendarOf } from '../support/calendar.ts';
import { lastingDatabaseUrl } from '../support/database.ts';
import { seedPeople } from '../support/outbound.ts';
import { outreachPhrases, plan } from '../support/plan.ts';

let db: Database;
const NOW = Date.parse('2025-01-10T12:00Z');
beforeAll(async () => {
  db = await openDatabase(await lastingDatabaseUrl());
});
afterAll(() => db.close());

const process = (at: string, name = 'Plan') =>
  plan({
    ...{ name, languages: ['en', 'es'], startsOn: '2025-02-01' },
    events: [{ id: 'm', title: { en: 'Meeting', es: 'Reunión' }, at }],
  });
async function publish(definition: ProcessDefinition): Promise<void> {
  await createProcesses(db).apply(definition);
  await calendarOf(db, () => NOW).publish(definition);
}

/** Begins the notice of a timeline; gives whom it goes to, by number. */
async function begin(timeline: number): Promise<number[]> {
  const { rows } = await db.pool.query<{ id: string }>('SELECT id FROM notice WHERE timeline = $1', [timeline]);
  expect(await createNotices(db.pool).start(rows[0]?.id ?? '')).toBe(true);
  const made = await db.pool.query<{ id: string }>(
    'SELECT identity_id AS id FROM delivery WHERE notice_id = $1 ORDER BY identity_id',
    [rows[0]?.id],
  );
  return made.rows.map(({ id }) => Number(id));
}
const settle = (timeline: number, states: Record<number, string>) =>
  db.pool.query(
    `UPDATE delivery d SET state = coalesce($2::jsonb->>d.identity_id::text, 'sent') FROM notice n
     WHERE n.id = d.notice_id AND n.timeline = $1 AND d.state = 'pending'`,
    [timeline, JSON.stringify(states)],
  );
/** What each of them reads of the notice of a timeline: 'as written', nothing, or lines of their own. */
async function read(timeline: number): Promise<Record<string, string>> {
  const { rows } = await db.pool.query<ClaimedDelivery>(
    `SELECT d.id, d.notice_id AS "noticeId", i.id AS "identityId", i.key AS "identityKey", i.kind AS recipient, i.channel, i.language
     FROM delivery d JOIN identity i ON i.id = d.identity_id JOIN notice n ON n.id = d.notice_id
     WHERE n.timeline = $1 AND d.state = 'pending' ORDER BY i.id`,
    [timeline],
  );
  const [notices, timelines] = [createNotices(db.pool), createTimelines(db.pool)];
  const around = {
    ...{ process: plan({}), processId: 1, closed: false, now: NOW },
    chatLink: () => 'https://t.me/bot',
    openChat: () => 'Open',
    phrasesIn: outreachPhrases,
  };
  const parts = {
    ...around,
    notices,
    timelines,
    attendance: createAttendance(db.pool),
    outreachIn: outreachPhrases,
    secret: 's',
    clock: () => NOW,
  };
  const messages = await renderTimelineChanges(rows, parts);
  for (const row of rows) {
    const [message] = messages.get(row.id) ?? [];
    if (message && row.recipient === 'group') expect(message).toMatchObject({ links: [{ label: 'Open' }] });
    else if (message) expect(readAction('s', row.identityKey, message.choices?.[0]?.data ?? '')).toBe('flow:timeline');
  }
  return Object.fromEntries(
    rows.map((row) => {
      const found = messages.get(row.id);
      return [row.identityId, found ? (found[0]?.blocks[0]?.text.split('\n').at(-1) ?? 'nothing') : 'as written'];
    }),
  );
}

test('everybody is told of a change by what they were told last; nobody to whom nothing changed gets anything', async () => {
  await seedPeople(db, 6);
  await db.pool.query(`UPDATE identity SET kind = 'group' WHERE id = 1`);
  await publish(process('2025-02-04T18:00'));
  expect(await begin(1)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await read(1)).toMatchObject({ 1: 'as written', 6: 'as written' });
  await settle(1, { 3: 'failed', 4: 'uncertain', 5: 'pending' });

  // A date moves while the first announcement is still going out to 5: that is called back, the change goes to them as well.
  await db.pool.query('UPDATE identity SET timeline_seen = 1 WHERE id = 3');
  await publish(process('2025-02-11T18:00'));
  expect(await begin(2)).toEqual([1, 2, 3, 4, 5, 6]);
  await db.pool.query('UPDATE identity SET timeline_seen = 2 WHERE id = 6');
  expect(await read(2)).toEqual({
    1: expect.stringMatching(/: Tuesday 11 February .*was Tuesday 4 February/),
    2: expect.stringMatching(/: martes 11 de febrero.*antes: martes 4 de febrero/),
    3: expect.stringMatching(/: Tuesday 11 February .*was Tuesday 4 February/),
    4: expect.stringMatching(/^– Reunión: martes 11 de febrero/),
    5: expect.stringMatching(/^– Meeting: Tuesday 11 February/),
    6: 'nothing',
  });
  await settle(2, { 1: 'failed' });

  // It moves back: whoever was told the first date only has nothing to be told.
  await publish(process('2025-02-04T18:00', 'The plan'));
  expect(await begin(3)).toHaveLength(6);
  expect(await read(3)).toMatchObject({
    1: 'nothing',
    2: expect.stringMatching(/4 de febrero.*antes: martes 11 de febrero/),
  });
  await settle(3, {});

  // Words alone are kept, and told to nobody; newcomers were told nothing.
  await publish(process('2025-02-04T18:00', 'Our plan'));
  await seedPeople(db, 1, 'slack');
  const addressed = { kind: 'timeline_change', topic: null, texts: '', audience: null, timeline: 4 } as const;
  const counted = (await createNotices(db.pool).count(addressed)).map(({ channel, people, groups }) => ({
    channel,
    people,
    groups,
  }));
  expect(counted).toEqual([
    { channel: 'telegram', people: 2, groups: 1 },
    { channel: 'telegram', people: 3, groups: 0 },
  ]);
  const { rows } = await db.pool.query('SELECT timeline FROM notice WHERE timeline IS NOT NULL ORDER BY timeline');
  expect(rows.map(({ timeline }) => timeline)).toEqual([1, 2, 3]);
});

test('whoever has looked at the timeline has been told it, for good', async () => {
  const [inbox, turns] = [createInbox(db.pool), createTurnStore(db.pool)];
  const sender = { key: 'telegram:bot:1', channel: 'telegram', address: 'chat-1', name: null, language: 'en' } as const;
  const look = async (id: string, number: number | null) => {
    const inbound = { id, sender, content: { kind: 'opened', place: 'home' }, at: NOW } as Inbound;
    await inbox.keep([inbound]);
    const known = (await inbox.next([sender.key], systemIds.uuid))[0]?.known as Identity;
    const shown: Turn = { session: null, events: [{ kind: 'shown', what: 'timeline' }] } as never;
    const tools = {
      language: 'en',
      timelineNumber: async () => number,
      show: async () => ({ messages: [], dates: true }),
    } as never;
    const write = await effects(shown, quietWrite(inbound, known, systemIds), known, tools);
    expect((await turns.commit([write])).get(id)?.kind).toBe('done');
    const { rows } = await db.pool.query('SELECT timeline_seen AS seen FROM identity WHERE key = $1', [sender.key]);
    return rows[0].seen;
  };
  expect(await look('u1', 4)).toBe(4);
  expect(await look('u2', 2)).toBe(4);
  expect(await look('u3', null)).toBe(4);
});

test('the record is a chain to which one at a time is added, and from which nothing is taken', async () => {
  const timelines = createTimelines(db.pool);
  const list = await timelines.list();
  expect(list.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect(brokenLink(list)).toBe(null);
  const fresh = {
    definition: publicTimeline(process('2025-02-05T18:00')),
    publishedAt: new Date(NOW),
    override: null,
    by: null,
  };
  const added = await Promise.all([timelines.append(4, fresh), timelines.append(4, fresh), timelines.append(9, fresh)]);
  expect(added.filter((one) => one !== null).map(({ number }) => number)).toEqual([5]);
  await expect(db.pool.query(`UPDATE timeline SET override = 'x'`)).rejects.toThrow('only ever added to');
  await db.pool.query(`
    SET session_replication_role = replica; UPDATE timeline SET definition = definition || '{"hearBackBy": "2025-12-31"}' WHERE number = 2;
    SET session_replication_role = DEFAULT`);
  expect(brokenLink(await timelines.list())).toBe('timeline 2 is not what was published');
});
