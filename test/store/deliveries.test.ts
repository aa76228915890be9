import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedDelivery, Outcome } from '../../src/delivery/ports.ts';
import type { Database } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { seedNotice, seedPeople, statesOf } from '../support/outbound.ts';
import { databaseInTime, type Time } from '../support/time.ts';

const LEASE_MS = 8_000;
const outcome = (row: ClaimedDelivery, more: Partial<Outcome> = {}): Outcome => ({
  id: row.id,
  lease: row.lease,
  state: 'sent',
  reason: null,
  delayMs: 0,
  refund: false,
  doubt: false,
  messagesDone: 1,
  partsDone: 0,
  begun: null,
  brought: [],
  refs: [{ chat: row.address, id: '1' }],
  address: null,
  unreachable: false,
  ...more,
});

let database: Database;
let deliveries: ReturnType<typeof createDeliveries>;
const query = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows;
let time: Time;
/** The server, too, has been up for long enough by then. */
const expireLeases = () => time.pause(LEASE_MS + 1);

beforeEach(async () => {
  ({ database, time } = await databaseInTime());
  deliveries = createDeliveries(database.pool, ['telegram', 'slack']);
});

describe('claiming', () => {
  it('gives every delivery to one of many who ask at once', async () => {
    await seedPeople(database, 200);
    const ids = await seedNotice(database, 'n');
    const claims = await Promise.all(Array.from({ length: 8 }, () => deliveries.claim(ids, randomUUID(), LEASE_MS)));
    const claimed = claims.flat().map((row) => row.id);
    expect(claimed.length).toBe(new Set(claimed).size);
    // Whoever found rows locked by another skipped them: together they have all.
    expect(claimed.length).toBe(200);
  });

  it('skips people who have left, with the reason, and counts no attempt for them', async () => {
    await seedPeople(database, 4);
    const ids = await seedNotice(database, 'n');
    await query("UPDATE identity SET status = (ARRAY['active','stopped','unreachable','erased'])[id]");
    expect((await deliveries.claim(ids, randomUUID(), LEASE_MS)).map((row) => row.address)).toEqual(['chat-1']);
    expect(await query('SELECT state, reason, attempts FROM delivery ORDER BY id')).toEqual([
      { state: 'sending', reason: null, attempts: 1 },
      { state: 'skipped', reason: 'stopped', attempts: 0 },
      { state: 'skipped', reason: 'unreachable', attempts: 0 },
      { state: 'skipped', reason: 'erased', attempts: 0 },
    ]);
  });

  it('keeps no words of a reply that nobody is there for any more', async () => {
    await seedPeople(database, 1);
    await query("UPDATE identity SET status = 'unreachable'");
    const [{ id }] = await query(
      `INSERT INTO delivery (identity_id, channel, payload) SELECT id, channel, '["words"]' FROM identity RETURNING id`,
    );
    expect(await deliveries.claim([id], randomUUID(), LEASE_MS)).toEqual([]);
    expect(await query('SELECT state, payload FROM delivery')).toEqual([{ state: 'skipped', payload: null }]);
  });

  it('leaves alone what is paused or not yet due', async () => {
    await seedPeople(database, 2);
    const ids = await seedNotice(database, 'n');
    await query("UPDATE delivery SET not_before = now() + interval '1 hour' WHERE id = $1", [ids[0]]);
    expect(await deliveries.claim(ids, randomUUID(), LEASE_MS)).toHaveLength(1);
    await query("UPDATE notice SET state = 'paused'");
    await query('UPDATE delivery SET not_before = NULL');
    expect(await deliveries.claim(ids, randomUUID(), LEASE_MS)).toHaveLength(0);
  });

  it('asks at the moment of sending what people want, unless it is critical or an answer to them', async () => {
    await seedPeople(database, 5);
    const ids = await seedNotice(database, 'n');
    await query(`UPDATE identity SET wants = (ARRAY['all','chosen','chosen','critical','answers'])[id],
      topics = CASE WHEN id = 2 THEN '{health}'::text[] ELSE '{schools,reminders}' END`);
    const claimed = async (change: string) => {
      await query(change);
      await query("UPDATE delivery SET state = 'pending', reason = NULL, lease = NULL");
      return (await deliveries.claim(ids, randomUUID(), LEASE_MS))
        .map((row) => row.address.replace('chat-', ''))
        .join();
    };
    expect(await claimed(`UPDATE notice SET topic = 'health'`)).toBe('1,2');
    expect(await query("SELECT reason FROM delivery WHERE state = 'skipped' ORDER BY id")).toEqual([
      { reason: 'other_topics' },
      { reason: 'critical_only' },
      { reason: 'answers_only' },
    ]);
    expect(await claimed(`UPDATE notice SET topic = NULL`)).toBe('1,2,3');
    expect(await claimed(`UPDATE notice SET topic = 'health', kind = 'response'`)).toBe('1,2,3,4,5');
    expect(await claimed(`UPDATE notice SET kind = 'seat'`)).toBe('1,2,3,4,5');
    expect(await claimed(`UPDATE notice SET kind = 'critical'`)).toBe('1,2,3,4');
  });

  it('waits for whoever is in the middle of something or asleep, by their own clock, unless it is critical', async () => {
    await seedPeople(database, 3);
    const ids = await seedNotice(database, 'n');
    const hour = (plus: string) => `to_char(now() AT TIME ZONE 'UTC' + interval '${plus}', 'HH24:00')`;
    await query(`UPDATE process SET definition = jsonb_build_object('timeZone', 'UTC',
      'quietHours', jsonb_build_object('from', ${hour('4 hours')}, 'to', ${hour('8 hours')}))`);
    // Six hours to the east it is that night already.
    await query(`UPDATE identity SET busy_until = CASE id WHEN 1 THEN now() + interval '5 minutes' END,
      zone = (ARRAY[NULL, 'Etc/GMT-6', 'Mars/Crater'])[id]`);
    expect((await deliveries.claim(ids, randomUUID(), LEASE_MS)).map((row) => row.address)).toEqual(['chat-3']);
    const waits = await query(
      `SELECT state, attempts, extract(epoch FROM not_before - now())::int / 60 AS minutes FROM delivery ORDER BY id LIMIT 2`,
    );
    expect(waits[0]).toMatchObject({ state: 'pending', attempts: 0, minutes: expect.toSatisfy((n) => n <= 1) });
    expect(waits[1]).toMatchObject({ state: 'pending', minutes: expect.toSatisfy((n) => n > 60 && n <= 240) });
    await query("UPDATE notice SET kind = 'critical'");
    await query("UPDATE delivery SET not_before = NULL WHERE state = 'pending'");
    expect(await deliveries.claim(ids, randomUUID(), LEASE_MS)).toHaveLength(2);
  });

  it('reckons the end of the night with the clocks of its zone, on days of 23 and of 25 hours too', async () => {
    const until = async (at: string, from: string, to: string) =>
      (await query(`SELECT quiet_until($1, 'Europe/Madrid', $2, $3) AS at`, [at, from, to]))[0].at?.toISOString() ??
      null;
    expect(await until('2027-03-27T21:30Z', '22:00', '08:00')).toBe('2027-03-28T06:00:00.000Z');
    expect(await until('2027-03-28T05:59Z', '22:00', '08:00')).toBe('2027-03-28T06:00:00.000Z');
    expect(await until('2027-03-28T06:00Z', '22:00', '08:00')).toBe(null);
    expect(await until('2027-10-30T20:00Z', '22:00', '08:00')).toBe('2027-10-31T07:00:00.000Z');
    expect(await until('2027-06-01T11:00Z', '13:00', '15:00')).toBe('2027-06-01T13:00:00.000Z');
    expect(await until('2027-06-01T13:00Z', '13:00', '15:00')).toBe(null);
    expect(await until('2027-06-01T11:00Z', '00:00', '00:00')).toBe(null);
  });

  it('still gives the confirmation to somebody who has just said stop', async () => {
    await seedPeople(database, 1);
    await query("UPDATE identity SET status = 'stopped'");
    const [row] = await query(
      "INSERT INTO delivery (identity_id, channel, payload) VALUES (1, 'telegram', '[]') RETURNING id",
    );
    expect(await deliveries.claim([row.id], randomUUID(), LEASE_MS)).toMatchObject([
      { noticeId: null, payload: [], onUncertain: 'resend' },
    ]);
  });
});

