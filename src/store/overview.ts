import type { Pool } from 'pg';
import type { NoticeCounts, NoticeLine, Overview, Reach } from '../domain/overview.ts';
import { kindIs } from './kinds.ts';

/** What members see at a glance, without the deliveries of every notice. */
export function createOverview(pool: Pool): Overview {
  const lines = async (text: string, values: unknown[]) => (await pool.query<NoticeLine>(text, values)).rows;
  return {
    reach: async () => (await pool.query<Reach>(REACH)).rows,
    counts: async () => (await pool.query<NoticeCounts>(COUNTS)).rows[0] ?? NONE,
    newest: (from, limit) => lines(`${LINES} ORDER BY created_at DESC, id OFFSET $1 LIMIT $2`, [from, limit]),
    waiting: (limit) => lines(`${LINES} WHERE ${WAITS} ORDER BY created_at DESC, id LIMIT $1`, [limit]),
    async release(by) {
      const { rows } = await pool.query<{ id: string }>(RELEASE, [by]);
      return rows[0]?.id ?? null;
    },
  };
}

const NONE: NoticeCounts = { drafts: 0, scheduled: 0, running: 0, paused: 0, waiting: 0 };

const REACH = `
  SELECT channel, count(*) FILTER (WHERE kind = 'person' AND status = 'active' AND consent_version IS NOT NULL)::int AS people,
    count(*) FILTER (WHERE kind = 'person' AND status = 'active' AND consent_version IS NULL)::int AS unagreed,
    count(*) FILTER (WHERE kind = 'person' AND status IN ('stopped', 'unreachable'))::int AS gone,
    count(*) FILTER (WHERE kind = 'group' AND status = 'active')::int AS groups
  FROM identity WHERE status <> 'erased' GROUP BY channel ORDER BY channel`;

const WAITS = `approval = 'needed' AND state IN ('scheduled', 'paused')`;

const COUNTS = `
  SELECT count(*) FILTER (WHERE state = 'draft')::int AS drafts, count(*) FILTER (WHERE state = 'scheduled')::int AS scheduled,
    count(*) FILTER (WHERE state = 'running')::int AS running, count(*) FILTER (WHERE state = 'paused')::int AS paused,
    count(*) FILTER (WHERE ${WAITS})::int AS waiting
  FROM notice WHERE state IN ('draft', 'scheduled', 'running', 'paused')`;

const LINES = `SELECT id, kind, state, at, approval, texts, scheduled_by AS "scheduledBy" FROM notice`;

const RELEASE = `
  SELECT id FROM notice WHERE ${kindIs('kind', ({ rendering }) => rendering === 'responses')} AND scheduled_by = $1 ORDER BY created_at DESC, id LIMIT 1`;
