import { beforeEach, describe, expect, it } from 'vitest';
import { type Announcer, createAnnouncer, moment, renderNotices } from '../../src/app/announce.ts';
import { loadPhrases } from '../../src/app/phrases.ts';
import { sweep } from '../../src/app/sweep.ts';
import { readAction } from '../../src/domain/action.ts';
import { systemIds } from '../../src/domain/clock.ts';
import { Mistake } from '../../src/domain/errors.ts';
import { silentLog } from '../../src/domain/log.ts';
import type { Notices } from '../../src/domain/notice.ts';
import { BLANK_NOTICE } from '../../src/domain/notice.ts';
import type { ClaimedDelivery } from '../../src/domain/ports.ts';
import { DEFAULT_PROCESS } from '../../src/domain/process.ts';
import type { Database } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createMembers } from '../../src/store/members.ts';
import { createNotices } from '../../src/store/notices.ts';
import { freshDatabase } from '../support/database.ts';
import { seedPeople } from '../support/outbound.ts';

let database: Database;
let notices: Notices;
let announcer: Announcer;
let hints: [string, number][];
const phrasesIn = await loadPhrases('flows/chat.yaml');

beforeEach(async () => {
  database = await freshDatabase();
  notices = createNotices(database.pool);
  hints = [];
  announcer = createAnnouncer(parts());
});

const parts = () => ({
  notices,
  queue: { startNotice: async (id: string, delayMs: number) => void hints.push([id, delayMs]) },
  clock: () => Date.now(),
  ids: systemIds,
  holdSeconds: 120,
  process: async () => DEFAULT_PROCESS,
  members: createMembers(database.pool),
  approvalAbove: 500,
});

const draft = {
  kind: 'announcement',
  audience: 'everyone',
  texts: { en: 'The timeline is out', es: 'El calendario está listo' },
  buttons: [
    { label: { en: 'Timeline', es: 'Calendario' }, flow: 'timeline' },
    { label: 'Site', url: 'https://example.org' },
  ],
};
const rendering = {
  get notices() {
    return notices;
  },
  secret: 'secret',
  languages: ['en'],
  chatLink: (channel: string, start: string) => `https://chat.example/${channel}?${start}`,
  openChat: () => 'Take part',
  phrasesIn,
};
const startNow = async (id: string) => {
  await database.pool.query("UPDATE notice SET at = now() - interval '1 second' WHERE id = $1", [id]);
  return notices.start(id);
};

it('is not scheduled for a time at which nobody could answer what it asks', async () => {
  const process = {
    ...DEFAULT_PROCESS,
    questions: [{ id: 'trust', text: 'What?', closes: '2099-03-14' }],
  };
  const asking = createAnnouncer({ ...parts(), process: async () => process });
  const { id } = await asking.create({ ...draft, buttons: [{ label: 'Answer', question: 'trust' }] });
  await expect(asking.schedule(id, { at: '2099-03-15T00:00' })).rejects.toThrow(
    'buttons.0.question: the question "trust" closed on 2099-03-14, before this is sent: nobody could answer.',
  );
  expect(await asking.schedule(id, { at: '2099-03-14T23:59' })).toMatchObject({ approval: null });
});

it('counts whom it would reach before anything goes, by channel and language', async () => {
  await seedPeople(database, 10);
  await seedPeople(database, 4, 'slack');
  await database.pool.query("UPDATE identity SET status = 'stopped' WHERE id = 1");
  const { id } = await announcer.create({ ...draft, audience: 'language == "en" && channel == "telegram"' });
  expect(await announcer.preview(id)).toMatchObject({
    recipients: 4,
    skipped: 1,
    audience: [{ channel: 'telegram', language: 'en', people: 4, skipped: 1 }],
  });
});

it('holds every notice for the time in which it can be called back', async () => {
  const { id } = await announcer.create(draft);
  const { at } = await announcer.schedule(id);
  expect(at.getTime() - Date.now()).toBeGreaterThan(119_000);
  expect(hints).toHaveLength(1);
  expect(await notices.start(id)).toBe(false);
  expect((await announcer.change(id, 'cancel')).state).toBe('cancelled');
  expect(await startNow(id)).toBe(false);
  await expect(announcer.schedule(id)).rejects.toThrow('is cancelled and cannot be scheduled');
});

