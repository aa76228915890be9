import { beforeEach, describe, expect, it } from 'vitest';
import { ledger } from '../../src/contributions/ledger.ts';
import { SendError } from '../../src/core/channel.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { silentLog } from '../../src/core/log.ts';
import { plainText } from '../../src/core/message.ts';
import { createDeliverer } from '../../src/delivery/deliver.ts';
import type { Pause } from '../../src/delivery/localRateLimit.ts';
import { CountChanged, releaseResponses, renderResponses } from '../../src/responses/release.ts';
import { checkRows } from '../../src/responses/sheet/check.ts';
import type { DraftRow } from '../../src/responses/sheet/rows.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import { type Database, isOutage } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { become, mayGoNow, readIn } from '../support/happens.ts';
import { noticesIn, outcomesIn, responsesIn } from '../support/kept.ts';
import { type RecordingChannel, recordingChannel } from '../support/outbound.ts';
import { until } from '../support/wait.ts';

let db: Database;
let phrasesIn: Awaited<ReturnType<typeof loadPhrases>>;
beforeEach(async () => {
  db = await freshDatabase();
  phrasesIn = await loadPhrases('flows/notices.yaml', ['en']);
});

const query = async (text: string, values: unknown[] = []) => (await db.pool.query(text, values)).rows;

function delivererFor(channel: RecordingChannel, pause?: Pause) {
  const responses = createResponseStore(db.pool);
  return createDeliverer({
    isOutage,
    deliveries: createDeliveries(db.pool, ['telegram', 'slack']),
    rateLimit: createSharedRateLimit(db.pool),
    channels: new Map([['telegram', channel]]),
    render: (rows) => renderResponses(rows, { responses, secret: 's', phrasesIn }),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    ...(pause && { pause }),
  });
}

/** One person who has said these things. */
async function said(...references: string[]): Promise<void> {
  const person = await addPerson(db, { channel: 'telegram' });
  for (const reference of references) await addContribution(db, person, reference, { text: `${reference} said` });
}

async function decide(reason: string, ...references: string[]): Promise<void> {
  const more = { version: '', decision: 'inclusion', input: 'i', considered: 'c', influence: 'f', beyond: 'b' };
  const drafts: DraftRow[] = references.map((reference, index) => ({ row: index + 2, reference, ...more, reason }));
  const plan = (known: Parameters<typeof checkRows>[1]) => {
    const { decisions, errors } = checkRows({ drafts }, known, new Set(references));
    expect(errors).toEqual([]);
    return {
      keep: decisions.map((decision) => ({ ...decision, id: systemIds.uuid(), languages: {} })),
      undo: [],
    };
  };
  await createResponseStore(db.pool).decide(references, plan, new Date());
}

/** Gives the notice of a release, with the ids of its deliveries. */
async function release(holdSeconds = 0): Promise<{ notice: string; ids: string[] }> {
  const responses = createResponseStore(db.pool);
  const parts = { responses, clock: systemClock, ids: systemIds, hint: async () => undefined, holdSeconds };
  const { notice } = await releaseResponses(parts);
  const ids = (await outcomesIn(db.pool, notice ?? '')).map(({ id }) => id);
  return { notice: notice ?? '', ids };
}

async function deliver(channel: RecordingChannel, { ids }: { ids: string[] }): Promise<void> {
  await mayGoNow(db.pool);
  await delivererFor(channel).deliver({ channel: 'telegram', ids });
}

const referenceIn = (message: RecordingChannel['calls'][number]['message']) =>
  plainText(message)
    .match(/HB-\w(?=\))/g)
    ?.join(' ') ?? 'overview';
const callsOf = (channel: RecordingChannel) => channel.calls.map(({ message }) => referenceIn(message));
const states = async () =>
  Object.fromEntries((await responsesIn(db.pool)).map(({ reference, number, state }) => [reference + number, state]));
const unreachable = async () => ledger(await createContributionStore(db.pool).counts()).rows[0]?.unreachable;

/** Refuses the calls with these numbers, counted from 1. */
const refusing = (refusals: Record<number, SendError>) => recordingChannel((_, call) => refusals[call] ?? null);
const away = () => new SendError('unavailable', '503');

