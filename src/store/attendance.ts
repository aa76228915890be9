import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import {
  ANSWERS,
  type Attendance,
  type GivenAnswer,
  type SeatStanding,
  type Seats,
} from '../process/events/attendance.ts';
import { CURRENT } from './current.ts';
import { statement } from './statement.ts';
import { transaction } from './transaction.ts';

/**
 * Who is coming to an event. Changes to the seats of one event run one after the other, across any number of processes:
 * each transaction takes the event's lock first and reads the seats only then.
 *
 * An answer is kept before the turn that says so, because the reply names the seat. That does no harm when the same
 * update comes again: the same answer twice is one answer with one place in line; an update that is done is not an
 * answer any more, so that a repeat cannot undo what was said after it; and one that failed and is tried again gives
 * way to a later answer. Where the turn is never done, the person has what they pressed for, and learns it with the
 * next press.
 */
export function createAttendance(pool: Pool): Attendance {
  const inTurn = createTurns();

  /**
   * Only one connection of this process waits for an event's lock at a time: a rush on one event leaves the others
   * free.
   */
  const locked = <T>(event: string, work: (client: PoolClient) => Promise<T>): Promise<T> =>
    inTurn(event, () =>
      transaction(pool, async (client) => {
        await client.query(LOCK, [event]);
        return work(client);
      }),
    );

  return {
    answer: (given) => locked(given.event, (client) => answer(client, given)),
    promote: (seats) => locked(seats.event, (client) => fill(client, seats, null)),
    of: (event, identityId) => STANDING.first(pool, [event.process, event.event, identityId]),
    counts: async ({ process, event }) => (await COUNTS.first(pool, [process, event])) ?? NOBODY,
    waitedFor: async (process) => (await WAITED_FOR.rows(pool, [process])).map(({ event }) => event),
    async seatNews(deliveryIds) {
      const rows = await SEAT_NEWS.rows(pool, [deliveryIds]);
      return new Map(rows.map(({ id, ...news }) => [id, news]));
    },
    comers: async (deliveryIds) =>
      new Map((await COMERS.rows(pool, [deliveryIds])).map(({ id, ...standing }) => [id, standing])),
    attended: async (identityIds) =>
      new Map((await ATTENDED.rows(pool, [identityIds])).map(({ id, events }) => [id, events])),
    edition: async () => (await EDITION.first(pool))?.edition ?? 0,
  };
}

async function answer(client: PoolClient, given: GivenAnswer): Promise<SeatStanding & { promoted: string[] }> {
  const { process, event, identityId, at, update } = given;
  await client.query(ANSWER, [event, identityId, given.answer, at, update, process]);
  const promoted = await fill(client, given, identityId);
  const standing = await STANDING.first(client, [process, event, identityId]);
  // No row: the update was handled long ago and its answer was erased since; nobody reads this.
  return { ...(standing ?? { answer: given.answer, seat: null, position: null }), promoted };
}

async function fill(
  client: PoolClient,
  { process, event, capacity, until }: Seats,
  self: string | null,
): Promise<string[]> {
  return (await FILL.rows(client, [event, capacity, self, until, process])).map(({ id }) => id);
}

/** Runs one piece of work at a time for each key. */
function createTurns() {
  const tails = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const mine = (tails.get(key) ?? Promise.resolve()).then(work);
    const tail: Promise<unknown> = mine
      .catch(() => undefined)
      .then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
    tails.set(key, tail);
    return mine;
  };
}

/** A process that is frozen while it holds the lock loses it, so that nobody has to wait for it. */
const LOCK = `
  SELECT set_config('idle_in_transaction_session_timeout', '5s', true),
    pg_advisory_xact_lock(hashtext('attendance'), hashtext($1))`;

/**
 * People who say yes go to the end of the waiting list, from which seats are filled. Within an event `since` only
 * grows, whatever the clocks of the processes say: nobody gets in front of somebody who was told their place.
 */
const ANSWER = `
  WITH seen AS (SELECT state, attempts FROM inbound_update WHERE id = $5)
  INSERT INTO attendance AS a (process_id, event, identity_id, answer, seat, since, at)
  SELECT $6::int, $1, $2::bigint, $3, CASE WHEN $3 = 'yes' THEN 'waiting' END,
    greatest($4::timestamptz, (SELECT max(since) + interval '1 ms' FROM attendance WHERE process_id = $6 AND event = $1)), $4
  WHERE NOT EXISTS (SELECT FROM seen WHERE state = 'done')
  ON CONFLICT (process_id, event, identity_id) DO UPDATE SET
    answer = excluded.answer,
    seat = CASE WHEN excluded.answer = 'yes' THEN coalesce(a.seat, 'waiting') END,
    since = CASE WHEN excluded.answer = 'yes' AND a.answer <> 'yes' THEN excluded.since ELSE a.since END,
    at = excluded.at
  WHERE a.at <= excluded.at OR NOT EXISTS (SELECT FROM seen WHERE attempts > 0)`;

/** One for each time that somebody says yes. */
const origin = (row: string) =>
  `concat_ws(':', 'seat', ${row}.event, ${row}.identity_id, (extract(epoch FROM ${row}.since) * 1000)::bigint)`;

/**
 * Somebody who cannot be reached (stopped, unreachable) is passed over and keeps their place in line; people with a
 * seat keep it until they say otherwise, also after /stop, and also when there are fewer seats than before. The seat of
 * somebody who was erased is free. The notice is created running, with its one delivery, where the sweep finds it. It
 * respects quiet hours unless the event would be missed.
 */
