import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Condition, type ConditionMaker, madeOf } from '../../src/notices/audience/audience.ts';
import { BLANK_NOTICE, type Notice } from '../../src/notices/notice.ts';
import { conditionSql } from '../../src/store/audienceCondition.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { conditions } from '../support/conditions.ts';
import { lastingDatabaseUrl } from '../support/database.ts';

const VALUES = {
  language: ['en', 'es', 'pt', 'pt-BR', 'p_', '%'],
  channel: ['telegram', 'slack'],
  group: ['citizen', 'cso', 'left_out'],
  place: ['Lima', 'são tomé', 'a_b%'],
  source: ['youth-council', 'poster'],
  topic: ['health', 'parks'],
  answered: ['trust', 'waste'],
  contributed: ['health', 'parks'],
  attends: ['opening', 'closing'],
  replied: ['opening', 'closing'],
  received: ['first', 'second'],
};

interface Said {
  question: string | null;
  theme: string | null;
  state: string;
  /** Its responses, in their order: `superseded_unheard` never arrived. */
  responses: string[];
}

/** Somebody as a test knows them: two of them may be one person on two platforms. */
interface Somebody {
  person: number;
  kind: 'person' | 'group';
  language: string | null;
  channel: string;
  status: string;
  agreed: boolean;
  group: string | null;
  place: string | null;
  source: string | null;
  wants: string;
  topics: string[];
  unseen: number;
  said: Said[];
  attends: Record<string, string>;
  /** Notices by the state of their delivery. */
  had: Record<string, string>;
}

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values));
const SAID = fc.record({
  question: maybe('trust', 'waste'),
  theme: maybe('health', 'parks'),
  state: fc.constantFrom('received', 'delivered', 'withdrawn'),
  responses: fc.array(fc.constantFrom('approved', 'released', 'delivered', 'superseded', 'superseded_unheard'), {
    maxLength: 2,
  }),
});
const SOMEBODY: fc.Arbitrary<Somebody> = fc.record({
  person: fc.nat(90),
  kind: fc.constant('person'),
  language: maybe('en', 'es', 'pt', 'pt-BR', 'pt-br', 'ptx'),
  channel: fc.constantFrom(...VALUES.channel),
  status: fc.constantFrom('active', 'active', 'active', 'stopped', 'unreachable', 'erased'),
  agreed: fc.boolean(),
  group: maybe('citizen', 'cso', 'government'),
  place: maybe('Lima', 'LIMA', 'São Tomé', 'a_b%', 'aXb'),
  source: maybe('youth-council', 'elsewhere'),
  wants: fc.constantFrom('all', 'chosen', 'critical', 'answers'),
  topics: fc.subarray(['health', 'parks', 'reminders']),
  unseen: fc.nat(60),
  said: fc.array(SAID, { maxLength: 2 }),
  attends: fc.dictionary(fc.constantFrom('opening', 'closing'), fc.constantFrom('yes', 'no', 'maybe')),
  had: fc.dictionary(fc.constantFrom('first', 'second'), fc.constantFrom('sent', 'failed', 'uncertain')),
});

/** What a condition means, said once more without a database. */
const holdsFor = (condition: Condition, who: Somebody, everybody: Somebody[]): boolean => {
  const one = everybody.filter(({ person }) => person === who.person);
  const said = one.flatMap((each) => each.said).filter(({ state }) => state !== 'withdrawn');
  const property = {
    language: (value: string) => `${who.language}-`.toLowerCase().startsWith(`${value}-`.toLowerCase()),
    channel: (value: string) => who.channel === value,
    group: (value: string) => who.group === value,
    place: (value: string) => who.place?.toLowerCase() === value.toLowerCase(),
    source: (value: string) => who.source === value,
    topic: (value: string) => who.wants === 'all' || (who.wants === 'chosen' && who.topics.includes(value)),
  };
  const deed = {
    answered: (of: string) => said.some(({ question }) => question === of),
    contributed: (of: string) => said.some(({ theme }) => theme === of),
    attends: (of: string) => ['yes', 'maybe'].includes(who.attends[of] ?? 'no'),
    replied: (of: string) => who.attends[of] !== undefined,
    received: (of: string) => who.had[of] === 'sent',
  };
  const heard = one.flatMap((each) => each.said).flatMap(({ responses }) => responses);
  const plain: ConditionMaker<boolean> = {
    all: (parts) => parts.every(Boolean),
    any: (parts) => parts.some(Boolean),
    not: (part) => !part,
    property: (name, values) => values.some((value) => property[name](value)),
    deed: (name, of) => deed[name](of),
    fact: (name) =>
      name === 'took_part' ? said.length > 0 : heard.some((one) => /^(delivered|superseded)$/.test(one)),
    unseen: (days) => who.unseen >= days,
  };
  return madeOf(condition, plain);
};

