import { beforeEach, describe, expect, it } from 'vitest';
import type { Actions } from '../../src/actions/actions.ts';
import { systemIds } from '../../src/core/clock.ts';
import { UserError } from '../../src/core/errors.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { silentLog } from '../../src/core/log.ts';
import { readAction } from '../../src/core/signedButtons.ts';
import type { ClaimedDelivery } from '../../src/delivery/ports.ts';
import { sweep } from '../../src/delivery/sweep.ts';
import { type NoticeMoment, renderDue, renderNotices } from '../../src/notices/announce.ts';
import { moment } from '../../src/notices/dates.ts';
import type { Notices } from '../../src/notices/notice.ts';
import { BLANK_NOTICE } from '../../src/notices/notice.ts';
import { createNoticeOutlook } from '../../src/notices/outlook.ts';
import { createNoticeRecords, type NoticeRecords } from '../../src/notices/records.ts';
import { type Actor, atTerminal } from '../../src/people/actor.ts';
import { DEFAULT_PROCESS } from '../../src/process/process.ts';
import type { Database } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createNotices } from '../../src/store/notices.ts';
import { acting, idleQueue } from '../support/actions.ts';
import { freshDatabase } from '../support/database.ts';
import { addMembers, become, comeDue, readIn } from '../support/happens.ts';
import { seedPeople } from '../support/outbound.ts';
import { plan } from '../support/plan.ts';

let database: Database;
let notices: Notices;
let actions: Actions['notices'];
let records: NoticeRecords;
let hints: [string, number][];
const phrasesIn = await loadPhrases('flows/chat.yaml');

beforeEach(async () => {
  database = await freshDatabase();
  notices = createNotices(database.pool);
  hints = [];
  records = createNoticeRecords(notices);
  actions = acting(database, { queue }).notices;
});

const queue = { ...idleQueue, startNotice: (id: string, delayMs: number) => void hints.push([id, delayMs]) };
const limits = { process: async () => DEFAULT_PROCESS, clock: Date.now, holdSeconds: 120, approvalAbove: 500 };
const operator = atTerminal();
const [ana, ben, lea, eve] = ['ana', 'ben', 'lea', 'eve'].map((id) => atTerminal(id)) as [Actor, Actor, Actor, Actor];

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
  ...{ process: DEFAULT_PROCESS, processId: 1, closed: false, now: 0 },
  chatLink: (channel: string, start: string) => `https://chat.example/${channel}?${start}`,
  openChat: () => 'Take part',
  phrasesIn,
};
const startNow = async (id: string) => {
  await comeDue(database.pool, id);
  return notices.start(id);
};

it('is not scheduled for a time at which nobody could answer what it asks', async () => {
  const process = {
    ...DEFAULT_PROCESS,
    questions: [{ id: 'trust', text: 'What?', closes: '2099-03-14' }],
  };
  const asking = acting(database, { process: async () => process }).notices;
  const { id } = await asking.create(operator, { ...draft, buttons: [{ label: 'Answer', question: 'trust' }] });
  await expect(asking.schedule(operator, id, { at: '2099-03-15T00:00' })).rejects.toThrow(
    'buttons.0.question: the question "trust" closed on 2099-03-14, before this is sent: nobody could answer.',
  );
  expect(await asking.schedule(operator, id, { at: '2099-03-14T23:59' })).toMatchObject({ approval: null });
});

it('counts whom it would reach before anything goes, by channel and language', async () => {
  await seedPeople(database, 10);
  await seedPeople(database, 4, 'slack');
  await become(database.pool, 'stopped', [1]);
  const { id } = await actions.create(operator, { ...draft, audience: 'language == "en" && channel == "telegram"' });
  expect(await records.preview(id)).toMatchObject({
    recipients: 4,
    skipped: 1,
    audience: [{ channel: 'telegram', language: 'en', people: 4, skipped: 1 }],
  });
});

it('holds every notice for the time in which it can be called back', async () => {
  const { id } = await actions.create(operator, draft);
  const before = Date.now();
  const { at } = await actions.schedule(operator, id);
  expect(at.getTime() - before).toBeGreaterThanOrEqual(120_000);
  expect(hints).toHaveLength(1);
  expect(await notices.start(id)).toBe(false);
  expect((await actions.change(operator, id, 'cancel')).state).toBe('cancelled');
  expect(await startNow(id)).toBe(false);
  await expect(actions.schedule(operator, id)).rejects.toThrow('is cancelled and cannot be scheduled');
});

