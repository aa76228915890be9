import type { Pool } from 'pg';
import { z } from 'zod';
import type { ChannelName } from '../core/channelName.ts';
import type { Deliveries, Outcome } from '../delivery/ports.ts';
import { NOTICE_KIND, RECIPIENTS } from './columns.ts';
import { kindIs } from './kinds.ts';
import { quietUntil } from './quiet.ts';
import { MESSAGES } from './shapes.ts';
import { statement, word } from './statement.ts';

/** Rows of one job: few enough that a crash leaves little in doubt, many enough that jobs cost little. */
const SLICE = 100;

/**
 * The outbound way: every statement takes many rows, and every write-back is held against its lease.
 * @param channels those that can be reached: what waits for another platform is not due
 */
export function createDeliveries(pool: Pool, channels: readonly ChannelName[]): Deliveries {
  return {
    claim: (ids, lease, leaseMs) => CLAIM.rows(pool, [ids, lease, leaseMs / 1000]),
    settle: (outcomes) => idsOf(SETTLE.rows(pool, [JSON.stringify(outcomes.map(settled))])),
    extend: (held, leaseMs) =>
      idsOf(EXTEND.rows(pool, [held.map(({ id }) => id), held.map(({ lease }) => lease), leaseMs / 1000])),
    due: (ids) => idsOf(DUE.rows(pool, [ids])),
    async nextDue(ids) {
      const wait = (await NEXT_DUE.first(pool, [ids]))?.wait ?? null;
      return wait === null ? null : Math.max(0, wait * 1000);
    },
    dueSlices: (limit) => DUE_SLICES.rows(pool, [channels, limit, SLICE]),
    dueReplies: (limit) => idsOf(DUE_REPLIES.rows(pool, [channels, limit])),
    lastOf: async (id) => (await LAST_OF.first(pool, [id]))?.ref ?? null,
    async reclaim(mostDoubts) {
      const rows = await RECLAIM.rows(pool, [mostDoubts]);
      const count = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
      return { again: count('pending'), held: count('uncertain') };
    },
  };
}

export const LAST_OF = statement(
  { ref: z.object({ chat: z.string(), id: z.string() }).nullable() },
  'SELECT refs->-1 AS ref FROM delivery WHERE id = $1',
);

const URGENT = kindIs('n.kind', ({ urgent }) => urgent);

const ID = { id: z.string() };

/** Leaves out what has its default value. */
const settled = (outcome: Outcome) => ({
  id: outcome.id,
  lease: outcome.lease,
  state: outcome.state,
  reason: outcome.reason ?? undefined,
  delayMs: outcome.delayMs || undefined,
  refund: outcome.refund || undefined,
  doubt: outcome.doubt || undefined,
  messagesDone: outcome.messagesDone,
  partsDone: outcome.partsDone,
  refs: outcome.refs,
  address: outcome.address ?? undefined,
  unreachable: outcome.unreachable || undefined,
  brought: outcome.brought.length > 0 ? outcome.brought : undefined,
  begun: outcome.begun ?? undefined,
});

const idsOf = async (rows: Promise<{ id: string }[]>) => (await rows).map(({ id }) => id);

/** How soon somebody who is busy is checked again: they may have finished long before their time is over. */
const LOOK_AGAIN = `interval '1 minute'`;

/**
 * People by their state at the moment of sending. A reply still goes to somebody who has just said stop: it is the
 * confirmation; whoever is erased still gets our last words. What is urgent waits for nobody's night, and asks no preference; an answer to their own words asks none either.
 */