it('fixes its recipients when it begins, once, and adds up when it is done', async () => {
  await seedPeople(database, 20);
  const { id } = await announcer.create(draft);
  await announcer.schedule(id);
  expect(await Promise.all([startNow(id), notices.start(id)])).toContain(true);
  await seedPeople(database, 5, 'slack');
  expect(await notices.start(id)).toBe(false);
  expect(await announcer.status(id)).toMatchObject({ state: 'running', recipients: 20 });
  expect((await announcer.change(id, 'pause')).state).toBe('paused');
  expect((await announcer.change(id, 'resume')).state).toBe('running');
  await database.pool.query("UPDATE delivery SET state = (ARRAY['sent','failed','skipped','uncertain'])[1 + id % 4]");
  expect(await notices.finish()).toBe(1);
  const done = await announcer.status(id);
  expect(done).toMatchObject({ id, state: 'done', recipients: 20, sent: 5, failed: 5, skipped: 5, uncertain: 5 });
  expect(await announcer.retry(id)).toBe(10);
  expect(await announcer.status(id)).toMatchObject({ state: 'running', failed: 0, uncertain: 0 });
});

it('is sent to nobody once its time is over, nor to whoever has left; and in the language that somebody reads by then', async () => {
  await seedPeople(database, 3);
  const { id } = await announcer.create(draft);
  await announcer.schedule(id);
  await startNow(id);
  await database.pool.query("UPDATE identity SET status = 'stopped' WHERE id = 1");
  await database.pool.query("UPDATE identity SET language = 'es' WHERE id = 3");
  const { rows: ids } = await database.pool.query('SELECT id FROM delivery ORDER BY identity_id');
  const claim = (some: { id: string }[]) =>
    createDeliveries(database.pool).claim(
      some.map((row) => row.id),
      systemIds.uuid(),
      8_000,
    );
  const [row, ...others] = await claim([ids[0], ids[2]]);
  expect([row?.language, others]).toEqual(['es', []]);
  await database.pool.query('UPDATE notice SET until = now()');
  expect(await claim(ids)).toEqual([]);
  expect((await announcer.status(id)).reasons.skipped).toEqual({ stopped: 1, over: 1 });
});

it('leaves the release of responses to whoever releases them', async () => {
  await notices.create(
    { ...BLANK_NOTICE, id: 'r', kind: 'response', texts: {}, state: 'scheduled', approval: 'needed' },
    new Date(),
  );
  await expect(announcer.schedule('r')).rejects.toThrow('brings responses');
  const past = { at: new Date(0), zone: null, own: true, by: null, recipients: 0, approval: null };
  expect(await notices.schedule('r', past)).toBe(false);
});

it('speaks each reader’s language, with buttons that only they can press', async () => {
  await seedPeople(database, 2);
  const { id } = await announcer.create(draft);
  await announcer.schedule(id);
  await startNow(id);
  const { rows: ids } = await database.pool.query('SELECT id FROM delivery ORDER BY id');
  const rows = await createDeliveries(database.pool).claim(
    ids.map((row) => row.id),
    systemIds.uuid(),
    8_000,
  );
  const messages = await renderNotices(rows, rendering);
  expect(rows.map((row) => messages.get(row.id)?.[0]?.blocks[0]?.text)).toEqual([
    'The timeline is out',
    'El calendario está listo',
  ]);
  const message = messages.get(rows[1]!.id)![0]!;
  expect(message.choices?.[0]?.label).toBe('Calendario');
  expect(message.links).toEqual([{ label: 'Site', url: 'https://example.org' }]);
  expect(readAction('secret', rows[1]!.identityKey, message.choices![0]!.data)).toBe('flow:timeline');
  expect(readAction('secret', rows[0]!.identityKey, message.choices![0]!.data)).toBe(null);
});

