import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createFlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { createProcessView } from '../../../src/conversation/processContext.ts';
import { createSurfaces } from '../../../src/conversation/surfaces.ts';
import { spelled } from '../../../src/core/calendar.ts';
import { loadPhrases } from '../../../src/core/loadPhrases.ts';
import { plainText } from '../../../src/core/message.ts';
import { readAction } from '../../../src/core/signedButtons.ts';
import { BLANK_NOTICE } from '../../../src/notices/notice.ts';
import { renderSeatNews } from '../../../src/notices/seatNews.ts';
import { createEvents, type EventPress } from '../../../src/process/events/answers.ts';
import { eventAction } from '../../../src/process/events/attendance.ts';
import { invitations } from '../../../src/process/events/eventText.ts';
import { promoteSeats } from '../../../src/process/events/waitingList.ts';
import { type ProcessDefinition, parseProcess } from '../../../src/process/process.ts';
import type { SandboxUser } from '../../../src/sandbox/telegramPerson.ts';
import { createAttendance } from '../../../src/store/attendance.ts';
import { createNotices } from '../../../src/store/notices.ts';
import { freshDatabase } from '../../support/database.ts';
import { after, asks, type Hearback, hearback } from '../../support/hearback.ts';
import { seedPeople } from '../../support/outbound.ts';
import { agreed, fromBot, hears } from '../../support/people.ts';

const file = 'flows/example.process.yaml';
const example = parseProcess(await readFile(file, 'utf8'), file);
const opening = { ...example.events[0]!, at: '2099-02-04T18:00', duration: undefined, capacity: 1 };
const withEvents = (...events: object[]): ProcessDefinition =>
  ({ ...example, events: events.map((event) => ({ ...opening, ...event })) }) as ProcessDefinition;

async function invite({ service }: Hearback): Promise<void> {
  const notice = { ...BLANK_NOTICE, id: 'invitation', kind: 'announcement' as const, texts: 'Come and meet us.' };
  const now = new Date();
  const buttons = [{ event: 'opening' }, { label: 'More about it', event: 'opening' }];
  const scheduled = { ...notice, buttons, state: 'scheduled' as const, at: now };
  await createNotices(service.core.db.pool).create(scheduled, now);
  await service.core.queue.startNotice(notice.id, 0);
}

const labels = (message: { buttons: { label: string }[] }) => message.buttons.map(({ label }) => label);