export const FILL = statement(
  { id: z.string() },
  `
  WITH free AS (
    SELECT CASE WHEN $2::int IS NOT NULL THEN greatest(0, $2::int - count(*)) END AS seats
    FROM attendance a JOIN identity i ON i.id = a.identity_id
    WHERE a.process_id = $5 AND a.event = $1 AND a.seat = 'seat' AND i.status <> 'erased'
  ), next AS MATERIALIZED (
    SELECT a.event, a.identity_id, a.since, i.channel, i.zone, gen_random_uuid()::text AS notice
    FROM attendance a JOIN identity i ON i.id = a.identity_id
    WHERE a.process_id = $5 AND a.event = $1 AND a.seat = 'waiting' AND (i.status = 'active' OR i.id = $3::bigint)
    ORDER BY a.since LIMIT (SELECT seats FROM free)
  ), seated AS (
    UPDATE attendance a SET seat = 'seat' FROM next n WHERE a.process_id = $5 AND a.event = $1 AND a.identity_id = n.identity_id
  ), others AS (
    SELECT * FROM next WHERE identity_id IS DISTINCT FROM $3::bigint
  ), news AS (
    INSERT INTO notice (process_id, id, kind, texts, on_uncertain, state, at, origin, event, until, created_at, snapshot_at)
    SELECT $5::int, notice, 'seat', '{}', 'resend', 'running', now(),
      ${origin('others')}, $1, $4::timestamptz, now(), now()
    FROM others
  ), deliveries AS (
    INSERT INTO delivery (notice_id, identity_id, channel, not_before)
    SELECT o.notice, o.identity_id, o.channel, CASE WHEN quiet.until < $4::timestamptz OR $4 IS NULL THEN quiet.until END
    FROM others o JOIN process p ON p.id = $5 CROSS JOIN LATERAL (
      SELECT quiet_until(now(), known_zone(o.zone, p.definition->>'timeZone'),
        (p.definition->'quietHours'->>'from')::time, (p.definition->'quietHours'->>'to')::time) AS until) AS quiet
    ORDER BY o.since
  )
  SELECT identity_id AS id FROM others ORDER BY since`,
);

export const STANDING = statement(
  { answer: z.enum(ANSWERS), seat: z.enum(['seat', 'waiting']).nullable(), position: z.int().nullable() },
  `
  SELECT a.answer, a.seat, CASE WHEN a.seat = 'waiting' THEN 1 + (
    SELECT count(*) FROM attendance b JOIN identity i ON i.id = b.identity_id
    WHERE b.process_id = a.process_id AND b.event = a.event AND b.seat = 'waiting' AND b.since < a.since AND i.status = 'active') END::int AS position
  FROM attendance a WHERE a.process_id = $1 AND a.event = $2 AND a.identity_id = $3`,
);

const NOBODY = { yes: 0, maybe: 0, no: 0, seats: 0, waiting: 0 };

export const COUNTS = statement(
  { yes: z.int(), maybe: z.int(), no: z.int(), seats: z.int(), waiting: z.int() },
  `
  SELECT count(*) FILTER (WHERE a.answer = 'yes')::int AS yes, count(*) FILTER (WHERE a.answer = 'maybe')::int AS maybe,
    count(*) FILTER (WHERE a.answer = 'no')::int AS no, count(*) FILTER (WHERE a.seat = 'seat')::int AS seats,
    count(*) FILTER (WHERE a.seat = 'waiting' AND i.status = 'active')::int AS waiting
  FROM attendance a JOIN identity i ON i.id = a.identity_id WHERE a.process_id = $1 AND a.event = $2 AND i.status <> 'erased'`,
);

export const WAITED_FOR = statement(
  { event: z.string() },
  `
  SELECT DISTINCT event FROM attendance WHERE process_id = $1 AND seat = 'waiting' ORDER BY event`,
);

export const SEAT_NEWS = statement(
  { id: z.string(), event: z.string(), process: z.int(), theirs: z.boolean() },
  `
  SELECT d.id, n.event, n.process_id AS process, coalesce(a.seat = 'seat' AND ${origin('a')} = n.origin AND n.process_id = ${CURRENT}, false) AS theirs
  FROM delivery d JOIN notice n ON n.id = d.notice_id
  LEFT JOIN attendance a ON a.process_id = n.process_id AND a.event = n.event AND a.identity_id = d.identity_id
  WHERE d.id = ANY($1::bigint[]) AND n.kind = 'seat'`,
);

export const COMERS = statement(
  { id: z.string(), answer: z.enum(ANSWERS), seat: z.enum(['seat', 'waiting']).nullable() },
  `
  SELECT d.id, a.answer, a.seat
  FROM delivery d JOIN notice n ON n.id = d.notice_id
  JOIN attendance a ON a.process_id = n.process_id AND a.event = n.event AND a.identity_id = d.identity_id
  WHERE d.id = ANY($1::bigint[]) AND a.answer IN ('yes', 'maybe')`,
);

export const ATTENDED = statement(
  { id: z.string(), events: z.array(z.string()) },
  `
  SELECT identity_id AS id, array_agg(event) AS events FROM attendance
  WHERE process_id = ${CURRENT} AND identity_id = ANY($1::bigint[]) AND answer IN ('yes', 'maybe') GROUP BY 1`,
);

export const EDITION = statement({ edition: z.int() }, 'SELECT coalesce(max(number), 0) AS edition FROM timeline');
