import { z } from 'zod';
import type { ChannelName } from '../core/channelName.ts';
import type { NoticeEdits } from '../notices/edits.ts';
import { APPROVAL, RECIPIENTS } from './columns.ts';
import { kindIs } from './kinds.ts';
import { MESSAGE_REFS } from './shapes.ts';
import { type Queryable, statement, word } from './statement.ts';

/** What changes notices after sending, and how far each delivery has come. */
export function createNoticeEdits(db: Queryable): NoticeEdits {
  return {
    edit: (id, { texts, buttons }, by, seconded) =>
      EDIT.first(db, [id, JSON.stringify(texts), JSON.stringify(buttons), by, seconded]),
    recall: async (id, by) => (await db.query(RECALL, [id, by])).rowCount !== 0,
    async due() {
      await db.query(DONE);
      return DUE.rows(db);
    },
    next: ({ notice, channel }, after, limit) => NEXT.rows(db, [notice, channel, after, limit]),
    settle: async (revised) => void (await db.query(SETTLE, [JSON.stringify(revised)])),
    status: (id) => STATUS.first(db, [id]),
  };
}

/** For how long a change is tried while a platform cannot be reached. */
const TRIED_FOR = `interval '1 day'`;

/**
 * Whatever goes out from here on has the new text, except the first parts of a message that was interrupted. A
 * recipient in doubt may keep the old text for good. `notice` in the same statement is still what it was before.
 */
export const EDIT = statement(
  { begun: z.boolean(), approval: APPROVAL },
  `
  WITH changed AS (
    UPDATE notice SET texts = $2::jsonb, buttons = $3::jsonb,
      revision = revision + CASE WHEN snapshot_at IS NULL THEN 0 ELSE 1 END,
      approval = CASE WHEN approval = 'given' AND snapshot_at IS NULL THEN 'needed' ELSE approval END,
      approved_by = CASE WHEN snapshot_at IS NULL THEN NULL ELSE approved_by END,
      -- The author of the words cannot be the second to approve them.
      scheduled_by = CASE WHEN snapshot_at IS NULL AND state <> 'draft' THEN $4 ELSE scheduled_by END
    WHERE id = $1 AND ($5 OR approval IS DISTINCT FROM 'given' OR snapshot_at IS NULL)
      AND ${kindIs('kind', ({ rendering }) => rendering === 'texts')} AND state <> 'cancelled'
    RETURNING id, revision, approval, snapshot_at
  ), first AS (
    INSERT INTO notice_revision (notice_id, number, texts, done_at)
    SELECT n.id, 0, jsonb_build_object('texts', n.texts, 'buttons', n.buttons), now()
    FROM notice n JOIN changed c ON c.id = n.id WHERE c.snapshot_at IS NOT NULL ON CONFLICT DO NOTHING
  ), kept AS (
    INSERT INTO notice_revision (notice_id, number, texts)
    SELECT id, revision, jsonb_build_object('texts', $2::jsonb, 'buttons', $3::jsonb) FROM changed WHERE snapshot_at IS NOT NULL
  ), ahead AS (
    UPDATE delivery d SET revised = c.revision, revision = CASE WHEN d.state = 'uncertain' THEN 'unknown_outcome' END
    FROM changed c WHERE d.notice_id = c.id AND d.state NOT IN ('sent', 'sending') AND (d.state <> 'pending' OR d.refs IS NULL)
  ), noted AS (
    INSERT INTO notice_event (notice_id, what, by, detail)
    SELECT id, 'edited', $4, jsonb_build_object('revision', revision) FROM changed
  )
  SELECT snapshot_at IS NOT NULL AS begun, approval FROM changed`,
);

/** Cancelled, whatever it was: nothing of it is ever sent again. */
const RECALL = `
  WITH changed AS (
    UPDATE notice n SET state = 'cancelled', done_at = coalesce(done_at, now()), revision = revision + 1
    WHERE id = $1 AND NOT ${kindIs('kind', ({ rendering }) => rendering === 'responses')} AND snapshot_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM notice_revision r WHERE r.notice_id = n.id AND r.texts IS NULL)
    RETURNING id, revision
  ), dropped AS (
    UPDATE delivery d SET state = 'skipped', reason = 'cancelled', settled_at = now()
    FROM changed c WHERE d.notice_id = c.id AND d.state = 'pending'
  ), kept AS (
    INSERT INTO notice_revision (notice_id, number, texts) SELECT id, revision, NULL FROM changed
  )
  INSERT INTO notice_event (notice_id, what, by, detail)
  SELECT id, 'recalled', $2, jsonb_build_object('revision', revision) FROM changed RETURNING notice_id`;

