import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NoticeEvent, Notices, Retry } from '../notices/notice.ts';
import { countAudience, sampleAudience, startNotice } from './audience.ts';
import { NOTICE, NOTICE_COLUMNS } from './columns.ts';
import { CURRENT, processOr } from './current.ts';
import { kindIs } from './kinds.ts';
import { type Queryable, statement, word } from './statement.ts';

/** Notices and their recipients. Every change of state is one statement that says which states it may come from. */
export function createNotices(db: Queryable): Notices {
  const run = async (text: string, values: unknown[] = []) => (await db.query(text, values)).rowCount ?? 0;
  const changed = async (text: string, values: unknown[]) => (await run(text, values)) > 0;
  const find = (id: string) => FIND.first(db, [id]);
  return {
    create: (notice, createdAt) => changed(CREATE, [JSON.stringify(notice), createdAt]),
    find,
    hold: (id) => HOLD.first(db, [id]),
    list: () => LIST.rows(db),
    many: async (ids) => new Map((await MANY.rows(db, [ids])).map((notice) => [notice.id, notice])),
    ...filesOn(db),
    count: (notice, at = null) => countAudience(db, notice, at),
    samples: (notice) => sampleAudience(db, notice),
    schedule: (id, { at, zone, own, by, recipients, approval }) =>
      changed(SCHEDULE, [id, at, zone, by, recipients, approval, own]),
    approve: (id, by, earliest) => changed(APPROVE, [id, by, earliest]),
    needApproval: async (id, recipients) => void (await run(NEED_APPROVAL, [id, recipients])),
    change: (id, change, by) => changed(CHANGES[change], [id, by]),
    async start(id) {
      const notice = await find(id);
      return notice !== null && startNotice(db, notice);
    },
    upcoming: (until, process = null) => UPCOMING.rows(db, [until, process]),
    due: async () => (await DUE.rows(db)).map(({ id }) => id),
    async finish() {
      await run(LEFT_OF_CANCELLED);
      await run(TOO_SOON_DONE);
      return run(FINISH);
    },
    retryable: async (id, which) => (await RETRYABLE.first(db, [id, ...failedSo(which)])) ?? { messages: 0, twice: 0 },
    retry: async (id, which, by) => (await RETRY.first(db, [id, ...failedSo(which), by]))?.count ?? 0,
    status: (id) => STATUS.first(db, [id, null]),
    statuses: (process = null) => STATUS.rows(db, [null, process]),
    note: async (id, { what, by, detail }) =>
      void (await run('INSERT INTO notice_event (notice_id, what, by, detail) VALUES ($1, $2, $3, $4)', [
        ...[id, what, by, JSON.stringify(detail)],
      ])),
    history: (id) => HISTORY.rows(db, [id]),
  };
}

function filesOn(db: Queryable): Pick<Notices, 'keepFile' | 'file'> {
  const lastSeen = createLastSeen<Uint8Array>();
  return {
    async keepFile({ name, mime, bytes }) {
      const id = createHash('sha256').update(mime).update(bytes).digest('hex');
      await db.query(KEEP_FILE, [id, name, mime, bytes]);
      return id;
    },
    file: (id) => lastSeen(id, async () => (await FILE.first(db, [id]))?.bytes ?? null),
  };
}

const KEEP_FILE = 'INSERT INTO notice_file (id, name, mime, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING';

/** One notice goes to thousands, with the same file each time: the last one is kept in memory, it never changes. */
function createLastSeen<T>(): (id: string, fetch: () => Promise<T | null>) => Promise<T | null> {
  let last: { id: string; value: T } | null = null;
  return async (id, fetch) => {
    if (last?.id === id) return last.value;
    const value = await fetch();
    if (value !== null) last = { id, value };
    return value;
  };
}

export const FIND = statement(
  NOTICE_COLUMNS,
  `
  SELECT ${NOTICE} FROM notice n WHERE n.id = $1`,
);

export const HOLD = statement(
  NOTICE_COLUMNS,
  `
  SELECT ${NOTICE} FROM notice n WHERE n.id = $1 FOR NO KEY UPDATE`,
);

export const LIST = statement(
  NOTICE_COLUMNS,
  `
  SELECT ${NOTICE} FROM notice n WHERE n.process_id = ${CURRENT} ORDER BY n.created_at, n.id`,
);

export const MANY = statement(
  NOTICE_COLUMNS,
  `
  SELECT ${NOTICE} FROM notice n WHERE n.id = ANY($1)`,
);

/** Notices that have their recipients from the beginning: they can go out while they wait. */
const MADE_FOR = kindIs('kind', ({ reaches }) => reaches === 'made_for');

export const UPCOMING = statement(
  NOTICE_COLUMNS,
  `
  SELECT ${NOTICE} FROM notice n
  WHERE ($2::int IS NULL OR n.process_id = $2) AND n.at <= $1 AND n.state IN ('scheduled', 'paused') AND (n.snapshot_at IS NULL OR n.${MADE_FOR})
  ORDER BY n.at, n.id`,
);

