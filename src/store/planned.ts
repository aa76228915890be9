import type { Pool } from 'pg';
import type { Planned, PlannedChange, PlannedNotices, ScheduledNotice, TimelineNotice } from '../domain/planned.ts';
import { kindIs } from './kinds.ts';

/** What the calendar has made of notices, and what of their schedules. Every statement says which states it may come from. */
export function createPlannedNotices(pool: Pool): PlannedNotices {
  const count = async (text: string, values: unknown[]) => (await pool.query(text, values)).rowCount ?? 0;
  const rows = async <T extends object>(text: string, values: unknown[] = []) =>
    (await pool.query(text, values)).rows as T[];
  const content = ({ at, texts, buttons, until }: PlannedChange) => [
    at,
    JSON.stringify(texts),
    JSON.stringify(buttons),
    until,
  ];
  return {
    alone: (wait, work) => alone(pool, wait, work),
    reminders: () => rows<Planned>(MADE(`n.kind = 'timeline_reminder'`)),
    turns: () => rows<Planned>(MADE('n.turn_of IS NOT NULL')),
    change: async (id, change) => (await count(CHANGE, [id, ...content(change)])) > 0,
    withdraw: (ids) => count(WITHDRAW, [ids]),
    revive: async (id, change) => (await count(REVIVE, [id, ...content(change)])) > 0,
    scheduled: () => rows<ScheduledNotice>(SCHEDULED),
    setMoment: async (id, moment, at) => (await count(SET_MOMENT, [id, moment, at])) > 0,
    end: async (id) => (await count(END, [id])) > 0,
    timelineNotices: () => rows<TimelineNotice>(TIMELINE_NOTICES),
    supersede: () => count(SUPERSEDE, []),
  };
}

const LOCK = 7_215_030_411;

/** The lock goes with its connection, so that a process that dies leaves none behind. */
async function alone<T>(pool: Pool, wait: boolean, work: () => Promise<T>): Promise<T | null> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const asked = wait
      ? 'SELECT true AS held FROM pg_advisory_xact_lock($1)'
      : 'SELECT pg_try_advisory_xact_lock($1) AS held';
    const { rows } = await client.query<{ held: boolean }>(asked, [LOCK]);
    return rows[0]?.held ? await work() : null;
  } finally {
    await client.query('ROLLBACK').catch((cause: Error) => {
      broken = cause;
    });
    client.release(broken);
  }
}

/** The planner says so itself in the record: whoever else cancels a notice does so for good. */
const OURS = `'{"planner": true}'::jsonb`;
const WITHDRAWN = `
  n.state = 'cancelled' AND 0 < coalesce((
    SELECT sum(CASE e.what WHEN 'cancelled' THEN 1 ELSE -1 END) FROM notice_event e
    WHERE e.notice_id = n.id AND e.detail @> ${OURS}), 0)`;

const MADE = (which: string) => `
  SELECT n.id, n.origin, n.turn_of AS "turnOf", n.state, n.at, n.texts, n.buttons, n.until, n.snapshot_at IS NOT NULL AS begun, ${WITHDRAWN} AS withdrawn
  FROM notice n WHERE ${which} ORDER BY n.origin`;

const CHANGE = `
  UPDATE notice SET at = $2, texts = $3, buttons = $4, until = $5
  WHERE id = $1 AND state IN ('scheduled', 'paused') AND snapshot_at IS NULL`;

const WITHDRAW = `
  WITH gone AS (
    UPDATE notice SET state = 'cancelled', done_at = now()
    WHERE id = ANY($1) AND state IN ('scheduled', 'paused') AND snapshot_at IS NULL RETURNING id
  )
  INSERT INTO notice_event (notice_id, what, detail) SELECT id, 'cancelled', ${OURS} FROM gone`;

const REVIVE = `
  WITH back AS (
    UPDATE notice n SET state = 'scheduled', done_at = NULL, at = $2, texts = $3, buttons = $4, until = $5
    WHERE n.id = $1 AND n.snapshot_at IS NULL AND ${WITHDRAWN} RETURNING n.id
  )
  INSERT INTO notice_event (notice_id, what, detail) SELECT id, 'scheduled', ${OURS} FROM back`;

const SCHEDULED = `
  SELECT n.id, n.kind, n.texts, n.buttons, n.audience, n.topic, n.attachment, n.on_uncertain AS "onUncertain", n.state, n.at, n.zone,
    n.schedule, n.origin, n.turn_of AS "turnOf", n.timeline, n.event, n.until, n.created_by AS "createdBy", n.scheduled_by AS "scheduledBy", n.approval,
    n.approved_by AS "approvedBy", n.revision, coalesce((
      SELECT max(e.at) FROM notice_event e WHERE e.notice_id = n.id AND e.what IN ('scheduled', 'approved', 'resumed')
    ), n.created_at) AS since
  FROM notice n WHERE n.schedule IS NOT NULL AND n.state IN ('scheduled', 'paused', 'done') AND n.snapshot_at IS NULL
  ORDER BY n.created_at, n.id`;

const SET_MOMENT = `
  UPDATE notice SET schedule = schedule || jsonb_build_object('moment', $2::text), at = $3
  WHERE id = $1 AND state IN ('scheduled', 'paused') AND snapshot_at IS NULL`;

const END = `UPDATE notice SET state = 'done', done_at = now() WHERE id = $1 AND state = 'scheduled' AND snapshot_at IS NULL`;

const OF_TIMELINE = kindIs('kind', ({ rendering }) => rendering === 'timeline');

const TIMELINE_NOTICES = `
  SELECT n.id, n.kind, n.state, n.at, n.timeline, n.snapshot_at IS NOT NULL AS begun, ${WITHDRAWN} AS withdrawn
  FROM notice n WHERE n.${OF_TIMELINE} ORDER BY n.timeline`;

const SUPERSEDE = `
  WITH gone AS (
    UPDATE notice SET state = 'cancelled', done_at = now()
    WHERE ${OF_TIMELINE} AND state IN ('scheduled', 'paused', 'running')
      AND timeline < (SELECT max(timeline) FROM notice WHERE ${OF_TIMELINE}) RETURNING id
  ), dropped AS (
    UPDATE delivery d SET state = 'skipped', reason = 'cancelled', settled_at = now()
    FROM gone g WHERE d.notice_id = g.id AND d.state = 'pending'
  )
  INSERT INTO notice_event (notice_id, what, detail) SELECT id, 'cancelled', ${OURS} FROM gone`;
