import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { NewResponse, ReleaseScope, ResponseStore } from '../responses/ports.ts';
import type { ResponseItem } from '../responses/response.ts';
import type { KnownContribution } from '../responses/sheet/rows.ts';
import { SAID_COLUMNS, STORED_RESPONSE } from './columns.ts';
import { DECISION_COUNT, LATEST_RESPONSE } from './contributions.ts';
import { processOr } from './current.ts';
import { ATTACHMENTS } from './shapes.ts';
import { type Queryable, statement } from './statement.ts';
import { transaction } from './transaction.ts';

/** Decisions and their way out. Everything that touches both locks contributions first, in the order of their ids. */
export function createResponseStore(db: Pool | PoolClient): ResponseStore {
  return {
    look: (references) => known(db, references),
    decide: (references, plan, at) =>
      transaction(db, async (client) => {
        await lock(client, references);
        const { keep: responses, undo: undone } = plan(await known(client, references));
        for (let from = 0; from < responses.length; from += BATCH)
          await keep(client, responses.slice(from, from + BATCH), at);
        if (undone.length > 0) await undo(client, undone, at);
      }),
    releasable: async (scope) => (await PREVIEW.first(db, scoped(scope))) ?? { ...NOTHING, mark: '' },
    async release({ id, at, from, hold, by, approvalAbove, mark, recipients, scope }) {
      const terms = [from, by, approvalAbove, hold?.from ?? null, hold?.until ?? null];
      const meant = [mark, recipients.least, recipients.most];
      const released = await RELEASE.first(db, [id, at, ...terms, ...scoped(scope), ...meant]);
      return released ?? { refused: false, approval: null, notBefore: null, ...NOTHING };
    },
    load: (deliveryIds) => load(db, deliveryIds),
  };
}

const BATCH = 2000;

const lock = (client: PoolClient, references: readonly string[]) =>
  client.query('SELECT id FROM contribution WHERE reference = ANY($1) ORDER BY id FOR NO KEY UPDATE', [references]);

/** `told`: the decision that stands is with its author, or on its way and not passed over. */
export const KNOWN = statement(
  {
    id: z.string(),
    reference: z.string(),
    text: z.string(),
    attachments: ATTACHMENTS,
    state: z.enum(CONTRIBUTION_STATES),
    version: z.int(),
    reads: z.string().nullable(),
    latest: STORED_RESPONSE.nullable(),
    decisions: z.int(),
    last: z.int(),
    told: z.boolean(),
  },
  `
  SELECT c.id, c.reference, c.text, c.attachments, c.state, c.version, i.language AS reads,
    ${LATEST_RESPONSE} AS latest,
    ${DECISION_COUNT} AS decisions,
    coalesce((SELECT max(number) FROM response r WHERE r.contribution_id = c.id), 0) AS last,
    EXISTS (
      SELECT FROM response r
      WHERE r.contribution_id = c.id
        AND (r.state = 'delivered' OR (r.state = 'released' AND NOT EXISTS (
          SELECT FROM delivery d
          WHERE d.notice_id = r.notice_id AND d.identity_id = c.identity_id AND d.state = 'skipped')))
        AND NOT EXISTS (
          SELECT FROM response n
          WHERE n.contribution_id = c.id AND n.number > r.number AND n.state NOT IN ('superseded', 'undone'))
    ) AS told
  FROM contribution c JOIN identity i ON i.id = c.identity_id WHERE c.reference = ANY($1)`,
);

/** Read after the lock, not with it: what another import has just kept must be seen. */
async function known(db: Queryable, references: readonly string[]): Promise<Map<string, KnownContribution>> {
  return new Map((await KNOWN.rows(db, [references])).map((row) => [row.reference, row]));
}

async function undo(client: PoolClient, responses: string[], at: Date): Promise<void> {
  await client.query(`UPDATE response SET state = 'undone' WHERE id = ANY($1)`, [responses]);
  await client.query(
    `UPDATE contribution c SET updated_at = $2, state = coalesce((SELECT r.state FROM response r
       WHERE r.contribution_id = c.id AND r.state IN ('released', 'delivered') ORDER BY r.number DESC LIMIT 1), 'received')
     WHERE id IN (SELECT contribution_id FROM response WHERE id = ANY($1))`,
    [responses, at],
  );
}