export const FILE = statement({ bytes: z.instanceof(Uint8Array) }, 'SELECT bytes FROM notice_file WHERE id = $1');

export const HISTORY = statement(
  { what: word<NoticeEvent['what']>(), by: z.string().nullable(), detail: z.unknown(), at: z.date() },
  `
  SELECT what, by, detail, at FROM notice_event WHERE notice_id = $1 ORDER BY id`,
);

const CREATE = `
  WITH made AS (
    INSERT INTO notice (id, kind, texts, buttons, audience, topic, attachment, on_uncertain, state, at, zone, schedule, origin,
      turn_of, timeline, event, until, created_by, scheduled_by, approval, approved_by, revision, created_at)
    SELECT id, kind, texts, buttons, audience, topic, attachment, "onUncertain", state, at, zone, schedule, origin,
      "turnOf", timeline, event, until, "createdBy", "scheduledBy", approval, "approvedBy", revision, $2
    FROM jsonb_to_record($1) AS n(id text, kind text, texts jsonb, buttons jsonb, audience text, topic text, attachment jsonb,
      "onUncertain" text, state text, at timestamptz, zone text, schedule jsonb, origin text, "turnOf" text, timeline int, event text,
      until timestamptz, "createdBy" text, "scheduledBy" text, approval text, "approvedBy" text, revision int)
    ON CONFLICT (process_id, origin) DO NOTHING RETURNING id, created_by
  )
  INSERT INTO notice_event (notice_id, what, by) SELECT id, 'created', created_by FROM made`;

// Each change leaves a line in the notice's record, in the same statement.

const SCHEDULE = `
  WITH changed AS (
    UPDATE notice SET state = 'scheduled', at = $2, zone = $3, scheduled_by = $4, confirmed = $5::int, approval = $6,
      approved_by = NULL, schedule = CASE WHEN $7 THEN schedule - 'moment' END
    WHERE id = $1 AND state IN ('draft', 'scheduled') AND NOT ${MADE_FOR}
    RETURNING id
  )
  INSERT INTO notice_event (notice_id, what, by, detail)
  SELECT id, 'scheduled', $4, jsonb_build_object('at', $2::timestamptz, 'recipients', $5::int) FROM changed`;

const APPROVE = `
  WITH changed AS (
    UPDATE notice SET approval = 'given', approved_by = $2, at = CASE WHEN at IS NOT NULL THEN greatest(at, $3) END
    WHERE id = $1 AND state IN ('scheduled', 'paused') AND approval = 'needed'
      AND coalesce(scheduled_by, created_by) IS DISTINCT FROM $2
    RETURNING id
  )
  INSERT INTO notice_event (notice_id, what, by) SELECT id, 'approved', $2 FROM changed`;

const NEED_APPROVAL = `
  WITH changed AS (
    UPDATE notice SET approval = 'needed' WHERE id = $1 AND state = 'scheduled' AND approval IS NULL
    RETURNING id
  )
  INSERT INTO notice_event (notice_id, what, detail)
  SELECT id, 'outgrown', jsonb_build_object('recipients', $2::int) FROM changed`;

/** The next turn of a repeating notice is a notice of its own already: it stops, and goes on, with it. */
const turnsOf = (from: 'scheduled' | 'paused', to: 'scheduled' | 'paused'): string => `turns AS (
    UPDATE notice n SET state = '${to}' FROM changed c
    WHERE n.turn_of = c.id AND n.state = '${from}' AND n.snapshot_at IS NULL
  )`;

const CHANGES = {
  pause: `
  WITH changed AS (
    UPDATE notice SET state = 'paused' WHERE id = $1 AND state IN ('scheduled', 'running')
    RETURNING id
  ), ${turnsOf('scheduled', 'paused')}
  INSERT INTO notice_event (notice_id, what, by) SELECT id, 'paused', $2 FROM changed`,

  resume: `
  WITH changed AS (
    UPDATE notice
    SET state = CASE WHEN snapshot_at IS NULL OR approval = 'needed' OR at > now() THEN 'scheduled' ELSE 'running' END
    WHERE id = $1 AND state = 'paused'
    RETURNING id
  ), ${turnsOf('paused', 'scheduled')}
  INSERT INTO notice_event (notice_id, what, by) SELECT id, 'resumed', $2 FROM changed`,

  cancel: `
  WITH changed AS (
    UPDATE notice SET state = 'cancelled', done_at = now()
    WHERE id = $1 AND state IN ('draft', 'scheduled', 'running', 'paused')
    RETURNING id
  ), dropped AS (
    UPDATE delivery d SET state = 'skipped', reason = 'cancelled', settled_at = now()
    FROM changed c WHERE d.notice_id = c.id AND d.state = 'pending'
  ), ${turnsOf('scheduled', 'paused')}
  INSERT INTO notice_event (notice_id, what, by) SELECT id, 'cancelled', $2 FROM changed`,
};

export const DUE = statement(
  { id: z.string() },
  `
  SELECT id FROM notice WHERE state = 'scheduled' AND at <= now() AND approval IS DISTINCT FROM 'needed'
    AND NOT coalesce(schedule ? 'every', false) ORDER BY at`,
);

