import type { Pool } from 'pg';
import { z } from 'zod';
import type { PlannedChange, PlannedNotices } from '../planning/scheduledNotices.ts';
import { NOTICE, NOTICE_COLUMNS } from './columns.ts';
import { CURRENT } from './current.ts';
import { kindIs } from './kinds.ts';
import { alone } from './plannerLock.ts';
import { statement } from './statement.ts';

/** Of the current process: what the calendar has made of notices, and what of their schedules. Every statement says which states it may come from. */
export function createPlannedNotices(pool: Pool): PlannedNotices {
  const count = async (text: string, values: unknown[]) => (await pool.query(text, values)).rowCount ?? 0;
  const content = ({ at, texts, buttons, until, approval, approvedBy, scheduledBy }: PlannedChange) => [
    ...[at, JSON.stringify(texts), JSON.stringify(buttons), until],
    ...[approval, approvedBy, scheduledBy],
  ];
  return {
    alone: (wait, work) => alone(pool, wait, work),
    reminders: () => REMINDERS.rows(pool),
    eventChanges: () => EVENT_CHANGES.rows(pool),
    turns: () => TURNS.rows(pool),
    change: async (id, change) => (await count(CHANGE, [id, ...content(change)])) > 0,
    withdraw: (ids) => count(WITHDRAW, [ids]),
    revive: async (id, change) => (await count(REVIVE, [id, ...content(change)])) > 0,
    scheduled: () => SCHEDULED.rows(pool),
    setMoment: async (id, moment, at) => (await count(SET_MOMENT, [id, moment, at])) > 0,
    end: async (id) => (await count(END, [id])) > 0,
    timelineNotices: () => TIMELINE_NOTICES.rows(pool),
    supersede: () => count(SUPERSEDE, []),
  };
}

/** Marks what the planner cancelled itself: when anybody else cancels a notice, it stays cancelled. */
const OURS = `'{"planner": true}'::jsonb`;
const WITHDRAWN = `(n.state = 'cancelled' AND 0 < coalesce((
    SELECT sum(CASE e.what WHEN 'cancelled' THEN 1 ELSE -1 END) FROM notice_event e
    WHERE e.notice_id = n.id AND e.detail @> ${OURS}), 0))`;

const { id, kind, state, at, texts, buttons, until, turnOf } = NOTICE_COLUMNS;
const PLANNED = {
  id,
  origin: z.string(),
  turnOf,
  state,
  at,
  texts,
  buttons,
  until,
  begun: z.boolean(),
  withdrawn: z.boolean(),
};

const ROWS = `
  SELECT n.id, n.origin, n.turn_of AS "turnOf", n.state, n.at, n.texts, n.buttons, n.until,
    n.snapshot_at IS NOT NULL AS begun, ${WITHDRAWN} AS withdrawn
  FROM notice n WHERE n.process_id = ${CURRENT}`;

export const REMINDERS = statement(PLANNED, `${ROWS} AND n.kind = 'timeline_reminder' ORDER BY n.origin`);
export const EVENT_CHANGES = statement(PLANNED, `${ROWS} AND n.kind = 'event_change' ORDER BY n.origin`);
export const TURNS = statement(PLANNED, `${ROWS} AND n.turn_of IS NOT NULL ORDER BY n.origin`);

const REWORDED = '(n.texts IS DISTINCT FROM $3::jsonb OR n.buttons IS DISTINCT FROM $4::jsonb)';
/** An approval does not cover a text that came after it. */
const CONTENT = `
  at = $2, texts = $3::jsonb, buttons = $4::jsonb, until = $5,
  approval = CASE WHEN ${REWORDED} THEN $6 ELSE n.approval END,
  approved_by = CASE WHEN ${REWORDED} THEN $7 ELSE n.approved_by END,
  scheduled_by = CASE WHEN ${REWORDED} THEN $8 ELSE n.scheduled_by END`;

const CHANGE = `
  UPDATE notice n SET ${CONTENT}
  WHERE id = $1 AND state IN ('scheduled', 'paused') AND snapshot_at IS NULL`;

const WITHDRAW = `
  WITH gone AS (
    UPDATE notice SET state = 'cancelled', done_at = now()
    WHERE id = ANY($1) AND state IN ('scheduled', 'paused') AND snapshot_at IS NULL RETURNING id
  )
  INSERT INTO notice_event (notice_id, what, detail) SELECT id, 'cancelled', ${OURS} FROM gone`;

const REVIVE = `
  WITH back AS (
    UPDATE notice n SET state = 'scheduled', done_at = NULL, ${CONTENT}
    WHERE n.id = $1 AND n.snapshot_at IS NULL AND ${WITHDRAWN} RETURNING n.id
  )
  INSERT INTO notice_event (notice_id, what, detail) SELECT id, 'scheduled', ${OURS} FROM back`;

export const SCHEDULED = statement(
  { ...NOTICE_COLUMNS, since: z.date() },
  `
  SELECT ${NOTICE}, coalesce((
      SELECT max(e.at) FROM notice_event e WHERE e.notice_id = n.id AND e.what IN ('scheduled', 'approved', 'resumed')
    ), n.created_at) AS since
  FROM notice n
  WHERE n.process_id = ${CURRENT} AND n.schedule IS NOT NULL AND n.state IN ('scheduled', 'paused', 'done') AND n.snapshot_at IS NULL
  ORDER BY n.created_at, n.id`,
);

const SET_MOMENT = `
  UPDATE notice SET schedule = schedule || jsonb_build_object('moment', $2::text), at = $3
  WHERE id = $1 AND state IN ('scheduled', 'paused') AND snapshot_at IS NULL`;

const END = `UPDATE notice SET state = 'done', done_at = now() WHERE id = $1 AND state = 'scheduled' AND snapshot_at IS NULL`;

const OF_TIMELINE = kindIs('kind', ({ rendering }) => rendering === 'timeline');

export const TIMELINE_NOTICES = statement(
  { id, kind, state, at, timeline: z.int(), begun: z.boolean(), withdrawn: z.boolean() },
  `
  SELECT n.id, n.kind, n.state, n.at, n.timeline, n.snapshot_at IS NOT NULL AS begun, ${WITHDRAWN} AS withdrawn
  FROM notice n WHERE n.process_id = ${CURRENT} AND n.${OF_TIMELINE} ORDER BY n.timeline`,
);

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