describe('a notice to many', () => {
  const member = (id: string, ...roles: string[]) =>
    database.pool.query('INSERT INTO member (id, name, roles) VALUES ($1, $1, $2)', [id, roles]);
  beforeEach(async () => {
    await seedPeople(database, 501);
    for (const id of ['ana', 'ben']) await member(id, 'organizer');
    await member('lea', 'liaison');
  });

  it('does not begin before a second member has approved it, whoever else says so', async () => {
    const { id } = await announcer.create(draft, 'ana');
    expect(await announcer.schedule(id, {}, 'ana')).toMatchObject({ recipients: 501, approval: 'needed' });
    expect(await startNow(id)).toBe(false);
    expect(await notices.due()).toEqual([]);
    await expect(announcer.schedule(id, {}, 'lea')).rejects.toThrow('lea may not schedule');
    await expect(announcer.approve(id, 'ana')).rejects.toThrow('another member has to approve');
    await expect(announcer.approve(id, 'lea')).rejects.toThrow('the role organizer or forum');
    await expect(announcer.approve(id, 'eve')).rejects.toThrow('There is no member "eve"');
    expect(hints).toEqual([]);
    expect((await announcer.approve(id, 'ben')).approval).toBe('given');
    expect(hints).toEqual([[id, expect.toSatisfy((delay) => delay > 119_000)]]);
    expect(await notices.start(id)).toBe(false);
    expect(await startNow(id)).toBe(true);
    expect((await announcer.history(id)).map(({ what, by }) => [what, by])).toEqual([
      ['created', 'ana'],
      ['scheduled', 'ana'],
      ['approved', 'ben'],
      ['begun', null],
    ]);
  });

  it('needs somebody who is named before there can be a second', async () => {
    const { id } = await announcer.create(draft);
    await announcer.schedule(id);
    await expect(announcer.approve(id, 'ben')).rejects.toThrow('Nobody has said who scheduled');
    const made = (await announcer.create(draft, 'ana')).id;
    await announcer.schedule(made);
    await expect(announcer.approve(made, 'ana')).rejects.toThrow('another member has to approve');
  });

  it('that repeats is not sent itself when it is approved, and its next turn stops and goes on with it', async () => {
    const schedule = { every: 'week', on: 'monday', time: '09:00' };
    const { id } = await announcer.create({ ...draft, schedule }, 'ana');
    await announcer.schedule(id, {}, 'ana');
    await announcer.approve(id, 'ben');
    expect(await announcer.status(id)).toMatchObject({ state: 'scheduled', at: null, approval: 'given' });
    await database.pool.query("UPDATE notice SET at = now() - interval '1 second' WHERE id = $1", [id]);
    expect([await notices.due(), await notices.start(id)]).toEqual([[], false]);
    const turn = {
      ...BLANK_NOTICE,
      id: 'turn',
      kind: 'announcement' as const,
      texts: 'a',
      state: 'scheduled' as const,
    };
    await notices.create(
      { ...turn, turnOf: id, origin: `repeat:${id}:2027-01-04T09:00`, at: new Date(Date.UTC(2030, 0)) },
      new Date(),
    );
    for (const [change, state] of [
      ['pause', 'paused'],
      ['resume', 'scheduled'],
      ['cancel', 'paused'],
    ] as const) {
      await announcer.change(id, change);
      expect((await announcer.status('turn')).state).toBe(state);
    }
  });

  it('needs approval anew when it is scheduled anew, and when its audience grows while it waits', async () => {
    const { id } = await announcer.create(draft);
    await announcer.schedule(id, {}, 'ana');
    await announcer.approve(id, 'ben');
    expect((await announcer.schedule(id, {}, 'ben')).approval).toBe('needed');
    const grown = (await announcer.create({ ...draft, audience: { channel: 'slack' } })).id;
    expect((await announcer.schedule(grown)).approval).toBe(null);
    await seedPeople(database, 501, 'slack');
    await whenItsMomentHasCome(grown);
    expect(await announcer.status(grown)).toMatchObject({ state: 'scheduled', approval: 'needed' });
  });

  async function whenItsMomentHasCome(id: string): Promise<void> {
    await database.pool.query("UPDATE notice SET at = now() - interval '1 second' WHERE id = $1", [id]);
    const idle = { deliver: async () => undefined, retryReplies: async () => undefined };
    const deliveries = createDeliveries(database.pool);
    await sweep({ deliveries, notices, queue: idle, approvalAbove: 500, log: silentLog });
  }

  it('is scheduled for as many as were agreed to, or for nobody', async () => {
    const { id } = await announcer.create({ ...draft, audience: { channel: 'slack' } });
    await seedPeople(database, 30, 'slack');
    await expect(announcer.schedule(id, {}, 'ana', 20)).rejects.toThrow(
      'Nothing was scheduled: it goes to 30 by now, and 20 were agreed to.',
    );
    expect(await announcer.status(id)).toMatchObject({ state: 'draft' });
    expect(await announcer.schedule(id, {}, 'ana', 29)).toMatchObject({ recipients: 30, approval: null });
  });

  it('goes to those who came until its moment, and to many more than were agreed to only after another yes', async () => {
    await seedPeople(database, 60, 'slack');
    const scheduled = async () => {
      const { id } = await announcer.create({ ...draft, audience: { channel: 'slack' } });
      await announcer.schedule(id, {}, 'ana', 60);
      return id;
    };
    const [some, many] = [await scheduled(), await scheduled()];
    expect(await announcer.outlook(some)).toMatchObject({ recipients: 60, most: 90, held: 120 });
    await seedPeople(database, 30, 'slack', 60);
    await whenItsMomentHasCome(some);
    expect(await announcer.status(some)).toMatchObject({ state: 'running', recipients: 90 });
    await seedPeople(database, 1, 'slack', 90);
    await whenItsMomentHasCome(many);
    expect(await announcer.status(many)).toMatchObject({ state: 'scheduled', approval: 'needed', recipients: 0 });
    expect((await announcer.history(many)).at(-1)).toMatchObject({ what: 'outgrown', detail: { recipients: 91 } });
    expect(await announcer.schedule(many, {}, 'ana', 91)).toMatchObject({ approval: null });
    await whenItsMomentHasCome(many);
    expect(await announcer.status(many)).toMatchObject({ state: 'running', recipients: 91 });
  });
});