async function keep(client: PoolClient, responses: NewResponse[], at: Date): Promise<void> {
  const contributions = responses.map((response) => response.contributionId);
  await client.query(
    `UPDATE response SET state = 'superseded' WHERE contribution_id = ANY($1) AND state = 'approved'`,
    [contributions],
  );
  await client.query(
    `INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, languages,
       translations, created_at)
     SELECT id, "contributionId", number, decision, input, considered, influence, reason, beyond,
       languages, translations, $2
     FROM jsonb_to_recordset($1) AS r(id uuid, "contributionId" uuid, number int, decision text, input text,
       considered text, influence text, reason text, beyond text, languages jsonb, translations jsonb)`,
    [JSON.stringify(responses), at],
  );
  await client.query(`UPDATE contribution SET state = 'decided', updated_at = $2 WHERE id = ANY($1)`, [
    contributions,
    at,
  ]);
  await client.query(STAY_WAITING, [contributions]);
  await client.query(CHANGED_BACK, [null, at, contributions]);
}

/** What response `r` says, as one value. */
const words = (r: string): string => `jsonb_build_object('decision', ${r}.decision, 'input', ${r}.input,
  'considered', ${r}.considered, 'influence', ${r}.influence, 'reason', ${r}.reason, 'beyond', ${r}.beyond,
  'languages', ${r}.languages, 'translations', ${r}.translations)`;

/** Of the responses that came before `r`: the last that has reached this reader, and with which notice. */
const lastHad = (identity: string): string => `
  SELECT o.notice_id, o.number, ${words('o')} AS words FROM response o
  JOIN delivery p ON p.notice_id = o.notice_id AND p.identity_id = ${identity}
  WHERE o.contribution_id = r.contribution_id AND o.number < r.number
    AND CASE WHEN p.payload ? 'brought' THEN p.payload->'brought' ? o.id::text ELSE p.state = 'sent' END
  ORDER BY o.number DESC LIMIT 1`;

/** Another has come after that one which may have arrived, whole or in part: nobody can say what they read last. */
const MAY_HAVE_OTHER = `EXISTS (
    SELECT FROM response o JOIN delivery p ON p.notice_id = o.notice_id AND p.identity_id = c.identity_id
    WHERE o.contribution_id = r.contribution_id AND o.number > had.number AND o.number < r.number
      AND (p.state IN ('sending', 'uncertain') OR p.doubts > 0 OR p.parts_done > 0))`;

/** Waiting for release, or released to somebody who could not be reached then and can be now. */
export const DUE = `
  SELECT r.id, r.contribution_id, r.number, c.identity_id, c.submitted_at, i.channel, i.status, had.notice_id AS had,
    had.words IS NOT NULL AND had.words - 'languages' = ${words('r')} - 'languages' AND NOT ${MAY_HAVE_OTHER} AS repeats
  FROM contribution c JOIN response r ON r.contribution_id = c.id JOIN identity i ON i.id = c.identity_id
  LEFT JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = c.identity_id
  LEFT JOIN LATERAL (${lastHad('c.identity_id')}) AS had ON true
  WHERE ((r.state = 'approved' AND c.state = 'decided')
      OR (r.state = 'released' AND i.status = 'active' AND (d.state = 'skipped'
          OR (d.state = 'failed' AND d.reason IN ('blocked', 'deactivated', 'chat_not_found')))))
    AND NOT EXISTS (SELECT 1 FROM response n WHERE n.contribution_id = r.contribution_id AND n.number > r.number
      AND n.state NOT IN ('superseded', 'undone'))`;

/** What is due of a scope, whose three values stand from this placeholder on. */
export const dueOf = (first: number): string => `${DUE}
  AND c.process_id = ${processOr(`$${first + 2}`)}
  AND ($${first}::text[] IS NULL OR coalesce(c.theme, '') = ANY($${first})) AND ($${first + 1}::text[] IS NULL OR c.reference = ANY($${first + 1}))`;
