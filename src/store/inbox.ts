import type { Pool, QueryResultRow } from 'pg';
import type { Inbound } from '../domain/inbound.ts';
import type { Due, Inbox, Known } from '../domain/turn.ts';
import { PATIENCE } from './database.ts';

/**
 * Updates as rows: what waits is the row, and what a process remembers of it only a hint. Any number of processes may work
 * on the same person: each sees the oldest that waits, and the guard of the turn lets one of them through.
 */
export function createInbox(pool: Pool): Inbox {
  const query = <Row extends QueryResultRow>(statement: Statement, values: unknown[] = []) =>
    pool.query<Row>({ ...statement, values, ...PATIENCE });
  const run = async (text: string, values: unknown[]) => void (await query({ text }, values));
  return {
    async keep(updates) {
      const { rows } = await query<{ id: string }>(KEEP, [JSON.stringify(updates)]);
      return new Set(rows.map((row) => row.id));
    },
    keepUnreadable: (id, raw, error) => run(KEEP_UNREADABLE, [id, JSON.stringify(raw), error]),
    async next(people, newContributor) {
      const { rows } = await query<DueRow>(NEXT, [people, people.map(newContributor)]);
      return rows.map(dueIn);
    },
    finish: (id) => run(FINISH, [id]),
    putAside: (id, error) => run(`${PUT_ASIDE} WHERE id = $1 AND state = 'waiting'`, [id, error]),
    putAsideNext: (person, error) => run(`${PUT_ASIDE} WHERE id = (${OLDEST}) AND state = 'waiting'`, [person, error]),
    async takeUp(limit) {
      return (await query({ text: TAKE_UP }, [limit])).rowCount ?? 0;
    },
    async waitingFor(seconds, limit) {
      const { rows } = await query<{ person: string }>({ text: WAITING_FOR }, [seconds, limit]);
      return rows.map((row) => row.person);
    },
    async isStuck(seconds) {
      return (await query({ text: STUCK }, [seconds])).rowCount !== 0;
    },
    async countAside() {
      const { rows } = await query<{ count: number }>({ text: COUNT_ASIDE });
      return rows[0]?.count ?? 0;
    },
  };
}

type Statement = { name?: string; text: string };

/** `seq` is given out after the sort: it is the order in which they came. */
const KEEP = {
  name: 'inbox-keep',
  text: `
  INSERT INTO inbound_update (id, state, person, payload)
  SELECT u->>'id', 'waiting', u->'sender'->>'key', u FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(u, n)
  ORDER BY n
  ON CONFLICT (id) DO NOTHING RETURNING id`,
};

const KEEP_UNREADABLE = `
  INSERT INTO inbound_update (id, state, payload, error) VALUES ($1, 'unreadable', $2, $3) ON CONFLICT (id) DO NOTHING`;

const OLDEST = `SELECT id FROM inbound_update WHERE person = $1 AND state = 'waiting' ORDER BY seq LIMIT 1`;

/** Whatever is about a group, or moves somebody to another address, makes nobody known. */
const NEXT = {
  name: 'inbox-next',
  text: `
  WITH wanted AS (
    SELECT * FROM unnest($1::text[], $2::uuid[]) AS w(person, contributor)
  ), oldest AS MATERIALIZED (
    SELECT w.*, u.payload, u.payload->'sender' AS sender, EXISTS (
      SELECT FROM inbound_update v WHERE v.person = w.person AND v.state = 'waiting' AND v.seq > u.seq) AS more
    FROM wanted w CROSS JOIN LATERAL (
      SELECT payload, seq FROM inbound_update WHERE person = w.person AND state = 'waiting' ORDER BY seq LIMIT 1) u
  ), made AS (
    INSERT INTO identity (key, contributor_id, channel, address, name, language)
    SELECT person, contributor, sender->>'channel', sender->>'address', sender->>'name', sender->>'language' FROM oldest o
    WHERE NOT EXISTS (SELECT FROM identity i WHERE i.key = o.person)
      AND payload->'content'->>'kind' NOT IN ('added', 'removed', 'moved')
    ON CONFLICT (key) DO NOTHING RETURNING *
  ), everyone AS (
    SELECT * FROM made UNION ALL SELECT i.* FROM identity i WHERE i.key IN (SELECT person FROM oldest)
  )
  SELECT o.payload, o.more, e.id, e.kind, e.key, e.contributor_id AS "contributorId", e.channel, e.address, e.name, e.language,
    e.language_chosen AS "languageChosen", e.status, e.consent_version AS "consentVersion", e.source, e.zone, e.wants, e.topics,
    e.stakeholder_group AS "group", e.place, e.turn, e.session,
    coalesce(e.pacing, '{"until": 0, "held": null, "answerAt": null}') AS pacing,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id::text, 'messages', d.payload) ORDER BY d.id) FROM delivery d
      WHERE d.identity_id = e.id AND d.state = 'uncertain' AND d.notice_id IS NULL), '[]') AS unsure
  FROM oldest o LEFT JOIN everyone e ON e.key = o.person`,
};

type DueRow = { payload: Inbound; more: boolean } & Known;

function dueIn({ payload, more, ...known }: DueRow): Due {
  return { inbound: payload, more, known: known.id === null ? null : known };
}

const FINISH = `
  UPDATE inbound_update SET state = 'done', person = NULL, payload = NULL, error = NULL WHERE id = $1 AND state = 'waiting'`;

/** Five seconds, doubled with each attempt, up to an hour: a fault may last until somebody mends it, so there is no last one. */
const PUT_ASIDE = `
  UPDATE inbound_update SET state = 'failed', attempts = attempts + 1, error = $2,
    next_at = now() + least(interval '1 hour', interval '5 seconds' * 2 ^ least(attempts, 10))`;

const TAKE_UP = `
  UPDATE inbound_update SET state = 'waiting'
  WHERE id IN (SELECT id FROM inbound_update WHERE state = 'failed' AND next_at <= now()
               ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)`;

const WAITING_FOR = `
  SELECT person FROM inbound_update WHERE state = 'waiting' AND at <= now() - make_interval(secs => $1)
  GROUP BY person ORDER BY min(seq) LIMIT $2`;

const STUCK = `
  SELECT FROM inbound_update
  WHERE state = 'waiting' AND attempts = 0 AND at <= now() - make_interval(secs => $1) LIMIT 1`;

const COUNT_ASIDE = `SELECT count(*)::int AS count FROM inbound_update WHERE state IN ('failed', 'unreadable')`;