it('fixes its recipients when it begins, once, and adds up when it is done', async () => {
  await seedPeople(database, 20);
  const { id } = await actions.create(operator, draft);
  await actions.schedule(operator, id);
  expect(await Promise.all([startNow(id), notices.start(id)])).toContain(true);
  await seedPeople(database, 5, 'slack');
  expect(await notices.start(id)).toBe(false);
  expect(await records.status(id)).toMatchObject({ state: 'running', recipients: 20 });
  expect((await actions.change(operator, id, 'pause')).state).toBe('paused');
  expect((await actions.change(operator, id, 'resume')).state).toBe('running');
  await database.pool.query("UPDATE delivery SET state = (ARRAY['sent','failed','skipped','uncertain'])[1 + id % 4]");
  expect(await notices.finish()).toBe(1);
  const done = await records.status(id);
  expect(done).toMatchObject({ id, state: 'done', recipients: 20, sent: 5, failed: 5, skipped: 5, uncertain: 5 });
  expect(await actions.retry(operator, id)).toBe(10);
  expect(await records.status(id)).toMatchObject({ state: 'running', failed: 0, uncertain: 0 });
});

it('is sent to nobody once its time is over, nor to whoever has left; and in the language that somebody reads by then', async () => {
  await seedPeople(database, 3);
  const { id } = await actions.create(operator, draft);
  await actions.schedule(operator, id);
  await startNow(id);
  await become(database.pool, 'stopped', [1]);
  await readIn(database.pool, 'es', [3]);
  const { rows: ids } = await database.pool.query('SELECT id FROM delivery ORDER BY identity_id');
  const claim = (some: { id: string }[]) =>
    createDeliveries(database.pool, ['telegram', 'slack']).claim(
      some.map((row) => row.id),
      systemIds.uuid(),
      8_000,
    );
  const [row, ...others] = await claim([ids[0], ids[2]]);
  expect([row?.language, others]).toEqual(['es', []]);
  await database.pool.query("UPDATE notice SET until = now() - interval '1 second'");
  expect(await claim(ids)).toEqual([]);
  expect((await records.status(id)).reasons.skipped).toEqual({ stopped: 1, over: 1 });
});

it('leaves the release of responses to whoever releases them', async () => {
  await notices.create(
    { ...BLANK_NOTICE, id: 'r', kind: 'response', texts: {}, state: 'scheduled', approval: 'needed' },
    new Date(),
  );
  await expect(actions.schedule(operator, 'r')).rejects.toThrow('brings responses');
  const past = { at: new Date(0), zone: null, own: true, by: null, recipients: 0, approval: null };
  expect(await notices.schedule('r', past)).toBe(false);
});

it('says nothing once nobody can answer what it asks: its question is closed, or the event is over, cancelled or gone', async () => {
  await seedPeople(database, 1);
  const question = { id: 'q', text: 'Why?', closes: '2027-02-03T07:00' };
  const event = { id: 'e', title: 'Meeting', at: '2027-02-03T06:00', duration: 'PT1H' };
  const process = plan({ questions: [question], events: [event] });
  const buttons = [{ label: 'Answer', question: 'q' }, { event: 'e' }];
  await notices.create({ ...BLANK_NOTICE, id: 'n', kind: 'announcement', texts: 'Hello', buttons }, new Date());
  const row = { id: '1', noticeId: 'n', identityKey: 'k', recipient: 'person', channel: 'telegram', language: 'en' };
  const [before, after] = ['2027-02-03T05:59Z', '2027-02-03T06:00Z'].map(Date.parse) as [number, number];
  const goes = async (change: Partial<NoticeMoment>) =>
    (await renderDue([row as ClaimedDelivery], { ...rendering, process, now: before, ...change })).get('1') !== 'over';
  expect(await goes({})).toBe(true);
  expect(await goes({ now: after })).toBe(false);
  // While one of the two can be answered, it goes.
  expect(await goes({ now: after, process: { ...process, events: [{ ...event, duration: 'PT2H' }] } })).toBe(true);
  expect(await goes({ process: { ...process, questions: [], events: [{ ...event, cancelled: true }] } })).toBe(false);
  expect(await goes({ process: { ...process, questions: [], events: [] } })).toBe(false);
  expect(await goes({ closed: true })).toBe(false);
  expect(await goes({ processId: 2 })).toBe(false);
  expect((await renderNotices([row as ClaimedDelivery], { ...rendering, process, now: after })).get('1')).toHaveLength(
    1,
  );
});