export const CLAIM = statement(
  {
    id: z.string(),
    lease: z.string(),
    noticeId: z.string().nullable(),
    kind: NOTICE_KIND.nullable(),
    onUncertain: z.enum(['resend', 'hold']),
    identityId: z.string(),
    identityKey: z.string(),
    recipient: z.enum(RECIPIENTS),
    channel: word<ChannelName>(),
    address: z.string(),
    language: z.string().nullable(),
    /** A payload that cannot be read counts as empty, and does not hold up the others that are claimed with it. */
    payload: MESSAGES.nullable().catch([]),
    attempts: z.int(),
    doubts: z.int(),
    messagesDone: z.int(),
    partsDone: z.int(),
    begun: z.string().nullable(),
  },
  `
  WITH picked AS (
    SELECT d.id, n.kind, coalesce(n.on_uncertain, 'resend') AS on_uncertain, i.key, i.kind AS recipient,
      coalesce(d.address, i.address) AS goes_to, i.language,
      CASE
        WHEN d.address IS NOT NULL THEN NULL
        WHEN i.status <> 'active' AND NOT (d.notice_id IS NULL AND d.thread_id IS NULL AND i.status IN ('stopped', 'asked')) THEN i.status
        WHEN n.until <= now() THEN 'over'
        WHEN d.notice_id IS NULL THEN NULL
        WHEN i.wants = 'answers' THEN CASE WHEN NOT ${kindIs('n.kind', ({ answersReaders }) => answersReaders)} THEN 'answers_only' END
        WHEN ${kindIs('n.kind', ({ asksNoPreference }) => asksNoPreference)} THEN NULL
        WHEN i.wants = 'critical' THEN 'critical_only'
        WHEN i.wants = 'chosen' AND n.topic IS NOT NULL AND NOT n.topic = ANY(i.topics) THEN 'other_topics'
      END AS gone,
      CASE WHEN NOT ${URGENT} THEN greatest(
        CASE WHEN i.busy_until > now() THEN least(i.busy_until, now() + ${LOOK_AGAIN}) END,
        ${quietUntil('now()')}
      ) END AS wait
    FROM delivery d JOIN identity i ON i.id = d.identity_id LEFT JOIN notice n ON n.id = d.notice_id
    LEFT JOIN process p ON p.id = n.process_id
    WHERE d.id = ANY($1::bigint[]) AND d.state = 'pending' AND (d.not_before IS NULL OR d.not_before <= now())
      AND (d.notice_id IS NULL OR n.state = 'running')
    FOR UPDATE OF d SKIP LOCKED
  ), decided AS (
    SELECT *, CASE WHEN gone IS NOT NULL THEN 'skipped' WHEN wait IS NOT NULL THEN 'pending' ELSE 'sending' END AS becomes FROM picked
  ), taken AS (
    UPDATE delivery d SET
      state = p.becomes,
      reason = p.gone,
      payload = CASE WHEN p.becomes <> 'skipped' OR d.notice_id IS NOT NULL THEN d.payload END,
      not_before = CASE WHEN p.becomes = 'pending' THEN p.wait ELSE d.not_before END,
      lease = CASE WHEN p.becomes = 'sending' THEN $2::uuid END,
      lease_until = CASE WHEN p.becomes = 'sending' THEN now() + make_interval(secs => $3::float8) END,
      attempts = d.attempts + CASE WHEN p.becomes = 'sending' THEN 1 ELSE 0 END,
      settled_at = CASE WHEN p.becomes = 'skipped' THEN now() END
    FROM decided p WHERE d.id = p.id
    RETURNING d.*, p.kind, p.on_uncertain, p.key, p.recipient, p.goes_to, p.language
  )
  SELECT id, lease, notice_id AS "noticeId", kind, on_uncertain AS "onUncertain", identity_id AS "identityId",
    key AS "identityKey", recipient, channel, goes_to AS address, language, CASE WHEN notice_id IS NULL THEN payload END AS payload, attempts,
    doubts, messages_done AS "messagesDone", parts_done AS "partsDone",
    CASE WHEN notice_id IS NOT NULL THEN payload->>'begun' END AS begun
  FROM taken WHERE state = 'sending' ORDER BY id`,
  { name: 'deliveries-claim' },
);