describe('settling', () => {
  it('refuses the outcome of a process whose lease has gone to another', async () => {
    await seedPeople(database, 1);
    const ids = await seedNotice(database, 'n', 'resend');
    const [stale] = await deliveries.claim(ids, randomUUID(), LEASE_MS);
    await expireLeases();
    expect(await deliveries.reclaim(10)).toEqual({ again: 1, held: 0 });
    const [fresh] = await deliveries.claim(ids, randomUUID(), LEASE_MS);
    expect(await deliveries.settle([outcome(stale!, { state: 'failed', reason: 'rejected' })])).toEqual([]);
    await deliveries.extend([{ id: stale!.id, lease: stale!.lease }], 1_000_000);
    expect(await deliveries.settle([outcome(fresh!)])).toEqual(ids);
    expect(await query('SELECT state, doubts, lease, refs FROM delivery')).toEqual([
      { state: 'sent', doubts: 1, lease: null, refs: [{ chat: 'chat-1', id: '1' }] },
    ]);
  });

  it('gives those that are claimed with one that cannot be read', async () => {
    await seedPeople(database, 2);
    const message = { blocks: [{ kind: 'text', text: 'Thank you', said: ['Thank'] }], replyTo: '7' };
    const put = (payload: unknown) =>
      query(`INSERT INTO delivery (identity_id, channel, payload) VALUES (1, 'telegram', $1) RETURNING id`, [
        JSON.stringify(payload),
      ]);
    const ids = [...(await put([{ blocks: 'none' }])), ...(await put([message]))].map(({ id }) => id);
    const claimed = await deliveries.claim(ids, randomUUID(), LEASE_MS);
    expect(claimed.map(({ payload }) => payload)).toEqual([[], [message]]);
  });

  it('drops the words of a reply once it is known what became of it, and keeps those that may have to be said again', async () => {
    await seedPeople(database, 1);
    const ends = ['sent', 'failed', 'skipped', 'uncertain', 'pending'] as const;
    for (const state of ends) {
      const [{ id }] = await query(
        `INSERT INTO delivery (identity_id, channel, payload) VALUES (1, 'telegram', '["what they said"]') RETURNING id`,
      );
      const [row] = await deliveries.claim([id], randomUUID(), LEASE_MS);
      await deliveries.settle([outcome(row!, { state })]);
    }
    expect(await query('SELECT state FROM delivery WHERE payload IS NOT NULL ORDER BY id')).toEqual([
      { state: 'uncertain' },
      { state: 'pending' },
    ]);
  });

  it('keeps how far it came, gives the attempt back and waits as the platform wished', async () => {
    await seedPeople(database, 1);
    const ids = await seedNotice(database, 'n');
    const [row] = await deliveries.claim(ids, randomUUID(), LEASE_MS);
    await deliveries.settle([
      outcome(row!, { state: 'pending', reason: 'slow_down', refund: true, delayMs: 30_000, partsDone: 2 }),
    ]);
    expect(
      await query('SELECT attempts, messages_done, parts_done, jsonb_array_length(refs) AS refs FROM delivery'),
    ).toEqual([{ attempts: 0, messages_done: 1, parts_done: 2, refs: 1 }]);
    expect(await deliveries.nextDue(ids)).toBe(30_000);
    await time.pause(29_999);
    expect(await deliveries.due(ids)).toEqual([]);
    await time.pause(1);
    expect(await deliveries.due(ids)).toEqual(ids);
  });

  it('follows a person to a new address, and notes who cannot be reached', async () => {
    await seedPeople(database, 2);
    const rows = await deliveries.claim(await seedNotice(database, 'n'), randomUUID(), LEASE_MS);
    await deliveries.settle([
      outcome(rows[0]!, { address: 'chat-new' }),
      outcome(rows[1]!, { state: 'failed', reason: 'blocked', unreachable: true }),
    ]);
    expect(await query('SELECT address, status FROM identity ORDER BY id')).toEqual([
      { address: 'chat-new', status: 'active' },
      { address: 'chat-2', status: 'unreachable' },
    ]);
  });

  it('makes a response and its contribution delivered with the message that brought it, and no other', async () => {
    await seedPeople(database, 2);
    const rows = await deliveries.claim(await seedNotice(database, 'n', 'resend'), randomUUID(), LEASE_MS);
    await query(`
      WITH c AS (
        INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, state, submitted_at, updated_at)
        SELECT gen_random_uuid(), 'HB-' || id, contributor_id, id, 'idea', 'A park', 'en', channel, 'released', now(), now() FROM identity
        RETURNING id
      )
      INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, state, notice_id, created_at)
      SELECT gen_random_uuid(), id, 1, 'inclusion', 'a', 'b', 'c', 'd', 'e', 'released', 'n', now() FROM c`);
    const [brought] = await query(
      'SELECT array_agg(r.id::text) AS ids FROM response r JOIN contribution c ON c.id = r.contribution_id WHERE c.identity_id = 1',
    );
    await deliveries.settle([
      outcome(rows[0]!, { brought: brought.ids }),
      outcome(rows[1]!, { state: 'failed', reason: 'rejected' }),
    ]);
    const states =
      'SELECT c.state AS contribution, r.state AS response FROM contribution c JOIN response r ON r.contribution_id = c.id ORDER BY c.identity_id';
    expect(await query(states)).toEqual([
      { contribution: 'delivered', response: 'delivered' },
      { contribution: 'released', response: 'released' },
    ]);
  });
});