it('says below an invitation what, when and where it is, as it stands when it goes, and asks whether they come', async () => {
  const event = { id: 'e', title: 'Opening', at: '2027-02-04T18:00', where: { en: 'Town hall', fr: 'Mairie' } };
  await notices.create(
    { ...BLANK_NOTICE, id: 'n', kind: 'announcement', texts: 'Come!', buttons: [{ event: 'e' }] },
    new Date(),
  );
  const process = plan({ languages: ['en', 'fr'], events: [event] });
  const read = async (recipient: string, language: string) => {
    const row = { id: '1', noticeId: 'n', identityKey: 'k', recipient, channel: 'telegram', language };
    const now = Date.parse('2027-01-20T12:00Z');
    return (await renderNotices([row as ClaimedDelivery], { ...rendering, process, now })).get('1')?.[0]?.blocks;
  };
  const text = (words: string) => ({ kind: 'text', text: words });
  expect(await read('person', 'fr')).toEqual([
    text('Come!'),
    text('Opening : jeudi 4 février à 18 h (Madrid)\nMairie\nViendrez-vous ?'),
  ]);
  expect(await read('group', 'en')).toEqual([
    text('Come!'),
    text('Opening: Thursday 4 February at 18:00 (Madrid)\nTown hall'),
  ]);
});