let database: Database;
let notices: ReturnType<typeof createNotices>;
const query = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows;
const ids = async (text: string, values: unknown[] = []) => (await query(text, values)).map((row) => Number(row.id));

beforeAll(async () => {
  database = await openDatabase(await lastingDatabaseUrl());
  notices = createNotices(database.pool);
});
afterAll(() => database.close());

/** Their ids are 1, 2... in this order, whatever was there before. */
async function seed(everybody: Somebody[]): Promise<void> {
  await query('TRUNCATE identity, contribution, response, delivery, notice, attendance RESTART IDENTITY CASCADE');
  await query(`UPDATE process SET definition = NULL`);
  const uuid = (person: number) => `00000000-0000-4000-8000-${String(person).padStart(12, '0')}`;
  await query(
    `INSERT INTO identity (key, contributor_id, address, kind, language, channel, status, consent_version, stakeholder_group, place, source, wants, topics, seen_at)
     SELECT 'key ' || o, contributor, 'private address', kind, language, channel, status, CASE WHEN agreed THEN '1' END, "group", place, source, wants,
       ARRAY(SELECT jsonb_array_elements_text(topics)), now() - make_interval(hours => 24 * unseen, secs => 60)
     FROM ROWS FROM (jsonb_to_recordset($1) AS (contributor uuid, kind text, language text, channel text, status text, agreed boolean, "group" text,
       place text, source text, wants text, topics jsonb, unseen int)) WITH ORDINALITY AS x(contributor, kind, language, channel,
       status, agreed, "group", place, source, wants, topics, unseen, o) ORDER BY o`,
    [JSON.stringify(everybody.map((who) => ({ ...who, contributor: uuid(who.person) })))],
  );
  const said = everybody.flatMap((who, at) =>
    who.said.map((one) => ({ ...one, id: randomUUID(), identity: at + 1, contributor: uuid(who.person) })),
  );
  const responses = said.flatMap(({ id, identity, responses: all }) =>
    all.map((state, number) => ({ id: randomUUID(), contribution: id, number, state, identity, notice: randomUUID() })),
  );
  await query(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, question, theme, state, submitted_at, updated_at)
     SELECT id, id::text, contributor, identity, 'idea', 'private words', 'en', 'telegram', question, theme, state, now(), now()
     FROM jsonb_to_recordset($1) AS x(id uuid, contributor uuid, identity bigint, question text, theme text, state text)`,
    [JSON.stringify(said)],
  );
  await query(
    `WITH x AS (SELECT * FROM jsonb_to_recordset($1) AS x(id uuid, contribution uuid, number int, state text, identity bigint, notice text)
     ), told AS (
       INSERT INTO notice (id, kind, texts, on_uncertain, state, created_at)
       SELECT DISTINCT notice, 'response', '{}'::jsonb, 'resend', 'done', now() FROM x WHERE notice IS NOT NULL
       ON CONFLICT DO NOTHING
     ), sent AS (
       INSERT INTO delivery (notice_id, identity_id, channel, state, payload)
       SELECT notice, identity, 'telegram', 'sent', jsonb_build_object('brought', CASE WHEN state = 'superseded' THEN jsonb_build_array(id) ELSE '[]' END) FROM x
     )
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, state, notice_id, created_at)
     SELECT id, contribution, number, 'inclusion', '', '', '', '', '', CASE WHEN state LIKE 'superseded%' THEN 'superseded' ELSE state END, notice, now() FROM x`,
    [JSON.stringify(responses)],
  );
  const had = everybody.flatMap((who, at) =>
    Object.entries(who.had).map(([notice, state]) => ({ notice, state, identity: at + 1 })),
  );
  await query(
    `INSERT INTO delivery (notice_id, identity_id, channel, state)
     SELECT notice, identity, 'telegram', state FROM jsonb_to_recordset($1) AS x(notice text, identity bigint, state text)`,
    [JSON.stringify(had)],
  );
  await query(
    `INSERT INTO attendance (event, identity_id, answer, since, at)
     SELECT event, identity, answer, now(), now() FROM jsonb_to_recordset($1) AS x(event text, identity bigint, answer text)`,
    [
      JSON.stringify(
        everybody.flatMap((who, at) =>
          Object.entries(who.attends).map(([event, answer]) => ({ event, answer, identity: at + 1 })),
        ),
      ),
    ],
  );
}

test('a condition picks in the database whom it picks by its meaning', async () => {
  const everybody = fc.sample(SOMEBODY, { numRuns: 150, seed: 4 });
  await seed(everybody);
  const picked: number[] = [];
  await fc.assert(
    fc.asyncProperty(conditions(VALUES), async (condition) => {
      const { sql, values } = conditionSql(condition, 3);
      const found = await ids(`SELECT i.id FROM identity i WHERE $1::int < $2::int AND ${sql} ORDER BY i.id`, [
        1,
        2,
        ...values,
      ]);
      expect(found).toEqual(everybody.flatMap((who, at) => (holdsFor(condition, who, everybody) ? [at + 1] : [])));
      // What is not so of somebody is so of nobody twice: no leaf is neither true nor false.
      const others = await ids(`SELECT i.id FROM identity i WHERE $1::int < $2::int AND NOT ${sql}`, [1, 2, ...values]);
      expect(found.length + others.length).toBe(everybody.length);
      picked.push(found.length);
    }),
    { numRuns: 200, seed: 4 },
  );
  expect(picked.filter((count) => count > 0 && count < everybody.length).length).toBeGreaterThan(70);
});

const person = (more: Partial<Somebody> = {}): Somebody => ({
  person: Math.floor(Math.random() * 1e9),
  kind: 'person',
  language: 'en',
  channel: 'telegram',
  status: 'active',
  agreed: true,
  group: null,
  place: null,
  source: null,
  wants: 'all',
  topics: [],
  unseen: 0,
  said: [],
  attends: {},
  had: {},
  ...more,
});

/** Creates and begins a notice; gives those who get it, with the minutes that they have to wait. */
async function begun(more: Partial<Notice>): Promise<Map<number, number>> {
  const notice = { ...BLANK_NOTICE, id: randomUUID(), kind: 'announcement' as const, texts: 'Hello', ...more };
  await notices.create({ ...notice, state: 'scheduled', at: new Date(0) }, new Date());
  const starts = await Promise.all([notices.start(notice.id), notices.start(notice.id)]);
  expect(starts.filter(Boolean)).toHaveLength(1);
  const rows = await query(
    `SELECT identity_id AS id, coalesce(extract(epoch FROM not_before - snapshot_at) / 60, 0)::float8 AS wait
     FROM delivery d JOIN notice n ON n.id = notice_id WHERE notice_id = $1 ORDER BY d.id`,
    [notice.id],
  );
  const counted = await notices.count(notice);
  expect(counted.reduce((sum, { people, groups }) => sum + people + groups, 0)).toBe(rows.length);
  return new Map(rows.map(({ id, wait }) => [Number(id), wait]));
}
const whoGets = async (more: Partial<Notice>) => [...(await begun(more)).keys()];

describe('the snapshot', () => {
  test('asks what people want, except for what is critical, and never reaches who has left', async () => {
    await seed([
      person(),
      person({ wants: 'chosen', topics: ['health'] }),
      person({ wants: 'chosen', topics: ['reminders'] }),
      person({ wants: 'critical' }),
      person({ status: 'stopped' }),
      person({ status: 'unreachable' }),
      person({ status: 'erased' }),
      person({ kind: 'group', agreed: false, wants: 'critical' }),
      person({ kind: 'group', agreed: false, status: 'stopped' }),
      person({ wants: 'answers', topics: ['health'] }),
    ]);
    expect(await whoGets({})).toEqual([1, 2, 3, 8]);
    expect(await whoGets({ topic: 'health' })).toEqual([1, 2, 8]);
    expect(await whoGets({ topic: 'parks' })).toEqual([1, 8]);
    expect(await whoGets({ kind: 'reminder', topic: 'reminders' })).toEqual([1, 3]);
    expect(await whoGets({ kind: 'reminder', topic: 'health' })).toEqual([1, 2]);
    expect(await whoGets({ kind: 'critical', topic: 'health' })).toEqual([1, 2, 3, 4, 8]);
    expect(await whoGets({ kind: 'closure', audience: 'channel == "telegram"' })).toEqual([1, 2, 3]);
    expect(await whoGets({ kind: 'response', audience: null })).toEqual([]);
  });

  test.each(['announcement', 'question', 'reminder', 'critical', 'closure'] as const)(
    'of a notice of kind %s has nobody who has not agreed to take part, whatever its audience',
    async (kind) => {
      await seed([person({ agreed: false }), person(), person({ agreed: false, topics: ['reminders'] })]);
      await query(
        `INSERT INTO timeline (number, definition, hash, published_at) VALUES (1, '{}', '', now()) ON CONFLICT DO NOTHING`,
      );
      await query('UPDATE identity SET timeline_seen = 1');
      for (const audience of ['everyone', 'language == "en"', '!took_part'])
        expect(await whoGets({ kind, audience })).toEqual([2]);
    },
  );

  test('has whoever has not agreed where they asked for it: by a yes or maybe to the event that it is about', async () => {
    const attends = (answer: string) => ({ agreed: false, attends: { opening: answer } });
    await seed([
      ...[person(attends('yes')), person(attends('maybe')), person(attends('no'))],
      ...[person({ attends: { opening: 'yes' } }), person({ ...attends('yes'), status: 'stopped' })],
    ]);
    const whoGetsOf = (audience: string) => whoGets({ kind: 'reminder', audience });
    expect(await whoGetsOf('attends("opening")')).toEqual([1, 2, 4]);
    expect(await whoGetsOf('attends("opening") && language == "en"')).toEqual([1, 2, 4]);
    expect(await whoGetsOf('replied("opening")')).toEqual([4]);
    expect(await whoGetsOf('!attends("closing") && language == "en"')).toEqual([4]);
    expect(await whoGetsOf('attends("closing") || language == "en"')).toEqual([4]);
    const audience = 'attends("opening")';
    const notice: Notice = { ...BLANK_NOTICE, id: 'n', kind: 'reminder', texts: 'Tomorrow', audience };
    expect(await notices.samples(notice)).toHaveLength(3);
    expect(await notices.samples({ ...notice, audience: 'everyone' })).toHaveLength(1);
  });

  test('waits for whoever is in the middle of something, and looks at them again soon', async () => {
    await seed([person(), person(), person()]);
    await query(`UPDATE identity SET busy_until = now() + make_interval(mins => 20 * (2 - id)::int) WHERE id < 3`);
    const waits = await begun({});
    expect([waits.get(1)! > 0.9 && waits.get(1)! <= 1, waits.get(2), waits.get(3)]).toEqual([true, 0, 0]);
    expect([...(await begun({ kind: 'critical' })).values()]).toEqual([0, 0, 0]);
    expect(await notices.count({ ...BLANK_NOTICE, kind: 'announcement', texts: '' })).toMatchObject([
      { people: 3, busy: 1, quiet: 0 },
    ]);
  });

  test('waits for the morning of each zone', async () => {
    await seed([person(), person(), person(), person()]);
    await query(`UPDATE identity SET zone = (ARRAY[NULL, 'Asia/Tokyo', 'America/Lima', 'Mars/Base'])[id]`);
    // Quiet from an hour ago to an hour from now in the process's zone: at other hours elsewhere.
    await query(
      `UPDATE process SET definition = jsonb_build_object('timeZone', 'Asia/Kolkata', 'quietHours',
         jsonb_build_object('from', to_char(here - interval '1 hour', 'HH24:MI'), 'to', to_char(here + interval '1 hour', 'HH24:MI')))
       FROM (SELECT now() AT TIME ZONE 'Asia/Kolkata' AS here) AS h`,
    );
    const waits = await begun({});
    expect([...waits.values()].map((wait) => wait > 50)).toEqual([true, false, false, true]);
    expect(Math.max(...waits.values())).toBeLessThanOrEqual(60);
    expect(new Set((await begun({ kind: 'critical' })).values())).toEqual(new Set([0]));
  });

  test.each([
    ['at once by day', '2027-03-27T12:00:00Z', null],
    ['till the morning after', '2027-03-27T20:00:00Z', '2027-03-28T06:00:00Z'],
    ['the hour less when the clocks go forward', '2027-03-28T00:30:00Z', '2027-03-28T06:00:00Z'],
    ['the hour more when they go back', '2027-10-30T22:30:00Z', '2027-10-31T07:00:00Z'],
    ['not a minute too long', '2027-10-31T07:00:00Z', null],
  ])('a message goes %s', async (_, moment, ends) => {
    const [row] = await query(`SELECT quiet_until($1, 'Europe/Madrid', '21:00', '08:00') AS ends`, [moment]);
    expect(row.ends?.toISOString() ?? null).toBe(ends && new Date(ends).toISOString());
  });

  test('is that of the audience which the notice has when it begins', async () => {
    await seed([person(), person({ language: 'es' })]);
    const notice = {
      ...BLANK_NOTICE,
      id: 'n',
      kind: 'closure' as const,
      texts: 'x',
      state: 'scheduled' as const,
      at: new Date(0),
    };
    await notices.create({ ...notice, audience: 'language == "es"' }, new Date());
    expect(await notices.start('none')).toBe(false);
    expect(await notices.start('n')).toBe(true);
    expect(await query('SELECT identity_id FROM delivery')).toEqual([{ identity_id: '2' }]);
  });

  test('leaves alone whoever has the notice already', async () => {
    await seed([person(), person()]);
    await query(
      `INSERT INTO delivery (notice_id, identity_id, channel, state) VALUES ('n', 1, 'telegram', 'sent'), ('m', 2, 'slack', 'sent')`,
    );
    await begun({ id: 'n' });
    expect(await query('SELECT identity_id, state FROM delivery WHERE notice_id = $1 ORDER BY id', ['n'])).toEqual([
      { identity_id: '1', state: 'sent' },
      { identity_id: '2', state: 'pending' },
    ]);
  });
});

test('the preview says who gets it, who waits, who does not and why, and who reads another language', async () => {
  const out = { stopped: 0, unreachable: 0, not_agreed: 0, other_topics: 0, critical_only: 0, answers_only: 0 };
  await seed([
    ...[person(), person({ language: 'fr' }), person({ language: 'pt-BR', channel: 'slack' })],
    ...[
      person({ status: 'stopped', agreed: false }),
      person({ agreed: false, wants: 'chosen' }),
      person({ wants: 'chosen' }),
      person({ wants: 'critical' }),
      person({ wants: 'answers' }),
      person({ status: 'erased' }),
    ],
    ...[
      person({ language: null, status: 'unreachable' }),
      person({ kind: 'group', agreed: false }),
      person({ kind: 'group', status: 'stopped', channel: 'slack', language: 'de' }),
    ],
  ]);
  const notice: Notice = {
    ...BLANK_NOTICE,
    id: 'n',
    kind: 'announcement',
    texts: { en: 'A', pt: 'B' },
    topic: 'parks',
  };
  const none = { groups: 0, busy: 0, quiet: 0, otherLanguage: 0, leftOut: out, skipped: 0 };
  expect(await notices.count(notice)).toEqual([
    { ...none, channel: 'slack', language: 'pt-BR', people: 1 },
    {
      ...none,
      channel: 'telegram',
      language: 'en',
      people: 1,
      groups: 1,
      leftOut: { ...out, stopped: 1, not_agreed: 1, other_topics: 1, critical_only: 1, answers_only: 1 },
      skipped: 5,
    },
    { ...none, channel: 'telegram', language: 'fr', people: 1, otherLanguage: 1 },
    { ...none, channel: 'telegram', language: null, people: 0, leftOut: { ...out, unreachable: 1 }, skipped: 1 },
  ]);
  expect((await notices.count({ ...notice, texts: 'All' })).map(({ otherLanguage }) => otherLanguage)).toEqual([
    0, 0, 0, 0,
  ]);
  await query(
    `UPDATE process SET definition = '{"timeZone": "Asia/Tokyo", "quietHours": {"from": "21:00", "to": "08:00"}}'`,
  );
  const quiet = async (at: string) => (await notices.count(notice, new Date(at))).map((row) => row.quiet);
  expect(await quiet('2027-03-01T14:00:00Z')).toEqual([1, 1, 1, 0]);
  expect(await quiet('2027-03-01T03:00:00Z')).toEqual([0, 0, 0, 0]);
});

test('the sample shows ten of them as they are, and nobody’s name, address or words', async () => {
  const said = (state: string, question: string | null, theme: string | null) => ({
    state,
    question,
    theme,
    responses: [],
  });
  const active = Array.from({ length: 30 }, () =>
    person({
      group: 'cso',
      place: 'Lima',
      said: [said('received', 'trust', 'health'), said('withdrawn', 'waste', null), said('delivered', null, 'parks')],
    }),
  );
  await seed([...active, person({ status: 'stopped' }), person({ kind: 'group' }), person({ wants: 'critical' })]);
  const notice: Notice = { ...BLANK_NOTICE, id: 'n', kind: 'announcement', texts: 'Hello' };
  const samples = await notices.samples(notice);
  expect(samples).toHaveLength(10);
  const one = { channel: 'telegram', language: 'en', group: 'cso', place: 'Lima', source: null };
  for (const sample of samples)
    expect(sample).toEqual({
      ...one,
      since: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      contributions: 2,
      questions: ['trust'],
      themes: ['health', 'parks'],
    });
  expect(await notices.samples(notice)).toEqual(samples);
});