test('an invitation, a seat, a full meeting and a line; somebody leaves, and the next one hears of the free seat', async () => {
  const stage = await hearback({}, { process: withEvents({}) });
  const { telegram, service, rows } = stage;
  const [ana, ben, eva] = [1, 2, 3].map((id) => telegram.user(id)) as [SandboxUser, SandboxUser, SandboxUser];
  await agreed(service.core.db.pool, 'telegram', 3);
  await rows(`UPDATE identity SET language = 'es', language_chosen = true WHERE address = '2'`);

  await invite(stage);
  expect(labels(await hears(ana, asks))).toEqual(['Yes', 'Maybe', 'No', 'More about it']);
  expect(labels(await hears(ben, asks))).toEqual(['Sí', 'Quizás', 'No', 'More about it']);

  const event = await after(ana, () => ana.press('More about it'), asks);
  const place = `${spelled(opening.at, { language: 'en', timeZone: example.timeZone, now: 0 })}\nTown hall and online`;
  expect(event.text).toBe(`Opening meeting\n\n${place}\n\n1 seat is free.\n\nWill you come?`);
  expect(labels(event)).toEqual(['Yes', 'Maybe', 'No']);

  const seat = await after(ana, () => ana.press('Yes'));
  expect(seat).toMatchObject({ text: `You have a seat.\nOpening meeting: ${place}`, file: 'opening.ics' });
  // A second press is the same answer.
  expect((await after(ana, () => ana.press('Yes'))).text).toBe(seat.text);

  const full = await after(ben, () => ben.press('Sí'));
  expect(full.text).toContain('usted es el número 1 en la lista de espera');
  expect(full.file).toBeUndefined();
  await hears(eva, asks);
  expect((await after(eva, () => eva.press('Yes'))).text).toContain('you are number 2 in line');

  const left = await after(ana, () => ana.press('No'));
  expect(left).toMatchObject({ text: expect.stringContaining('You said no.'), buttons: { length: 3 } });
  await service.core.queue.startNotice('none', 0);
  const news = await hears(ben, ({ file: entry }) => entry !== undefined);
  expect(news.text.split('\n')).toEqual([
    'Hay una plaza libre y es para usted: le esperamos.',
    `Reunión de apertura: ${spelled(opening.at, { language: 'es', timeZone: example.timeZone, now: 0 })}`,
    'Ayuntamiento y en línea',
  ]);
  expect(labels(news)).toEqual(['No, no puedo ir']);
  expect(
    (
      await after(
        eva,
        () => eva.press('Maybe'),
        ({ file: entry }) => entry === 'opening.ics',
      )
    ).text,
  ).toMatch(/^You said maybe\.\n/);
  expect(await createAttendance(service.core.db.pool).counts({ process: 1, event: 'opening' })).toMatchObject({
    seats: 1,
    waiting: 0,
  });

  // Whoever has stopped learns that it changes nothing, whatever they press; their seat stays theirs.
  await after(ben, () => ben.command('/stop'));
  const silent = fromBot(ben).length;
  const gone = await after(ben, () => ben.press('No, no puedo ir'));
  expect(gone.text).toBe('Usted salió: no guardo nada de lo que escriba aquí.');
  await after(
    ana,
    () => ana.command('/timeline'),
    ({ buttons }) => labels({ buttons })[0] === 'Join: 4 February',
  );
  await after(
    ana,
    () => ana.press('Join: 4 February'),
    ({ text }) => text.includes('All seats are taken.'),
  );
  expect(fromBot(ben)).toHaveLength(silent + 1);
  expect(await rows(`SELECT count(*)::int AS kept FROM contribution`)).toEqual([{ kept: 0 }]);
});

const phrasesIn = await loadPhrases('flows/chat.yaml', ['en']);
const allPhrases = await loadPhrases('flows/chat.yaml');

/** A person's presses on a database of their own; the clock stands an hour and a half before the opening meeting. */
async function presses() {
  const database = await freshDatabase();
  await seedPeople(database, 3);
  const attendance = createAttendance(database.pool);
  const clock = { now: Date.parse('2099-02-04T15:30Z') };
  const events = createEvents(attendance, 'secret', () => clock.now);
  let updates = 0;
  const press = (process: ProcessDefinition, action: string, more: Partial<EventPress> = {}) =>
    events({
      action,
      identityId: '1',
      key: 'telegram:bot:1',
      update: `u${++updates}`,
      at: new Date(clock.now),
      language: 'en',
      phrases: phrasesIn('en'),
      process,
      processId: 1,
      closed: false,
      ...more,
    });
  return { attendance, clock, press, database };
}

const open = (definition: ProcessDefinition) => ({ id: 1, definition, closedAt: null });

test('what is cancelled, over or not planned any more takes no answers and says so', async () => {
  const { attendance, clock, press } = await presses();
  const yes = eventAction('opening', 1, 'yes');
  const planned = withEvents({});
  expect(plainText(await press(planned, yes))).toContain('You have a seat.');

  const cancelled = withEvents({ cancelled: true });
  const gone = await press(cancelled, eventAction('opening', 1, 'no'));
  expect(plainText(gone)).toContain('Opening meeting is cancelled.');
  expect(gone.choices).toBeUndefined();
  // They have it in their calendar; somebody who never answered has not.
  expect(gone.file).toMatchObject({ text: expect.stringContaining('STATUS:CANCELLED') });
  expect((await press(cancelled, yes, { identityId: '2' })).file).toBeUndefined();

  expect(plainText(await press(withEvents(), yes))).toContain('no longer planned');
  clock.now += 2 * 3_600_000;
  expect(plainText(await press(planned, yes, { identityId: '2' }))).toContain(
    'The meeting is full: you are number 1 in line',
  );
  clock.now += 3_600_000;
  expect(plainText(await press(planned, eventAction('opening', 1, 'no')))).toContain('Opening meeting is over.');
  expect(await attendance.counts({ process: 1, event: 'opening' })).toEqual({
    yes: 2,
    maybe: 0,
    no: 0,
    seats: 1,
    waiting: 1,
  });
});