/**
 * `brought` and `begun` are kept with what a notice's delivery brings; the words of a reply only while it may have to be said
 * again, and of the last words to somebody who is erased not even where they went. A response that went out changes the
 * ledger in the same statement: there is no moment in which the two disagree. Its row is found by the ids that the outcome carries: right
 * after an import the planner knows nothing of the tables, and would look through every released response for each.
 */
export const SETTLE = statement(
  ID,
  `
  WITH outcome AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1) AS o(id bigint, lease uuid, state text, reason text, "delayMs" float8, refund boolean,
      doubt boolean, "messagesDone" int, "partsDone" int, refs jsonb, address text, unreachable boolean,
      brought jsonb, begun text)
  ), locked AS MATERIALIZED (
    -- Only what is being sent has a lease. Its state is not asked, lest all that is being sent were looked through.
    -- Each by its id: planned while the table was small, a join would look through all of it for long after it has grown.
    SELECT o.id, o.lease FROM (SELECT id, lease FROM outcome ORDER BY id) AS o
    CROSS JOIN LATERAL (SELECT id FROM delivery WHERE id = o.id AND lease = o.lease FOR UPDATE) AS d
  ), settled AS (
    UPDATE delivery d SET
      state = o.state, reason = o.reason, lease = NULL, lease_until = NULL,
      not_before = CASE WHEN o.state = 'pending' THEN now() + make_interval(secs => coalesce(o."delayMs", 0) / 1000) END,
      attempts = d.attempts - CASE WHEN o.refund THEN 1 ELSE 0 END,
      doubts = d.doubts + CASE WHEN o.doubt THEN 1 ELSE 0 END,
      messages_done = o."messagesDone", parts_done = o."partsDone",
      payload = CASE
        WHEN d.notice_id IS NULL THEN CASE WHEN o.state IN ('pending', 'uncertain') THEN d.payload END
        WHEN o.brought IS NULL AND o.begun IS NULL THEN d.payload
        ELSE coalesce(d.payload, '{}') ||
          jsonb_build_object('begun', o.begun, 'brought', coalesce(d.payload->'brought', '[]') || coalesce(o.brought, '[]')) END,
      refs = CASE WHEN o.refs = '[]' OR d.address IS NOT NULL THEN d.refs ELSE coalesce(d.refs, '[]') || o.refs END,
      address = CASE WHEN o.state = 'pending' THEN d.address END,
      settled_at = CASE WHEN o.state <> 'pending' THEN now() END
    FROM outcome o JOIN locked l ON l.id = o.id AND l.lease = o.lease WHERE d.id = l.id
    RETURNING d.id, d.identity_id, o.brought, o.address, o.unreachable
  ), people AS MATERIALIZED (
    -- In the order in which turns lock them.
    SELECT i.id FROM identity i WHERE i.status <> 'erased'
      AND i.id IN (SELECT identity_id FROM settled WHERE unreachable OR address IS NOT NULL)
    ORDER BY i.id FOR NO KEY UPDATE
  ), person AS (
    UPDATE identity i SET address = coalesce(s.address, i.address),
      status = CASE WHEN s.unreachable AND i.status = 'active' THEN 'unreachable' ELSE i.status END
    FROM settled s JOIN people p ON p.id = s.identity_id WHERE i.id = p.id AND (s.unreachable OR s.address IS NOT NULL)
  ), answered AS (
    UPDATE response r SET state = 'delivered'
    WHERE r.state = 'released' AND r.id = ANY(ARRAY(
      SELECT e.id::uuid FROM settled s CROSS JOIN LATERAL jsonb_array_elements_text(s.brought) AS e(id)))
    RETURNING r.contribution_id
  ), heard AS (
    UPDATE contribution c SET state = 'delivered' FROM answered a WHERE c.id = a.contribution_id AND c.state = 'released'
  )
  SELECT id FROM settled`,
  { name: 'deliveries-settle', alike: true },
);

export const EXTEND = statement(
  ID,
  `
  UPDATE delivery d SET lease_until = now() + make_interval(secs => $3::float8)
  FROM unnest($1::bigint[], $2::uuid[]) AS held(id, lease)
  WHERE d.id = held.id AND d.lease = held.lease AND d.state = 'sending'
  RETURNING d.id`,
);