const DONE = `
  UPDATE notice_revision r SET done_at = now()
  WHERE r.done_at IS NULL AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = r.notice_id AND d.revised < r.number)`;

export const DUE = statement(
  { notice: z.string(), channel: word<ChannelName>() },
  `
  SELECT n.id AS notice, c.channel
  FROM notice_revision r JOIN notice n ON n.id = r.notice_id AND n.revision = r.number
  CROSS JOIN LATERAL (SELECT DISTINCT channel FROM delivery WHERE notice_id = n.id AND revised < r.number) AS c
  WHERE r.done_at IS NULL AND EXISTS (
    SELECT 1 FROM delivery d WHERE d.notice_id = n.id AND d.channel = c.channel AND d.revised < r.number
      AND d.state NOT IN ('pending', 'sending') AND (d.not_before IS NULL OR d.not_before <= now()))`,
);

/** Deliveries behind the newest revision that nobody is sending now. */
export const NEXT = statement(
  {
    id: z.string(),
    noticeId: z.string(),
    number: z.int(),
    recalled: z.boolean(),
    late: z.boolean(),
    state: z.enum(['sent', 'failed', 'skipped', 'uncertain']),
    refs: MESSAGE_REFS.nullable(),
    erased: z.boolean(),
    identityKey: z.string(),
    recipient: z.enum(RECIPIENTS),
    channel: word<ChannelName>(),
    language: z.string().nullable(),
  },
  `
  SELECT d.id, n.id AS "noticeId", r.number, r.texts IS NULL AS recalled, r.at < now() - ${TRIED_FOR} AS late, d.state, d.refs,
    i.status = 'erased' AS erased, i.key AS "identityKey", i.kind AS recipient, d.channel, i.language
  FROM notice n
  JOIN notice_revision r ON r.notice_id = n.id AND r.number = n.revision AND r.done_at IS NULL
  JOIN delivery d ON d.notice_id = n.id AND d.revised < n.revision AND d.state NOT IN ('pending', 'sending')
  JOIN identity i ON i.id = d.identity_id
  WHERE n.id = $1 AND d.channel = $2 AND d.id > $3::bigint AND (d.not_before IS NULL OR d.not_before <= now())
  ORDER BY d.id LIMIT $4`,
);

/** Leaves out deliveries that are being sent once more meanwhile. */
const SETTLE = `
  UPDATE delivery d SET revision = o.reason,
    revised = CASE WHEN o."againInMs" IS NULL THEN o.number ELSE d.revised END,
    not_before = now() + make_interval(secs => o."againInMs" / 1000)
  FROM jsonb_to_recordset($1) AS o(id bigint, number int, reason text, "againInMs" float8)
  WHERE d.id = o.id AND d.revised < o.number AND d.state NOT IN ('pending', 'sending')`;

export const STATUS = statement(
  {
    what: z.enum(['edited', 'recalled']),
    number: z.int(),
    at: z.date(),
    changed: z.int(),
    open: z.int(),
    refused: z.record(z.string(), z.int()),
  },
  `
  SELECT CASE WHEN r.texts IS NULL THEN 'recalled' ELSE 'edited' END AS what, r.number, r.at, sum.changed, sum.open,
    coalesce((SELECT jsonb_object_agg(revision, count) FROM (
      SELECT d.revision, count(*)::int AS count FROM delivery d
      WHERE d.notice_id = n.id AND d.revised = r.number AND d.revision IS NOT NULL GROUP BY 1) AS why), '{}') AS refused
  FROM notice n JOIN notice_revision r ON r.notice_id = n.id AND r.number = n.revision
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.revised >= r.number AND d.revision IS NULL AND d.refs IS NOT NULL
        AND (r.texts IS NULL OR d.state = 'sent'))::int AS changed,
      count(*) FILTER (WHERE d.revised < r.number)::int AS open
    FROM delivery d WHERE d.notice_id = n.id) AS sum
  WHERE n.id = $1 AND n.revision > 0`,
);