it('brings its file to everybody, and leads from a group into the reader’s own chat', async () => {
  await seedPeople(database, 1);
  await database.pool.query("UPDATE identity SET kind = 'group'");
  const file = await notices.keepFile({ name: 'map.png', mime: 'image/png', bytes: Buffer.from('png') });
  expect(await notices.keepFile({ name: 'map.png', mime: 'image/png', bytes: Buffer.from('png') })).toBe(file);
  const { id } = await announcer.create(draft);
  await database.pool.query('UPDATE notice SET attachment = $2 WHERE id = $1', [
    id,
    { name: 'map.png', mime: 'image/png', file },
  ]);
  const delivery = { id: '1', noticeId: id, identityKey: 'k', recipient: 'group', channel: 'telegram', language: null };
  const [message] = (await renderNotices([delivery as ClaimedDelivery], rendering)).get('1') ?? [];
  expect(message?.file).toEqual({ name: 'map.png', mime: 'image/png', bytes: Buffer.from('png') });
  expect(message?.choices).toBeUndefined();
  expect(message?.links?.map(({ url }) => url)).toEqual([
    'https://example.org',
    'https://chat.example/telegram?timeline',
  ]);
});

describe('mistakes', () => {
  it('are named all together, each with its place', async () => {
    const wrong = { kind: 'spam', texts: { en: '' }, audience: 'age > 5', buttons: [{ label: 'Go' }] };
    const mistake = await announcer.create(wrong).catch((error: Mistake) => error);
    expect(mistake).toBeInstanceOf(Mistake);
    const text = (mistake as Mistake).message;
    for (const place of ['kind', 'texts', 'audience', 'buttons.0']) expect(text).toContain(place);
  });

  it('of an unknown notice point to the list', async () => {
    await expect(announcer.status('none')).rejects.toThrow('There is no notice none');
  });
});

describe('a local time becomes a moment once', () => {
  const winter = Date.UTC(2027, 0, 1);
  const utc = (local: string, zone: string) => new Date(moment(local, zone, winter)).toISOString();

  it('in summer and in winter', () => {
    expect(utc('2027-01-15T09:00', 'Europe/Madrid')).toBe('2027-01-15T08:00:00.000Z');
    expect(utc('2027-07-15T09:00', 'Europe/Madrid')).toBe('2027-07-15T07:00:00.000Z');
  });

  it('after the hour that the clocks skip, and at the first of the hour that comes twice', () => {
    expect(utc('2027-03-28T02:30', 'Europe/Madrid')).toBe('2027-03-28T01:30:00.000Z');
    expect(utc('2027-10-31T02:30', 'Europe/Madrid')).toBe('2027-10-31T00:30:00.000Z');
  });

  it('or is refused with the remedy', () => {
    for (const [at, zone] of [
      ['tomorrow', 'UTC'],
      ['2027-02-01T09:00', 'Mars/Base'],
      ['2026-01-01T09:00', 'UTC'],
      ['2027-02-01T09:00Z', 'UTC'],
    ]) {
      expect(() => moment(at!, zone!, winter)).toThrow(Mistake);
    }
  });
});
