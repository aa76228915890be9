import type { Pool } from 'pg';
import { z } from 'zod';
import { type Due, type Inbox, KNOWS_NOBODY } from '../conversation/inbox.ts';
import type { ChannelName } from '../core/channelName.ts';
import { IDENTITY_STATUSES } from '../people/identity.ts';
import { STAKEHOLDER_GROUPS, WANTS } from '../people/preferences.ts';
import { RECIPIENTS } from './columns.ts';
import { PATIENCE } from './database.ts';
import { inboundOf, PACING, UNSURE } from './inboxShapes.ts';
import { Statement, statement, word } from './statement.ts';

/**
 * Updates as rows: the row is what waits; what a process remembers is only a hint. Any number of processes may work on
 * the same person: each sees the oldest waiting update, and the turn number lets one of them commit.
 */
export function createInbox(pool: Pool): Inbox {
  const query = (text: string, values: unknown[]) => pool.query({ text, values, ...PATIENCE });
  const run = async (text: string, values: unknown[]) => void (await query(text, values));
  return {
    async keep(updates) {
      const kept = await KEEP.rows(pool, [JSON.stringify(updates)]);
      return new Set(kept.map(({ id }) => id));
    },
    keepUnreadable: (id, raw, error) => run(KEEP_UNREADABLE, [id, JSON.stringify(raw), error]),
    async next(people, newContributor) {
      return (await NEXT.rows(pool, [people, people.map(newContributor)])).map(dueIn);
    },
    finish: (id) => run(FINISH, [id]),
    putAside: (id, error) => run(`${PUT_ASIDE} WHERE id = $1 AND state = 'waiting'`, [id, error]),
    putAsideNext: (person, error) => run(`${PUT_ASIDE} WHERE id = (${OLDEST}) AND state = 'waiting'`, [person, error]),
    async takeUp(limit) {
      return (await query(TAKE_UP, [limit])).rowCount ?? 0;
    },
    async waitingFor(seconds, limit) {
      return (await WAITING_FOR.rows(pool, [seconds, limit])).map(({ person }) => person);
    },
    async isStuck(seconds) {
      return (await query(STUCK, [seconds])).rowCount !== 0;
    },
    countAside: async () => (await COUNT_ASIDE.first(pool))?.count ?? 0,
  };
}

/** `seq` is given out after the sort: it is the order in which they came. */
export const KEEP = statement(
  { id: z.string() },
  `
  INSERT INTO inbound_update (id, state, person, payload)
  SELECT u->>'id', 'waiting', u->'sender'->>'key', u FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(u, n)
  ORDER BY n
  ON CONFLICT (id) DO NOTHING RETURNING id`,
  { name: 'inbox-keep', alike: true, ...PATIENCE },
);

const KEEP_UNREADABLE = `
  INSERT INTO inbound_update (id, state, payload, error) VALUES ($1, 'unreadable', $2, $3) ON CONFLICT (id) DO NOTHING`;

const OLDEST = `SELECT id FROM inbound_update WHERE person = $1 AND state = 'waiting' ORDER BY seq LIMIT 1`;

const KNOWN = {
  id: z.string(),
  kind: z.enum(RECIPIENTS),
  key: z.string(),
  contributorId: z.string(),
  channel: word<ChannelName>(),
  address: z.string(),
  name: z.string().nullable(),
  language: z.string().nullable(),
  languageChosen: z.boolean(),
  status: z.enum(IDENTITY_STATUSES),
  consentVersion: z.string().nullable(),
  source: z.string().nullable(),
  isMember: z.boolean(),
  zone: z.string().nullable(),
  wants: z.enum(WANTS),
  topics: z.array(z.string()),
  group: z.enum(STAKEHOLDER_GROUPS).nullable(),
  place: z.string().nullable(),
  turn: z.int(),
  session: z.unknown(),
  askedIn: z.string().nullable(),
  pacing: z.unknown(),
  remindAt: z.date().nullable(),
  reminded: z.boolean(),
  unsure: z.unknown(),
};

const WAITS = { payload: z.unknown(), more: z.boolean() };