it('speaks each reader’s language, with buttons that only they can press', async () => {
  await seedPeople(database, 2);
  const { id } = await actions.create(operator, draft);
  await actions.schedule(operator, id);
  await startNow(id);
  const { rows: ids } = await database.pool.query('SELECT id FROM delivery ORDER BY id');
  const rows = await createDeliveries(database.pool, ['telegram', 'slack']).claim(
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
  beforeEach(async () => {
    await seedPeople(database, 501);
    await addMembers(database.pool, { ana: ['organizer'], ben: ['organizer'], lea: ['liaison'] });
  });

  it('does not begin before a second member has approved it, whoever else says so', async () => {
    const { id } = await actions.create(ana, draft);
    expect(await actions.schedule(ana, id)).toMatchObject({ recipients: 501, approval: 'needed' });
    expect(await startNow(id)).toBe(false);
    expect(await notices.due()).toEqual([]);
    await expect(actions.schedule(lea, id)).rejects.toThrow('lea may not schedule');
    await expect(actions.approve(ana, id)).rejects.toThrow('another member has to approve');
    await expect(actions.approve(lea, id)).rejects.toThrow('the role organizer or forum');
    await expect(actions.approve(eve, id)).rejects.toThrow('There is no member "eve"');
    expect(hints).toEqual([]);
    expect((await actions.approve(ben, id)).approval).toBe('given');
    expect(hints).toEqual([[id, expect.toSatisfy((delay) => delay > 119_000)]]);
    expect(await notices.start(id)).toBe(false);
    expect(await startNow(id)).toBe(true);
    expect((await records.history(id)).map(({ what, by }) => [what, by])).toEqual([
      ['created', 'ana'],
      ['scheduled', 'ana'],
      ['approved', 'ben'],
      ['begun', null],
    ]);
  });

  it('is approved by a member, whoever was the first, and by no operator', async () => {
    const { id } = await actions.create(operator, draft);
    await actions.schedule(operator, id);
    await expect(actions.approve(operator, id)).rejects.toThrow('It takes a second member to approve');
    expect((await actions.approve(ben, id)).approval).toBe('given');
    const made = (await actions.create(ana, draft)).id;
    await actions.schedule(operator, made);
    await expect(actions.approve(ana, made)).rejects.toThrow('another member has to approve');
  });

  it('that repeats is not sent itself when it is approved, and its next turn stops and goes on with it', async () => {
    const schedule = { every: 'week', on: 'monday', time: '09:00' };
    const { id } = await actions.create(ana, { ...draft, schedule });
    await actions.schedule(ana, id);
    await actions.approve(ben, id);
    expect(await records.status(id)).toMatchObject({ state: 'scheduled', at: null, approval: 'given' });
    await comeDue(database.pool, id);
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
      await actions.change(operator, id, change);
      expect((await records.status('turn')).state).toBe(state);
    }
  });

  it('needs approval again when it is scheduled again, and when its audience grows while it waits', async () => {
    const { id } = await actions.create(operator, draft);
    await actions.schedule(ana, id);
    await actions.approve(ben, id);
    expect((await actions.schedule(ben, id)).approval).toBe('needed');
    const grown = (await actions.create(operator, { ...draft, audience: 'channel == "slack"' })).id;
    expect((await actions.schedule(operator, grown)).approval).toBe(null);
    await seedPeople(database, 501, 'slack');
    await whenItsMomentHasCome(grown);
    expect(await records.status(grown)).toMatchObject({ state: 'scheduled', approval: 'needed' });
  });

  async function whenItsMomentHasCome(id: string): Promise<void> {
    await comeDue(database.pool, id);
    const idle = { deliver: async () => undefined, retryReplies: async () => undefined };
    const deliveries = createDeliveries(database.pool, ['telegram', 'slack']);
    await sweep({ deliveries, notices, queue: idle, approvalAbove: 500, log: silentLog });
  }

  it('is scheduled for as many as were agreed to, or for nobody', async () => {
    const { id } = await actions.create(operator, { ...draft, audience: 'channel == "slack"' });
    await seedPeople(database, 30, 'slack');
    await expect(actions.schedule(ana, id, {}, { recipients: 20 })).rejects.toThrow(
      'Nothing is done: it goes to 30 by now, and 20 were agreed to.',
    );
    expect(await records.status(id)).toMatchObject({ state: 'draft' });
    expect(await actions.schedule(ana, id, {}, { recipients: 29 })).toMatchObject({ recipients: 30, approval: null });
  });

  it('goes to those who came until its moment, and to many more than were agreed to only after another yes', async () => {
    await seedPeople(database, 60, 'slack');
    const scheduled = async () => {
      const { id } = await actions.create(operator, { ...draft, audience: 'channel == "slack"' });
      await actions.schedule(ana, id, {}, { recipients: 60 });
      return id;
    };
    const [some, many] = [await scheduled(), await scheduled()];
    expect(await createNoticeOutlook(records, limits)(some)).toMatchObject({ recipients: 60, most: 90, held: 120 });
    await seedPeople(database, 30, 'slack', 60);
    await whenItsMomentHasCome(some);
    expect(await records.status(some)).toMatchObject({ state: 'running', recipients: 90 });
    await seedPeople(database, 1, 'slack', 90);
    await whenItsMomentHasCome(many);
    expect(await records.status(many)).toMatchObject({ state: 'scheduled', approval: 'needed', recipients: 0 });
    expect((await records.history(many)).at(-1)).toMatchObject({ what: 'outgrown', detail: { recipients: 91 } });
    expect(await actions.schedule(ana, many, {}, { recipients: 91 })).toMatchObject({ approval: null });
    await whenItsMomentHasCome(many);
    expect(await records.status(many)).toMatchObject({ state: 'running', recipients: 91 });
  });
});

it('brings its file to everybody, and leads from a group into the reader’s own chat', async () => {
  await seedPeople(database, 1);
  await database.pool.query("UPDATE identity SET kind = 'group'");
  const file = await notices.keepFile({ name: 'map.png', mime: 'image/png', bytes: Buffer.from('png') });
  expect(await notices.keepFile({ name: 'map.png', mime: 'image/png', bytes: Buffer.from('png') })).toBe(file);
  const { id } = await actions.create(operator, draft);
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
    const mistake = await actions.create(operator, wrong).catch((error: UserError) => error);
    expect(mistake).toBeInstanceOf(UserError);
    const text = (mistake as UserError).message;
    for (const place of ['kind', 'texts', 'audience', 'buttons.0']) expect(text).toContain(place);
  });

  it('of an unknown notice point to the list', async () => {
    await expect(records.status('none')).rejects.toThrow('There is no notice none');
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
      expect(() => moment(at!, zone!, winter)).toThrow(UserError);
    }
  });
});