test('the buttons of a process that is over answer nothing, whatever they ask', async () => {
  const { attendance, press } = await presses();
  for (const answer of ['yes', 'no', undefined] as const) {
    const said = await press(withEvents({}), eventAction('opening', 1, answer), { closed: true });
    expect(plainText(said)).toContain('That process has ended.');
    const next = await press(withEvents({}), eventAction('opening', 1, answer), { processId: 2 });
    expect(plainText(next)).toContain('That process has ended.');
  }
  expect(await attendance.counts({ process: 1, event: 'opening' })).toMatchObject({ yes: 0, no: 0 });
  await press(withEvents({}), eventAction('opening', 1, 'yes'));
  await press(withEvents({}), eventAction('opening', 1, 'yes'), { identityId: '2' });
  const closed = { ...open(withEvents({ capacity: 2 })), closedAt: new Date() };
  expect(await promoteSeats(attendance, closed, Date.parse('2099-02-04T09:00Z'))).toBe(0);
});

test('a reminder is promised only where one will come, and seats are told of only where they are counted', async () => {
  const { press, clock } = await presses();
  const maybe = async (process: object, isReminded: boolean) =>
    plainText(await press({ ...withEvents({}), ...process }, eventAction('opening', 1, 'maybe'), { isReminded }));
  const promised = /^You said maybe\. I will remind you the day before\.\n/;
  clock.now = Date.parse('2099-02-03T16:30Z');
  expect(await maybe({}, true)).toMatch(promised);
  expect(await maybe({}, false)).toMatch(/^You said maybe\.\n/);
  expect(await maybe({ reminders: { eventTomorrow: false } }, true)).toMatch(/^You said maybe\.\n/);
  clock.now = Date.parse('2099-02-03T17:00Z');
  expect(await maybe({}, true)).toMatch(/^You said maybe\.\n/);
  const free = withEvents({ capacity: undefined });
  expect(plainText(await press(free, eventAction('opening', 1, 'maybe')))).toMatch(/^You said maybe\.\n/);
  expect(plainText(await press(free, eventAction('opening', 1, 'yes')))).toMatch(/^Thank you\. See you there\.\n/);
  expect(plainText(await press(free, eventAction('opening', 1)))).not.toContain('seat');
});

test('a larger capacity seats those in line, except where the event is cancelled or over', async () => {
  const { attendance, clock, press } = await presses();
  const planned = withEvents({}, { id: 'second' });
  for (const event of ['opening', 'second'])
    for (const identityId of ['1', '2', '3']) await press(planned, eventAction(event, 1, 'yes'), { identityId });
  const larger = withEvents({ capacity: 2 }, { id: 'second', capacity: 3, cancelled: true });
  expect(await promoteSeats(attendance, open(planned), clock.now)).toBe(0);
  expect(await promoteSeats(attendance, open(larger), clock.now)).toBe(1);
  expect(await attendance.of({ process: 1, event: 'opening' }, '2')).toMatchObject({ seat: 'seat' });
  expect(await attendance.of({ process: 1, event: 'opening' }, '3')).toMatchObject({ position: 1 });
  expect(await promoteSeats(attendance, open(withEvents({ capacity: 3 })), clock.now + 86_400_000)).toBe(0);
});

test('news of a seat is not sent any more when the event is cancelled, over, or no longer theirs', async () => {
  const { attendance, clock, press, database } = await presses();
  for (const identityId of ['1', '2']) await press(withEvents({}), eventAction('opening', 1, 'yes'), { identityId });
  await press(withEvents({}), eventAction('opening', 1, 'no'));
  const { rows } = await database.pool.query('SELECT id FROM delivery');
  const row = { id: rows[0].id, kind: 'seat' as const, identityKey: 'telegram:bot:2', language: 'fr-CA' };
  const message = async (process: ProcessDefinition) => {
    const parts = { attendance, process: async () => process, phrasesIn, secret: 'secret', clock: () => clock.now };
    return (await renderSeatNews([row, { ...row, id: '0' }], parts)).get(row.id);
  };
  expect((await message(withEvents({})))?.[0]?.blocks[0]?.text).toContain('Une place est libre');
  expect(await message(withEvents({ cancelled: true }))).toEqual([]);
  expect(await message(withEvents())).toEqual([]);
  await press(withEvents({}), eventAction('opening', 1, 'no'), { identityId: '2' });
  expect(await message(withEvents({}))).toEqual([]);
});