describe('several answers for one person', () => {
  it('broken off bring the rest once and nothing twice, when a response that had arrived was superseded in between', async () => {
    await said('HB-A', 'HB-B', 'HB-C');
    await decide('good', 'HB-A', 'HB-B', 'HB-C');
    const first = await release();
    const channel = refusing({ 3: away() });
    await deliver(channel, first);
    expect(callsOf(channel)).toEqual(['overview', 'HB-A', 'HB-B']);
    expect(await states()).toEqual({ 'HB-A1': 'delivered', 'HB-B1': 'released', 'HB-C1': 'released' });
    await decide('better', 'HB-A');
    const second = await release();
    await deliver(channel, first);
    expect(callsOf(channel).slice(3)).toEqual(['HB-B', 'HB-C']);
    expect(await outcomesIn(db.pool, first.notice)).toMatchObject([{ state: 'sent' }]);
    expect(await states()).toMatchObject({ 'HB-A2': 'released', 'HB-B1': 'delivered', 'HB-C1': 'delivered' });
    await deliver(channel, second);
    expect(callsOf(channel).slice(5)).toEqual(['HB-A']);
    expect(plainText(channel.calls[5]!.message)).toContain('replaces the earlier one');
    expect(await states()).toMatchObject({ 'HB-A1': 'superseded', 'HB-A2': 'delivered' });
  });

  it('come no faster than one chat takes them', async () => {
    await said('HB-A', 'HB-B');
    await decide('good', 'HB-A', 'HB-B');
    const { ids } = await release();
    const waits: number[] = [];
    const pause: Pause = async (ms) => void waits.push(ms);
    const channel = recordingChannel(() => null, { chatGapMs: 1_000 });
    await delivererFor(channel, pause).deliver({ channel: 'telegram', ids });
    expect(callsOf(channel)).toEqual(['overview', 'HB-A', 'HB-B']);
    expect(waits.filter((ms) => ms >= 1_000)).toHaveLength(2);
  });

  it('are over with what has arrived, when all of the rest was superseded', async () => {
    await said('HB-A', 'HB-B');
    await decide('good', 'HB-A', 'HB-B');
    const first = await release();
    const channel = refusing({ 3: away() });
    await deliver(channel, first);
    await decide('better', 'HB-B');
    const second = await release();
    await deliver(channel, first);
    await deliver(channel, second);
    expect(callsOf(channel)).toEqual(['overview', 'HB-A', 'HB-B', 'HB-B']);
    expect(plainText(channel.calls[3]!.message)).not.toContain('replaces the earlier one');
    expect(await query('SELECT DISTINCT state FROM delivery')).toEqual([{ state: 'sent' }]);
  });

  it('begin the next message at its first part, when the one they had broken off in was superseded', async () => {
    await said('HB-A', 'HB-B', 'HB-C');
    await decide('good', 'HB-A', 'HB-B', 'HB-C');
    const first = await release();
    const channel = refusing({
      3: new SendError('not_connected', 'refused', { partsDone: 2 }),
      4: new SendError('not_connected', 'refused', { partsDone: 3 }),
    });
    await deliver(channel, first);
    await deliver(channel, first);
    await decide('better', 'HB-B');
    await release();
    await deliver(channel, first);
    expect(channel.calls.map(({ message, fromPart }) => [referenceIn(message), fromPart])).toEqual([
      ['overview', 0],
      ['HB-A', 0],
      ['HB-B', 0],
      ['HB-B', 2],
      ['HB-C', 0],
    ]);
  });

  it('are sent again by hand without what has arrived, also when a later release has taken it over', async () => {
    await said('HB-A', 'HB-B');
    await decide('good', 'HB-A', 'HB-B');
    const first = await release();
    const channel = refusing({
      3: new SendError('rejected', 'bad request'),
      4: new SendError('blocked', 'blocked by the user'),
    });
    await deliver(channel, first);
    expect(await createNotices(db.pool).retry(first.notice, {}, null)).toBe(1);
    await deliver(channel, first);
    expect(callsOf(channel)).toEqual(['overview', 'HB-A', 'HB-B', 'HB-B']);
    await become(db.pool, 'active');
    await deliver(channel, await release());
    expect(await createNotices(db.pool).retry(first.notice, {}, null)).toBe(1);
    await deliver(channel, first);
    expect(callsOf(channel).slice(4)).toEqual(['HB-B']);
    expect(await states()).toEqual({ 'HB-A1': 'delivered', 'HB-B1': 'delivered' });
  });
});

