import type { Pool } from 'pg';
import { z } from 'zod';
import type { WaitingTelling } from '../responses/waitingForMembers.ts';
import { CURRENT } from './current.ts';
import { isOpen, waitsFor } from './opinions.ts';
import { quietUntil } from './quiet.ts';
import { statement } from './statement.ts';
import { TOLD_ROLE } from './threadTelling.ts';
import { transaction } from './transaction.ts';

/** What waits for members, and when they were told of it. */
export function createWaitingTelling(pool: Pool): WaitingTelling {
  return {
    tell: (at, { quietMs, mostMs }, messageFor) =>
      transaction(pool, async (db) => {
        const waiting = await WAITING.rows(db, [at, quietMs / 1000, mostMs / 1000]);
        if (waiting.length === 0) return [];
        const told = waiting.map((member) => ({ ...member, payload: [messageFor(member)] }));
        return (await TELL.rows(db, [JSON.stringify(told), at])).map(({ id }) => id);
      }),
  };
}

/** People are pressing so long before they are due, and again when they are. */
const PRESSING = `interval '2 days'`;
const SINCE = (moment: string): string =>
  `${moment} > coalesce(mi.told_at, '-infinity') AND ${moment} <= $1::timestamptz`;

/**
 * At $1: chats in which something is new since the day on which they were told last; proposals gathered for $2 seconds without another, or
 * $3 seconds.
 */
export const WAITING = statement(
  {
    identityId: z.string(),
    key: z.string(),
    channel: z.string(),
    language: z.string().nullable(),
    proposals: z.int(),
    people: z.int(),
    overdue: z.int(),
    dueAt: z.date().nullable(),
  },
  `
  SELECT i.id AS "identityId", i.key, i.channel, i.language, proposed.count AS proposals, owed.count AS people, owed.overdue, owed.due AS "dueAt"
  FROM member w JOIN member_identity mi ON mi.member_id = w.id JOIN identity i ON i.key = mi.identity_key
  JOIN process p ON p.id = ${CURRENT}
  CROSS JOIN LATERAL (SELECT known_zone(i.zone, coalesce(p.definition->>'timeZone', 'UTC')) AS zone) AS here
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, min(o.at) FILTER (WHERE ${SINCE('o.at')}) AS first, max(o.at) AS last
    FROM proposal o JOIN contribution c ON c.id = o.contribution_id
    WHERE ${isOpen('o', 'c')} AND ${waitsFor('o', 'w')}
  ) AS proposed
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, count(*) FILTER (WHERE t.due_at <= $1)::int AS overdue, min(t.due_at) FILTER (WHERE t.due_at > $1) AS due,
      coalesce(bool_or(${SINCE('t.due_at')} OR (${SINCE(`t.due_at - ${PRESSING}`)})), false) AS pressing
    FROM thread t JOIN identity a ON a.id = t.identity_id
    WHERE t.state = 'open' AND a.status <> 'erased' AND t.identity_id <> i.id
      AND CASE WHEN t.assigned IS NULL THEN ${TOLD_ROLE} = ANY(w.roles) ELSE t.assigned = w.id END
  ) AS owed
  WHERE w.removed_at IS NULL AND i.status = 'active' AND (i.busy_until IS NULL OR i.busy_until <= $1)
    AND (mi.told_at IS NULL OR (mi.told_at AT TIME ZONE here.zone)::date < ($1::timestamptz AT TIME ZONE here.zone)::date)
    AND ${quietUntil('$1')} IS NULL
    AND (owed.pressing OR proposed.last <= $1::timestamptz - make_interval(secs => $2) AND proposed.first IS NOT NULL
      OR proposed.first <= $1::timestamptz - make_interval(secs => $3))
  FOR UPDATE OF mi SKIP LOCKED`,
);

export const TELL = statement(
  { id: z.string() },
  `
  WITH told AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1) AS t("identityId" bigint, key text, channel text, payload jsonb)
  ), noted AS (
    UPDATE member_identity mi SET told_at = $2 FROM told WHERE mi.identity_key = told.key
  )
  INSERT INTO delivery (identity_id, channel, payload) SELECT "identityId", channel, payload FROM told RETURNING id`,
);
