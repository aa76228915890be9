import type { Pool, QueryResultRow } from 'pg';
import type { AudienceCount, Notice, NoticeStatus, Notices } from '../domain/notice.ts';

/** Notices and their recipients. Every change of state is one statement that says which states it may come from. */
export function createNotices(pool: Pool): Notices {
  const rows = async <T extends QueryResultRow>(text: string, values: unknown[] = []) =>
    (await pool.query<T>(text, values)).rows;
  const changed = async (text: string, values: unknown[]) => (await rows(text, values)).length > 0;
  return {
    create: async (notice, createdAt) => (await rows(CREATE, [JSON.stringify(notice), createdAt])).length > 0,
    find: async (id) => (await rows<Notice>(`${SELECT} WHERE id = $1`, [id]))[0] ?? null,
    list: () => rows<Notice>(`${SELECT} ORDER BY created_at, id`),
    many: async (ids) =>
      new Map((await rows<Notice>(`${SELECT} WHERE id = ANY($1)`, [ids])).map((row) => [row.id, row])),
    count: (audience) => rows<AudienceCount>(COUNT, [JSON.stringify(audience)]),
    schedule: (id, at, zone) => changed(SCHEDULE, [id, at, zone]),
    change: (id, change) => changed(CHANGES[change], [id]),
    start: (id) => changed(START, [id]),
    due: async () => (await rows<{ id: string }>(DUE)).map((row) => row.id),
    async finish() {
      await rows(LEFT_OF_CANCELLED);
      await rows(TOO_SOON_DONE);
      return (await rows(FINISH)).length;
    },
    retry: async (id) => (await rows<{ count: number }>(RETRY, [id]))[0]?.count ?? 0,
    status: async (id) => (await rows<NoticeStatus>(STATUS, [id]))[0] ?? null,
  };
}

const SELECT = `
  SELECT id, kind, texts, buttons, audience, topic, attachment, on_uncertain AS "onUncertain", state, at, zone, schedule, origin,
    timeline, event, until, created_by AS "createdBy", scheduled_by AS "scheduledBy", approval, approved_by AS "approvedBy", revision
  FROM notice`;

const CREATE = `
  INSERT INTO notice (id, kind, texts, buttons, audience, topic, attachment, on_uncertain, state, at, zone, schedule, origin,
    timeline, event, until, created_by, scheduled_by, approval, approved_by, revision, created_at)
  SELECT id, kind, texts, buttons, audience, topic, attachment, "onUncertain", state, at, zone, schedule, origin,
    timeline, event, until, "createdBy", "scheduledBy", approval, "approvedBy", revision, $2
  FROM jsonb_to_record($1) AS n(id text, kind text, texts jsonb, buttons jsonb, audience jsonb, topic text, attachment jsonb,
    "onUncertain" text, state text, at timestamptz, zone text, schedule jsonb, origin text, timeline int, event text,
    until timestamptz, "createdBy" text, "scheduledBy" text, approval text, "approvedBy" text, revision int)
  ON CONFLICT (origin) DO NOTHING RETURNING id`;

/** "pt" means everybody who reads Portuguese, "pt-BR" only those who said so. */
const matches = (audience: string) => `
  (${audience}->>'language' IS NULL OR i.language = ${audience}->>'language' OR i.language LIKE (${audience}->>'language') || '-%')
  AND (${audience}->>'channel' IS NULL OR i.channel = ${audience}->>'channel')`;

const COUNT = `
  SELECT i.channel, i.language, count(*) FILTER (WHERE i.status = 'active')::int AS people,
    count(*) FILTER (WHERE i.status <> 'active')::int AS skipped
  FROM identity i WHERE i.status <> 'erased' AND ${matches('$1::jsonb')}
  GROUP BY i.channel, i.language ORDER BY i.channel, i.language`;

const SCHEDULE = `
  UPDATE notice SET state = 'scheduled', at = $2, zone = $3 WHERE id = $1 AND state IN ('draft', 'scheduled') RETURNING id`;

const CHANGES = {
  pause: `UPDATE notice SET state = 'paused' WHERE id = $1 AND state IN ('scheduled', 'running') RETURNING id`,
  resume: `
    UPDATE notice SET state = CASE WHEN snapshot_at IS NULL THEN 'scheduled' ELSE 'running' END
    WHERE id = $1 AND state = 'paused' RETURNING id`,
  cancel: `
    WITH cancelled AS (
      UPDATE notice SET state = 'cancelled', done_at = now()
      WHERE id = $1 AND state IN ('draft', 'scheduled', 'running', 'paused') RETURNING id
    ), dropped AS (
      UPDATE delivery d SET state = 'skipped', reason = 'cancelled', settled_at = now()
      FROM cancelled c WHERE d.notice_id = c.id AND d.state = 'pending'
    )
    SELECT id FROM cancelled`,
};

const START = `
  WITH begun AS (
    UPDATE notice SET state = 'running', snapshot_at = now()
    WHERE id = $1 AND state = 'scheduled' AND at <= now() RETURNING id, audience
  ), recipients AS (
    INSERT INTO delivery (notice_id, identity_id, channel)
    SELECT b.id, i.id, i.channel FROM begun b JOIN identity i ON i.status = 'active' AND ${matches('b.audience')}
    ORDER BY i.id
    ON CONFLICT (notice_id, identity_id) DO NOTHING
  )
  SELECT id FROM begun`;

const DUE = `SELECT id FROM notice WHERE state = 'scheduled' AND at <= now() ORDER BY at`;

/** What was in somebody's hand when the notice was cancelled, and came back. */
const LEFT_OF_CANCELLED = `
  UPDATE delivery d SET state = 'skipped', reason = 'cancelled', settled_at = now()
  FROM notice n WHERE n.id = d.notice_id AND n.state = 'cancelled' AND d.state = 'pending'`;

/** A retry that came in the moment of finishing: its deliveries must not wait for ever. */
const TOO_SOON_DONE = `
  UPDATE notice n SET state = 'running', done_at = NULL
  WHERE n.state = 'done' AND n.done_at > now() - interval '1 minute'
    AND EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id AND d.state IN ('pending', 'sending'))`;

const FINISH = `
  UPDATE notice n SET state = 'done', done_at = now()
  WHERE n.state = 'running'
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id AND d.state IN ('pending', 'sending'))
  RETURNING n.id`;

/** Only what another attempt can change: who has blocked the bot is not asked again. */
const RETRY = `
  WITH again AS (
    UPDATE delivery d SET state = 'pending', reason = NULL, attempts = 0, not_before = NULL, settled_at = NULL
    FROM notice n, identity i
    WHERE n.id = $1 AND d.notice_id = n.id AND n.state IN ('running', 'paused', 'done') AND d.state IN ('failed', 'uncertain')
      AND i.id = d.identity_id AND i.status = 'active'
    RETURNING d.id
  ), reopened AS (
    UPDATE notice SET state = 'running', done_at = NULL WHERE id = $1 AND state = 'done' AND EXISTS (SELECT 1 FROM again)
  )
  SELECT count(*)::int AS count FROM again`;

const STATUS = `
  SELECT n.id, n.state, count(d.id)::int AS recipients, count(*) FILTER (WHERE d.state = 'sent')::int AS sent,
    count(*) FILTER (WHERE d.state = 'failed')::int AS failed, count(*) FILTER (WHERE d.state = 'skipped')::int AS skipped,
    count(*) FILTER (WHERE d.state = 'uncertain')::int AS uncertain
  FROM notice n LEFT JOIN delivery d ON d.notice_id = n.id WHERE n.id = $1 GROUP BY n.id, n.state`;