describe('a correction', () => {
  const figures = () => createResponseStore(db.pool).releasable();
  const owed = async () => ledger(await createContributionStore(db.pool).counts()).open;

  it('says on each line what is different, in the language of its reader', async () => {
    await said('HB-A');
    await decide('good', 'HB-A');
    const channel = recordingChannel();
    await deliver(channel, await release());
    await readIn(db.pool, 'fr');
    await decide('better', 'HB-A');
    expect(await figures()).toMatchObject({ responses: 1, replacing: 1, repeated: 0 });
    await deliver(channel, await release());
    expect(plainText(channel.calls[1]!.message)).toContain(
      'Cette réponse remplace la précédente. Voici ce qui a changé :\n– Pourquoi cette décision\n\n',
    );
    await query("UPDATE response SET decision = 'rejection' WHERE number = 2");
    await decide('better', 'HB-A');
    await readIn(db.pool, 'es');
    await deliver(channel, await release());
    expect(plainText(channel.calls[2]!.message)).toContain(
      'Esto es lo que cambió:\n– La decisión; antes: no estaba en el plan\n\n',
    );
  });

  it('that says again what its reader has is neither sent nor owed, whenever it comes to that', async () => {
    await said('HB-A', 'HB-B');
    await decide('good', 'HB-A', 'HB-B');
    const channel = recordingChannel();
    await deliver(channel, await release());
    await decide('other', 'HB-A');
    await decide('good', 'HB-A');
    expect(await figures()).toMatchObject({ responses: 0, recipients: 0, replacing: 0, repeated: 0 });
    expect(await owed()).toBe(0);
    expect(await states()).toMatchObject({ 'HB-A2': 'superseded', 'HB-A3': 'delivered' });
    // Changed back by another way than an import.
    await decide('other', 'HB-A', 'HB-B');
    await query(
      "UPDATE response SET reason = 'good' WHERE state = 'approved' AND contribution_id IN (SELECT id FROM contribution WHERE reference = 'HB-A')",
    );
    expect(await figures()).toMatchObject({ responses: 1, recipients: 1, replacing: 1, repeated: 1 });
    await deliver(channel, await release());
    expect(callsOf(channel).slice(3)).toEqual(['HB-B']);
    expect(await owed()).toBe(0);
    // What they have is still the answer that a further one replaces.
    await decide('third', 'HB-A');
    await deliver(channel, await release());
    expect(plainText(channel.calls[4]!.message)).toContain('What is different:\n– Why this decision\n\n');
  });

  it('that comes back to what was read, past one that never arrived, leaves nothing on its way', async () => {
    await said('HB-A');
    await decide('good', 'HB-A');
    const channel = recordingChannel();
    await deliver(channel, await release());
    await decide('other', 'HB-A');
    const other = await release();
    await decide('good', 'HB-A');
    expect(await release()).toMatchObject({ notice: '', ids: [] });
    await deliver(channel, other);
    expect(callsOf(channel)).toHaveLength(1);
    expect(await states()).toEqual({ 'HB-A1': 'superseded', 'HB-A2': 'superseded', 'HB-A3': 'delivered' });
    expect(await owed()).toBe(0);
  });

  it.each([
    ['is being sent', "state = 'sending'"],
    ['is in doubt', "state = 'uncertain', reason = 'unknown_outcome', doubts = 1"],
    ['waits after a call without an answer', "reason = 'unknown_outcome', doubts = 1"],
    ['has arrived in part', "state = 'failed', reason = 'rejected', parts_done = 1"],
  ])('that comes back to what was read is sent where another %s since', async (_, how) => {
    await said('HB-A');
    await decide('good', 'HB-A');
    const channel = recordingChannel();
    await deliver(channel, await release());
    await decide('other', 'HB-A');
    const { notice } = await release();
    await query(`UPDATE delivery SET ${how} WHERE notice_id = $1`, [notice]);
    await decide('good', 'HB-A');
    expect(await figures()).toMatchObject({ responses: 1, recipients: 1, replacing: 1, repeated: 0 });
    await deliver(channel, await release());
    expect(callsOf(channel)).toEqual(['HB-A', 'HB-A']);
    expect(await states()).toEqual({ 'HB-A1': 'superseded', 'HB-A2': 'superseded', 'HB-A3': 'delivered' });
  });

  it('that comes back to what was read is sent where a worker takes up another in the same moment', async () => {
    await said('HB-A');
    await decide('good', 'HB-A');
    await deliver(recordingChannel(), await release());
    await decide('other', 'HB-A');
    const { ids } = await release();
    const worker = await db.pool.connect();
    await worker.query('BEGIN');
    await worker.query("UPDATE delivery SET state = 'sending' WHERE id = ANY($1)", [ids]);
    const decided = decide('good', 'HB-A');
    await until('the import waits for the worker', async () => {
      const [row] = await query(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return row?.n > 0;
    });
    await worker.query('COMMIT');
    worker.release();
    await decided;
    expect(await figures()).toMatchObject({ responses: 1, repeated: 0 });
  });
});

describe('a release that was called back within its hold', () => {
  it('leaves nobody unreachable, and its correction replaces nothing that anybody has read', async () => {
    await said('HB-A');
    await decide('hasty', 'HB-A');
    const { notice } = await release();
    expect(await createNotices(db.pool).change(notice, 'cancel', null)).toBe(true);
    expect(await unreachable()).toBe(0);
    await decide('better', 'HB-A');
    const channel = recordingChannel();
    await deliver(channel, await release());
    expect(channel.calls.map(({ message }) => plainText(message).includes('replaces the earlier one'))).toEqual([
      false,
    ]);
  });
});

it('counts who cannot be reached by the person, and by what the platform said of them', async () => {
  await said('HB-A');
  await decide('good', 'HB-A');
  await release();
  for (const [state, reason, count] of [
    ['failed', 'blocked', 1],
    ['failed', 'deactivated', 1],
    ['failed', 'chat_not_found', 1],
    ['skipped', 'stopped', 1],
    ['skipped', 'unreachable', 1],
    ['skipped', 'cancelled', 0],
    ['failed', 'unavailable', 0],
    ['failed', 'rejected', 0],
    ['pending', null, 0],
  ] as const) {
    await query('UPDATE delivery SET state = $1, reason = $2', [state, reason]);
    expect([reason, await unreachable()]).toEqual([reason, count]);
  }
  await become(db.pool, 'stopped');
  expect(await unreachable()).toBe(1);
});

it('needs approval by how many it really goes to, also when more was decided since it was looked at', async () => {
  for (const reference of ['HB-AAAAAAA', 'HB-BBBBBBB', 'HB-CCCCCCC']) await said(reference);
  await decide('because', 'HB-AAAAAAA');
  const responses = createResponseStore(db.pool);
  const looked = await responses.releasable();
  await decide('because', 'HB-BBBBBBB', 'HB-CCCCCCC');
  // Whoever looked before saw one.
  const parts = { responses: { ...responses, releasable: async () => looked }, clock: systemClock, ids: systemIds };
  const terms = { ...parts, hint: () => undefined, approvalAbove: 2 };
  const released = await releaseResponses({ ...terms, by: 'ana' });
  expect(released).toMatchObject({ recipients: 3, approval: 'needed' });
  expect(await noticesIn(db.pool)).toMatchObject([{ state: 'scheduled', approval: 'needed', confirmed: 3 }]);
});

it('releases the very responses that were agreed to, and nothing where they are others, though as many, or go to more or fewer', async () => {
  for (const reference of ['HB-AAAAAAA', 'HB-BBBBBBB', 'HB-CCCCCCC']) await said(reference);
  await decide('so far', 'HB-AAAAAAA', 'HB-BBBBBBB', 'HB-CCCCCCC');
  const { mark: before } = await createResponseStore(db.pool).releasable();
  await decide('because', 'HB-CCCCCCC');
  const parts = { responses: createResponseStore(db.pool), clock: systemClock, ids: systemIds, hint: () => undefined };
  const { mark } = await parts.responses.releasable();
  for (const agreed of [
    { mark: before, recipients: 3 },
    { mark, recipients: 2 },
    { mark, recipients: 4 },
  ])
    await expect(releaseResponses({ ...parts, agreed })).rejects.toThrow(CountChanged);
  expect(await noticesIn(db.pool)).toEqual([]);
  expect(Object.values(await states())).not.toContain('released');
  const agreed = { mark, recipients: 3 };
  expect(await releaseResponses({ ...parts, agreed })).toMatchObject({ responses: 3, recipients: 3 });
  // The same agreement again finds nothing to release.
  expect(await releaseResponses({ ...parts, agreed })).toMatchObject({ notice: null, responses: 0 });
});
