import { z } from 'zod';
import { processOr } from './current.ts';
import { dueOf } from './dueResponses.ts';
import { statement } from './statement.ts';

/** What becomes of the `found` that were due, as of $2: they go with the notice $1, or were delivered with an earlier one. */
export const SETTLED = `
  superseded AS (
    UPDATE response o SET state = 'superseded' FROM found f
    WHERE o.contribution_id = f.contribution_id AND o.number < f.number AND o.state NOT IN ('superseded', 'undone')
  ), released AS (
    UPDATE response r SET state = CASE WHEN f.repeats THEN 'delivered' ELSE 'released' END,
      notice_id = CASE WHEN f.repeats THEN f.had ELSE $1::text END, released_at = coalesce(r.released_at, $2::timestamptz)
    FROM found f WHERE r.id = f.id
  ), contributions AS (
    UPDATE contribution c SET state = CASE WHEN f.repeats THEN 'delivered' ELSE 'released' END, updated_at = $2::timestamptz
    FROM found f WHERE c.id = f.contribution_id
  ), ended AS (
    UPDATE thread t SET state = 'closed', closed_at = $2::timestamptz, closed_by = 'response' FROM found f
    WHERE t.contribution_id = f.contribution_id AND NOT f.repeats AND t.response_id <> f.id AND t.state <> 'closed'
      AND t.kind IN ('disagreement', 'misunderstanding')
  )`;

const FIGURE_COLUMNS = {
  responses: z.int(),
  recipients: z.int(),
  unreachable: z.int(),
  replacing: z.int(),
  repeated: z.int(),
};
export const NOTHING = { responses: 0, recipients: 0, unreachable: 0, replacing: 0, repeated: 0 };

const FIGURES = `
  count(*) FILTER (WHERE NOT repeats)::int AS responses,
  count(DISTINCT identity_id) FILTER (WHERE NOT repeats AND status = 'active')::int AS recipients,
  count(DISTINCT identity_id) FILTER (WHERE NOT repeats AND status NOT IN ('active', 'erased'))::int AS unreachable,
  count(*) FILTER (WHERE NOT repeats AND had IS NOT NULL)::int AS replacing,
  count(*) FILTER (WHERE repeats)::int AS repeated`;

const MARK = `coalesce(left(md5(string_agg(id::text, ',' ORDER BY id) FILTER (WHERE NOT repeats)), 16), '')`;

export const PREVIEW = statement(
  { ...FIGURE_COLUMNS, mark: z.string() },
  `
  SELECT ${FIGURES}, ${MARK} AS mark FROM (${dueOf(1)}) AS due`,
);

/**
 * Makes one notice of all that waits: $1 its id, $2 now, $3 not before, $4 who releases, $5 above how many people it takes an
 * approval, $6 and $7 from how many on it is held and until when, $8 and $9 the scope, $10 the process, $11 the
 * mark of the responses agreed to, $12 and $13 to how many they may go.
 *
 * `waiting` locks what is due; `meant` says whether it is still what was agreed to, and without that `found` is empty
 * and nothing below writes anything. `due` leaves out what its reader has already. `whole` and `terms` decide
 * on approval and hold; `notified`, `noted` and `deliveries` make the notice, its record, and one delivery a chat. The last
 * four (`superseded`, `released`, `contributions`, `ended`) say what becomes of the responses, and of what was said against them. The figures are those of `waiting`.
 */
export const RELEASE = statement(
  {
    ...FIGURE_COLUMNS,
    refused: z.boolean(),
    approval: z.literal('needed').nullable(),
    notBefore: z.date().nullable(),
  },
  `
  WITH waiting AS MATERIALIZED (${dueOf(8)} ORDER BY c.id FOR NO KEY UPDATE OF c, r),
  meant AS (
    SELECT ($11::text IS NULL OR mark = $11) AND recipients BETWEEN $12::float8 AND $13::float8 AS so
    FROM (SELECT ${FIGURES}, ${MARK} AS mark FROM waiting) AS figures
  ),
  found AS MATERIALIZED (SELECT waiting.* FROM waiting, meant WHERE meant.so),
  due AS (SELECT * FROM found WHERE NOT repeats),
  whole AS (
    SELECT bool_or(status = 'active') AS reachable, count(DISTINCT identity_id) FILTER (WHERE status = 'active') AS recipients
    FROM due HAVING count(*) > 0
  ), terms AS (
    SELECT *, CASE WHEN recipients > $5::bigint THEN 'needed' END AS approval,
      greatest($3::timestamptz, CASE WHEN recipients >= $6::bigint THEN $7::timestamptz END) AS not_before
    FROM whole
  ),
  notified AS (
    INSERT INTO notice (id, kind, texts, on_uncertain, state, at, created_by, scheduled_by, approval, confirmed,
      snapshot_at, created_at, done_at, process_id)
    SELECT $1::text, 'response', '{}', 'resend',
      CASE WHEN NOT reachable THEN 'done' WHEN approval IS NULL AND not_before IS NULL THEN 'running' ELSE 'scheduled' END,
      coalesce(not_before, $2::timestamptz), $4, $4, CASE WHEN reachable THEN approval END, recipients,
      $2, $2, CASE WHEN reachable THEN NULL ELSE $2::timestamptz END, ${processOr('$10')}
    FROM terms RETURNING id, at
  ), noted AS (
    INSERT INTO notice_event (notice_id, what, by, detail)
    SELECT id, 'scheduled', $4, jsonb_build_object('at', at) FROM notified
  ), deliveries AS (
    INSERT INTO delivery (notice_id, identity_id, channel, payload, state, reason, not_before, created_at, settled_at)
    SELECT $1::text, identity_id, channel, jsonb_build_object('responses', jsonb_agg(id ORDER BY submitted_at, id)),
      CASE WHEN status = 'active' THEN 'pending' ELSE 'skipped' END, CASE WHEN status = 'active' THEN NULL ELSE status END,
      (SELECT not_before FROM terms), $2, CASE WHEN status = 'active' THEN NULL ELSE $2::timestamptz END
    FROM due WHERE status <> 'erased' GROUP BY identity_id, channel, status
  ), ${SETTLED}
  SELECT ${FIGURES}, (SELECT NOT so FROM meant) AS refused, (SELECT approval FROM terms),
    (SELECT not_before FROM terms) AS "notBefore" FROM waiting`,
);