describe('what a dead process held', () => {
  it('goes again with a doubt where the notice resends, and is held where it holds', async () => {
    await seedPeople(database, 3);
    const again = await seedNotice(database, 'again', 'resend');
    const held = await seedNotice(database, 'held', 'hold');
    await deliveries.claim([...again, ...held], randomUUID(), LEASE_MS);
    expect(await deliveries.reclaim(10)).toEqual({ again: 0, held: 0 });
    await expireLeases();
    expect(await deliveries.reclaim(10)).toEqual({ again: 3, held: 3 });
    expect(await statesOf(database)).toEqual({ pending: 3, uncertain: 3 });
    expect(await query('SELECT DISTINCT doubts FROM delivery')).toEqual([{ doubts: 1 }]);
  });

  it('stops being tried when it has taken down process after process', async () => {
    await seedPeople(database, 1);
    const ids = await seedNotice(database, 'n', 'resend');
    for (let crash = 0; crash < 3; crash++) {
      await deliveries.claim(ids, randomUUID(), LEASE_MS);
      await expireLeases();
      await deliveries.reclaim(2);
    }
    expect(await statesOf(database)).toEqual({ uncertain: 1 });
  });
});

it('cuts what is due into the same slices each time, one channel each', async () => {
  await seedPeople(database, 250);
  await seedPeople(database, 50, 'slack');
  const ids = await seedNotice(database, 'n');
  const before = await deliveries.dueSlices(100);
  await deliveries.claim(ids.slice(0, 30), randomUUID(), LEASE_MS);
  const after = await deliveries.dueSlices(100);
  expect(before.flatMap((slice) => slice.ids)).toHaveLength(300);
  expect(after.map(({ notice, channel, slice }) => `${notice} ${channel} ${slice}`)).toEqual(
    before.map(({ notice, channel, slice }) => `${notice} ${channel} ${slice}`),
  );
  for (const { ids: some } of after) expect(some.length).toBeLessThanOrEqual(100);
});