export const scoped = ({ themes, references, process }: ReleaseScope = {}): unknown[] => [
  themes?.map((theme) => theme ?? '') ?? null,
  references ?? null,
  process ?? null,
];

/** What becomes of the `found` that were due, as of $2: they go with the notice $1, or were delivered with an earlier one. */
const SETTLED = `
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

/** What one that is changed back takes the place of is not taken up before that is written. */
const STAY_WAITING = `
  SELECT FROM delivery p JOIN response o ON o.notice_id = p.notice_id
  WHERE p.state = 'pending' AND o.state = 'released' AND (o.contribution_id, p.identity_id) IN (
    SELECT contribution_id, identity_id FROM (${DUE} AND c.id = ANY($1)) AS due WHERE repeats)
  ORDER BY p.id FOR UPDATE OF p`;

/** A decision that was changed, and changed back before its author heard of it, is the one that its reader has. */
const CHANGED_BACK = `
  WITH found AS MATERIALIZED (SELECT * FROM (${DUE} AND c.id = ANY($3)) AS due WHERE repeats),
  ${SETTLED}
  SELECT count(*) FROM found`;

const FIGURE_COLUMNS = {
  responses: z.int(),
  recipients: z.int(),
  unreachable: z.int(),
  replacing: z.int(),
  repeated: z.int(),
};
const NOTHING = { responses: 0, recipients: 0, unreachable: 0, replacing: 0, repeated: 0 };

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

export const ITEM_COLUMNS = {
  id: z.string(),
  ...SAID_COLUMNS,
  reference: z.string(),
  kind: z.enum(CONTRIBUTION_KINDS),
  text: z.string(),
  attachments: ATTACHMENTS,
  earlier: z.object(SAID_COLUMNS).nullable(),
};

/** Of response `r` to contribution `c`, what this reader reads. */
export const itemFor = (identity: string): string => `
  r.id, r.decision, r.input, r.considered, r.influence, r.reason, r.beyond, r.languages, r.translations, c.reference, c.kind, c.text, c.attachments,
    (SELECT words FROM (${lastHad(identity)}) AS had) AS earlier`;

/** Of response `r`: the last words of the thread that its release has ended. */
const AGAINST = `(
  SELECT m.message_id FROM thread t JOIN thread_message m ON m.thread_id = t.id AND m.by IS NULL
  WHERE t.contribution_id = r.contribution_id AND t.closed_by = 'response' AND t.closed_at = r.released_at
  ORDER BY m.id DESC LIMIT 1)`;

/** By the ids alone, one after the other (OFFSET 0): the planner takes each list for a hundred, and would read whole tables. */
export const LOAD = statement(
  { deliveryId: z.string(), ...ITEM_COLUMNS, replyTo: z.string().nullable() },
  `
  SELECT d.id AS "deliveryId", ${itemFor('d.identity_id')}, ${AGAINST} AS "replyTo"
  FROM delivery d CROSS JOIN LATERAL jsonb_array_elements_text(d.payload->'responses') WITH ORDINALITY AS e(id, place)
  CROSS JOIN LATERAL (SELECT * FROM response WHERE id = e.id::uuid OFFSET 0) AS r
  CROSS JOIN LATERAL (SELECT reference, kind, text, attachments FROM contribution WHERE id = r.contribution_id OFFSET 0) AS c
  WHERE d.id = ANY($1::bigint[]) AND r.state = 'released' AND r.notice_id = d.notice_id ORDER BY d.id, e.place`,
);

async function load(db: Queryable, deliveryIds: readonly string[]): Promise<Map<string, ResponseItem[]>> {
  const items = new Map<string, ResponseItem[]>(deliveryIds.map((id) => [id, []]));
  for (const { deliveryId, ...item } of await LOAD.rows(db, [deliveryIds])) items.get(deliveryId)?.push(item);
  return items;
}