/** Updates about a group, or not sent by the person themselves, create no identity. */
export const NEXT = new Statement(
  z.union([z.object({ ...WAITS, ...KNOWN }), z.object({ ...WAITS, id: z.null() })]),
  `
  WITH wanted AS (
    -- OFFSET 0 hides the array's length from the planner, which would otherwise plan again each time: that takes longer than the rest.
    SELECT w.* FROM (SELECT $1::text[] AS people, $2::uuid[] AS contributors OFFSET 0) AS given
    CROSS JOIN LATERAL unnest(given.people, given.contributors) AS w(person, contributor)
  ), oldest AS MATERIALIZED (
    SELECT w.*, u.payload, u.payload->'sender' AS sender, EXISTS (
      SELECT FROM inbound_update v WHERE v.person = w.person AND v.state = 'waiting' AND v.seq > u.seq) AS more
    FROM wanted w CROSS JOIN LATERAL (
      SELECT payload, seq FROM inbound_update WHERE person = w.person AND state = 'waiting' ORDER BY seq LIMIT 1) u
  ), made AS (
    INSERT INTO identity (key, contributor_id, channel, address, name, language)
    SELECT person, contributor, sender->>'channel', sender->>'address', sender->>'name', sender->>'language' FROM oldest o
    WHERE NOT EXISTS (SELECT FROM identity i WHERE i.key = o.person OFFSET 0)
      AND NOT payload->'content'->>'kind' = ANY('{${KNOWS_NOBODY}}')
    ON CONFLICT (key) DO NOTHING RETURNING *
  ), everyone AS (
    -- Each by its key: planned while the table was small, a join would look through all of it for long after it has grown.
    SELECT * FROM made UNION ALL SELECT i.* FROM oldest o
    CROSS JOIN LATERAL (SELECT * FROM identity WHERE key = o.person OFFSET 0) AS i
  )
  SELECT o.payload, o.more, e.id, e.kind, e.key, e.contributor_id AS "contributorId", e.channel, e.address, e.name, e.language,
    e.language_chosen AS "languageChosen", e.status, e.consent_version AS "consentVersion", e.source, e.zone, e.wants, e.topics,
    EXISTS (SELECT FROM member_identity m WHERE m.identity_key = e.key) AS "isMember",
    e.stakeholder_group AS "group", e.place, e.turn, e.session, e.asked_in AS "askedIn",
    e.remind_at AS "remindAt", e.reminded_at IS NOT NULL AS reminded, coalesce(e.pacing, '{"until": 0, "held": null, "answerAt": null}') AS pacing,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id::text, 'messages', d.payload) ORDER BY d.id) FROM delivery d
      WHERE d.identity_id = e.id AND d.state = 'uncertain' AND d.notice_id IS NULL), '[]') AS unsure
  FROM oldest o LEFT JOIN everyone e ON e.key = o.person`,
  { name: 'inbox-next', alike: true, ...PATIENCE },
);

function dueIn(row: z.output<typeof NEXT.row>): Due {
  const { payload, more } = row;
  const inbound = inboundOf(payload);
  if (row.id === null) return { inbound, more, known: null };
  // Nobody else has this row: copying so many columns would cost more than reading them.
  const known = Object.assign(row, { pacing: PACING.parse(row.pacing), unsure: UNSURE.parse(row.unsure) });
  return { inbound, more, known };
}

const FINISH = `
  UPDATE inbound_update SET state = 'done', person = NULL, payload = NULL, error = NULL WHERE id = $1 AND state = 'waiting'`;

/** Five seconds, doubled with each attempt, up to an hour: a fault may last until somebody fixes it, so it never stops. */
const PUT_ASIDE = `
  UPDATE inbound_update SET state = 'failed', attempts = attempts + 1, error = $2,
    next_at = now() + least(interval '1 hour', interval '5 seconds' * 2 ^ least(attempts, 10))`;

const TAKE_UP = `
  UPDATE inbound_update SET state = 'waiting'
  WHERE id IN (SELECT id FROM inbound_update WHERE state = 'failed' AND next_at <= now()
               ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)`;

export const WAITING_FOR = statement(
  { person: z.string() },
  `
  SELECT person FROM inbound_update WHERE state = 'waiting' AND at <= now() - make_interval(secs => $1)
  GROUP BY person ORDER BY min(seq) LIMIT $2`,
  PATIENCE,
);

const STUCK = `
  SELECT FROM inbound_update
  WHERE state = 'waiting' AND attempts = 0 AND at <= now() - make_interval(secs => $1) LIMIT 1`;

export const COUNT_ASIDE = statement(
  { count: z.int() },
  `
  SELECT count(*)::int AS count FROM inbound_update WHERE state IN ('failed', 'unreadable')`,
  PATIENCE,
);