it('names what is critical first, however much was due before it', async () => {
  await seedPeople(database, 250);
  await seedNotice(database, 'n');
  await seedNotice(database, 'c');
  await query(`UPDATE notice SET kind = 'critical' WHERE id = 'c'`);
  const slices = await createDeliveries(database.pool, ['telegram', 'slack']).dueSlices(1);
  expect(slices.map(({ notice, critical }) => [notice, critical])).toEqual(
    expect.arrayContaining([
      ['c', true],
      ['n', false],
    ]),
  );
  expect(slices[0]?.notice).toBe('c');
});

it('leaves what waits for a platform that is not set up where it is', async () => {
  await seedPeople(database, 1);
  await seedPeople(database, 1, 'slack');
  await seedNotice(database, 'n');
  const [telegram, slack] = await query(
    `INSERT INTO delivery (identity_id, channel, payload) SELECT id, channel, '[]' FROM identity ORDER BY id RETURNING id`,
  );
  const alone = createDeliveries(database.pool, ['slack']);
  expect(await alone.dueReplies(10)).toEqual([slack?.id]);
  expect((await alone.dueSlices(10)).map(({ channel }) => channel)).toEqual(['slack']);
  expect(await deliveries.dueReplies(10)).toEqual([telegram?.id, slack?.id]);
});

it('looks for what is due past none of what waits in a paused notice', async () => {
  await seedPeople(database, 20_000);
  await seedNotice(database, 'paused');
  await query("UPDATE notice SET state = 'paused'");
  await seedNotice(database, 'running');
  await query("DELETE FROM delivery WHERE notice_id = 'running' AND identity_id > 3");
  await query('ANALYZE delivery, notice');
  expect(await rowsRead(() => deliveries.dueSlices(1))).toBeLessThan(100);
});

/** How many deliveries the database looks at for this. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await query('SELECT pg_stat_force_next_flush()');
    const [row] = await query(
      `SELECT (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_user_tables WHERE relname = 'delivery'`,
    );
    return row?.rows;
  };
  const before = await read();
  await work();
  return (await read()) - before;
}
