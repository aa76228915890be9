import type { Pool } from 'pg';
import { z } from 'zod';
import type { ChannelName } from '../core/channelName.ts';
import type { CameIn, NoticeCounts, Overview } from '../notices/overview.ts';
import { NOTICE_COLUMNS } from './columns.ts';
import { CURRENT } from './current.ts';
import { kindIs } from './kinds.ts';
import { statement, word } from './statement.ts';

/** What members see at a glance, without the deliveries of every notice. */
export function createOverview(pool: Pool): Overview {
  return {
    cameIn: async (since) => (await CAME_IN.first(pool, [since])) ?? NOTHING,
    reach: () => REACH.rows(pool),
    counts: async () => (await COUNTS.first(pool)) ?? NONE,
    newest: (from, limit) => NEWEST.rows(pool, [from, limit]),
    waiting: (limit) => WAITING.rows(pool, [limit]),
    release: async (by) => (await RELEASE.first(pool, [by]))?.id ?? null,
  };
}

const NONE: NoticeCounts = { drafts: 0, scheduled: 0, running: 0, paused: 0, waiting: 0 };

const NOTHING: CameIn = { contributions: 0, contributors: 0, threads: 0, newcomers: 0 };

export const CAME_IN = statement(
  { contributions: z.int(), contributors: z.int(), threads: z.int(), newcomers: z.int() },
  `
  SELECT said.contributions, said.contributors,
    (SELECT count(*)::int FROM thread WHERE process_id = ${CURRENT} AND opened_at >= $1) AS threads,
    (SELECT count(*)::int FROM identity WHERE kind = 'person' AND status <> 'erased' AND joined_at >= $1) AS newcomers
  FROM (
    SELECT count(*)::int AS contributions, count(DISTINCT contributor_id)::int AS contributors FROM contribution
    WHERE process_id = ${CURRENT} AND state NOT IN ('withdrawn', 'set_aside') AND submitted_at >= $1
  ) AS said`,
);

export const REACH = statement(
  { channel: word<ChannelName>(), people: z.int(), unagreed: z.int(), gone: z.int(), groups: z.int() },
  `
  SELECT channel,
    count(*) FILTER (WHERE kind = 'person' AND status = 'active' AND consent_version IS NOT NULL)::int AS people,
    count(*) FILTER (WHERE kind = 'person' AND status = 'active' AND consent_version IS NULL)::int AS unagreed,
    count(*) FILTER (WHERE kind = 'person' AND status IN ('stopped', 'unreachable'))::int AS gone,
    count(*) FILTER (WHERE kind = 'group' AND status = 'active')::int AS groups
  FROM identity WHERE status <> 'erased' GROUP BY channel ORDER BY channel`,
);

/** What goes out or waits to, of earlier processes as well: late answers go out like all others. */
export const COUNTS = statement(
  { drafts: z.int(), scheduled: z.int(), running: z.int(), paused: z.int(), waiting: z.int() },
  `
  SELECT
    count(*) FILTER (WHERE state = 'draft' AND process_id = ${CURRENT})::int AS drafts,
    count(*) FILTER (WHERE state = 'scheduled')::int AS scheduled,
    count(*) FILTER (WHERE state = 'running')::int AS running,
    count(*) FILTER (WHERE state = 'paused')::int AS paused,
    count(*) FILTER (WHERE state IN ('scheduled', 'paused') AND approval = 'needed')::int AS waiting
  FROM notice WHERE state IN ('draft', 'scheduled', 'running', 'paused')`,
);

const { id, kind, state, at, approval, texts, scheduledBy } = NOTICE_COLUMNS;
const LINE = { id, kind, state, at, approval, texts, scheduledBy };

export const NEWEST = statement(
  LINE,
  `
  SELECT id, kind, state, at, approval, texts, scheduled_by AS "scheduledBy" FROM notice
  WHERE process_id = ${CURRENT} OR state IN ('scheduled', 'running', 'paused')
  ORDER BY created_at DESC, id OFFSET $1 LIMIT $2`,
);

export const WAITING = statement(
  LINE,
  `
  SELECT id, kind, state, at, approval, texts, scheduled_by AS "scheduledBy" FROM notice
  WHERE state IN ('scheduled', 'paused') AND approval = 'needed'
  ORDER BY created_at DESC, id LIMIT $1`,
);

export const RELEASE = statement(
  { id: z.string() },
  `
  SELECT id FROM notice
  WHERE ${kindIs('kind', ({ rendering }) => rendering === 'responses')} AND scheduled_by = $1
  ORDER BY created_at DESC, id LIMIT 1`,
);