export const DUE = statement(
  ID,
  `
  SELECT d.id FROM delivery d JOIN notice n ON n.id = d.notice_id
  WHERE d.id = ANY($1::bigint[]) AND d.state = 'pending' AND n.state = 'running' AND (d.not_before IS NULL OR d.not_before <= now())
  ORDER BY d.id`,
  { name: 'deliveries-due' },
);

export const NEXT_DUE = statement(
  { wait: z.number().nullable() },
  `
  SELECT extract(epoch FROM min(coalesce(d.not_before, now())) - now())::float8 AS wait
  FROM delivery d LEFT JOIN notice n ON n.id = d.notice_id
  WHERE d.id = ANY($1::bigint[]) AND d.state = 'pending' AND (d.notice_id IS NULL OR n.state = 'running')`,
);

/** What is due on the channel `c`, found through the running notices: a paused one may have a million rows waiting. */
const dueWhere = (kind: string): string => `
  SELECT d.id, n.id AS notice_id, c.channel, ${URGENT} AS critical FROM notice n CROSS JOIN LATERAL (
    SELECT id FROM delivery WHERE notice_id = n.id AND channel = c.channel AND state = 'pending'
      AND (not_before IS NULL OR not_before <= now())
    ORDER BY id LIMIT $2::int * $3::int) AS d
  WHERE n.state = 'running' AND ${kind} ORDER BY d.id LIMIT $2::int * $3::int`;

/** Critical ones are read separately: more may wait in front of them than the limit. */
export const DUE_SLICES = statement(
  {
    notice: z.string(),
    channel: word<ChannelName>(),
    slice: z.string(),
    critical: z.boolean(),
    ids: z.array(z.string()),
  },
  `
  SELECT due.notice_id AS notice, due.channel, (due.id / $3::int)::text AS slice, due.critical,
    array_agg(due.id::text ORDER BY due.id) AS ids
  FROM unnest($1::text[]) AS c(channel) CROSS JOIN LATERAL (
    (${dueWhere(URGENT)}) UNION ALL (${dueWhere(`NOT ${URGENT}`)})
  ) AS due
  GROUP BY due.notice_id, due.channel, due.critical, due.id / $3::int ORDER BY due.critical DESC, min(due.id)`,
);

export const DUE_REPLIES = statement(
  ID,
  `
  SELECT due.id FROM unnest($1::text[]) AS c(channel) CROSS JOIN LATERAL (
    SELECT d.id FROM delivery d
    WHERE d.state = 'pending' AND d.channel = c.channel AND d.notice_id IS NULL
      AND (d.not_before IS NULL OR d.not_before <= now())
    ORDER BY d.id LIMIT $2
  ) AS due ORDER BY due.id`,
);

/** Leases that expired while the server was down prove nothing: their holders get a moment to come back. */
export const RECLAIM = statement(
  { state: z.enum(['pending', 'uncertain']), count: z.int() },
  `
  WITH lost AS (
    SELECT d.id, CASE WHEN n.on_uncertain = 'hold' OR d.doubts >= $1 THEN 'uncertain' ELSE 'pending' END AS state
    FROM delivery d LEFT JOIN notice n ON n.id = d.notice_id
    WHERE d.state = 'sending' AND d.lease_until < now() AND pg_postmaster_start_time() < now() - interval '4 seconds'
    FOR UPDATE OF d SKIP LOCKED
  ), freed AS (
    UPDATE delivery d SET state = lost.state, reason = 'unknown_outcome', doubts = d.doubts + 1, lease = NULL, lease_until = NULL,
      address = CASE WHEN lost.state = 'pending' THEN d.address END, not_before = NULL, settled_at = CASE WHEN lost.state = 'uncertain' THEN now() END
    FROM lost WHERE d.id = lost.id RETURNING d.state
  )
  SELECT state, count(*)::int AS count FROM freed GROUP BY state`,
);