test('Home invites to the next three events that are to come, and whoever has stopped to none', async () => {
  const days = [9, 3, 7, 5, 4].map((day) => ({
    id: `day-${day}`,
    title: 'A long name '.repeat(8),
    at: `2099-02-0${day}`,
  }));
  const process = withEvents(...days, { id: 'off', at: '2099-02-05', cancelled: true });
  const clock = () => Date.parse('2099-02-04T09:00Z');
  const home = (status: 'active' | 'stopped') => {
    const person = { contributorId: 'c', key: 'slack:T:U', language: 'en', status, zone: null, consentVersion: null };
    const own = {
      person: async () => person,
      latest: async () => ({ list: [], total: 0, earlier: 0 }),
      find: async () => null,
      answered: async () => [],
      threads: async () => [],
      answer: async () => null,
    };
    const view = createProcessView(
      { now: async () => ({ id: 1, definition: process, closedAt: null }) },
      process,
      clock,
      String,
    );
    const registry = createFlowRegistry([], { texts: {}, commands: {}, words: {} });
    const organize = { panel: async () => null, isFor: async () => false };
    const decisions = {
      form: async () => null,
      keep: async () => undefined,
      propose: async () => ({ objections: {} }),
    };
    const homes = {
      opened: async () => undefined,
      published: async () => undefined,
      hasOpened: async () => false,
      due: async () => [],
    };
    const parts = {
      decisions,
      homes,
      own,
      view,
      registry: () => registry,
      phrasesIn,
      organize,
      secret: 'secret',
      clock,
    };
    return createSurfaces(parts).home('slack:T:U', 'en');
  };
  const choices = (await home('active')).parts.find(({ choices = [] }) => choices.length > 3)?.choices ?? [];
  expect(choices.map(({ data }) => readAction('secret', 'slack:T:U', data))).toEqual([
    'ev:day-4@1',
    'ev:day-5@1',
    'ev:day-7@1',
    'flow:dates',
  ]);
  for (const { label } of choices.slice(0, 3)) expect(label).toMatch(/^Join: \d+ February$/);
  const stopped = (await home('stopped')).parts.flatMap((part) => part.choices ?? []);
  expect(stopped.map(({ data }) => readAction('secret', 'slack:T:U', data))).toEqual(['flow:privacy']);
});

test('the buttons of events tell them apart by their days, and those of one day by their hours', () => {
  const titled = { title: 'A workshop about what is done with public money' };
  const process = withEvents(
    { ...titled, id: 'a', at: '2099-09-04T09:00' },
    { ...titled, id: 'b', at: '2099-09-04T17:30' },
    { ...titled, id: 'c', at: '2099-09-11' },
  );
  const labelsIn = (language: 'en' | 'es' | 'fr') => {
    const phrases = allPhrases(language);
    const reader = {
      key: 'k',
      language,
      phrases,
      process,
      processId: 1,
      now: Date.parse('2099-08-01T00:00Z'),
      secret: 's',
    };
    return invitations(reader).map(({ label }) => label);
  };
  expect(labelsIn('en')).toEqual(['Join: 4 Sept, 9:00', 'Join: 4 Sept, 17:30', 'Join: 11 September']);
  expect(labelsIn('es')).toEqual(['Ir: 4 sept, 9:00', 'Ir: 4 sept, 17:30', 'Ir: 11 de septiembre']);
  expect(labelsIn('fr')).toEqual(['Venir : 4 sept., 9 h', 'Venir : 4 sept., 17 h 30', 'Venir : 11 septembre']);
});