/** Deliveries that were claimed when the notice was cancelled, and were released. */
const LEFT_OF_CANCELLED = `
  UPDATE delivery d SET state = 'skipped', reason = 'cancelled', settled_at = now()
  FROM notice n WHERE n.id = d.notice_id AND n.state = 'cancelled' AND d.state = 'pending'`;

/** A retry at the moment when the notice finished: its deliveries must not wait forever. */
const TOO_SOON_DONE = `
  UPDATE notice n SET state = 'running', done_at = NULL
  WHERE n.state = 'done' AND n.done_at > now() - interval '1 minute'
    AND EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id AND d.state IN ('pending', 'sending'))`;

const FINISH = `
  UPDATE notice n SET state = 'done', done_at = now()
  WHERE n.state = 'running'
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id AND d.state IN ('pending', 'sending'))`;

const failedSo = ({ states = ['failed', 'uncertain'], reasons }: Retry) => [states, reasons ?? null];

/** Only what another attempt can change: who has blocked the bot is not asked again. */
const TO_RETRY = `n.id = $1 AND d.notice_id = n.id AND n.state IN ('running', 'paused', 'done') AND d.state = ANY($2)
      AND ($3::text[] IS NULL OR d.reason = ANY($3)) AND i.id = d.identity_id AND i.status = 'active'`;

export const RETRYABLE = statement(
  { messages: z.int(), twice: z.int() },
  `
  SELECT count(*)::int AS messages, count(*) FILTER (WHERE d.state = 'uncertain')::int AS twice
  FROM delivery d, notice n, identity i
  WHERE ${TO_RETRY}`,
);

export const RETRY = statement(
  { count: z.int() },
  `
  WITH again AS (
    UPDATE delivery d SET state = 'pending', reason = NULL, attempts = 0, not_before = NULL, settled_at = NULL
    FROM notice n, identity i
    WHERE ${TO_RETRY}
    RETURNING d.id
  ), reopened AS (
    UPDATE notice SET state = 'running', done_at = NULL WHERE id = $1 AND state = 'done' AND EXISTS (SELECT 1 FROM again)
  ), noted AS (
    INSERT INTO notice_event (notice_id, what, by, detail)
    SELECT $1, 'retried', $4, jsonb_build_object('messages', count(*)) FROM again HAVING count(*) > 0
  )
  SELECT count(*)::int AS count FROM again`,
);

/** The rate is that of the ten seconds before the last message; whether the notice has stopped shows in its state. */
const { id, kind, state, at, approval } = NOTICE_COLUMNS;

export const STATUS = statement(
  {
    ...{ id, kind, state, at, approval },
    recipients: z.int(),
    sent: z.int(),
    failed: z.int(),
    skipped: z.int(),
    uncertain: z.int(),
    open: z.int(),
    reasons: z.partialRecord(z.enum(['failed', 'skipped', 'uncertain']), z.record(z.string(), z.int())),
    perSecond: z.number().nullable(),
    secondsLeft: z.int().nullable(),
  },
  `
  SELECT n.id, n.kind, n.state, n.at, n.approval, sum.recipients, sum.sent, sum.failed, sum.skipped, sum.uncertain, sum.open,
    coalesce(why.reasons, '{}') AS reasons, pace.rate AS "perSecond",
    CASE WHEN n.state = 'running' AND pace.rate > 0 THEN ceil(sum.open / pace.rate)::int END AS "secondsLeft"
  FROM notice n
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS recipients, count(*) FILTER (WHERE d.state = 'sent')::int AS sent,
      count(*) FILTER (WHERE d.state = 'failed')::int AS failed, count(*) FILTER (WHERE d.state = 'skipped')::int AS skipped,
      count(*) FILTER (WHERE d.state = 'uncertain')::int AS uncertain,
      count(*) FILTER (WHERE d.state IN ('pending', 'sending'))::int AS open,
      max(d.settled_at) FILTER (WHERE d.state = 'sent') AS last
    FROM delivery d WHERE d.notice_id = n.id) AS sum
  LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(state, counts) AS reasons FROM (
      SELECT state, jsonb_object_agg(reason, count) AS counts FROM (
        SELECT d.state, coalesce(d.reason, 'unknown') AS reason, count(*)::int AS count FROM delivery d
        WHERE d.notice_id = n.id AND d.state IN ('failed', 'skipped', 'uncertain') GROUP BY 1, 2) AS each
      GROUP BY state) AS by_state) AS why ON sum.failed + sum.skipped + sum.uncertain > 0
  LEFT JOIN LATERAL (
    SELECT round(count(*) / greatest(1, least(10, extract(epoch FROM sum.last - n.snapshot_at))), 1)::float8 AS rate
    FROM delivery d WHERE d.notice_id = n.id AND d.state = 'sent' AND d.settled_at > sum.last - interval '10 seconds'
  ) AS pace ON sum.last IS NOT NULL
  WHERE n.id = $1 OR ($1::text IS NULL AND n.process_id = ${processOr('$2')}) ORDER BY n.created_at, n.id`,
);
