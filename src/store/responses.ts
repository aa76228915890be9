import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { NewResponse, ResponseStore } from '../responses/ports.ts';
import type { ResponseItem } from '../responses/response.ts';
import type { KnownContribution } from '../responses/sheet/rows.ts';
import { SAID_COLUMNS, STORED_RESPONSE } from './columns.ts';
import { DECISION_COUNT, LATEST_RESPONSE } from './contributions.ts';
import { DUE, lastHad, scoped } from './dueResponses.ts';
import { NOTHING, PREVIEW, RELEASE, SETTLED } from './release.ts';
import { ATTACHMENTS } from './shapes.ts';
import { type Queryable, statement } from './statement.ts';
import { transaction } from './transaction.ts';

/** Decisions and their release. Whatever touches both locks contributions first, in the order of their ids. */
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

/** Read after the lock, not with it, so that what another import has just stored is seen. */
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

/** Locks waiting deliveries that a changed-back decision replaces, so that they are not claimed meanwhile. */
const STAY_WAITING = `
  SELECT FROM delivery p JOIN response o ON o.notice_id = p.notice_id
  WHERE p.state = 'pending' AND o.state = 'released' AND (o.contribution_id, p.identity_id) IN (
    SELECT contribution_id, identity_id FROM (${DUE} AND c.id = ANY($1)) AS due WHERE repeats)
  ORDER BY p.id FOR UPDATE OF p`;

/** A decision that was changed, and changed back before its author had it, counts as the one that the reader has. */
const CHANGED_BACK = `
  WITH found AS MATERIALIZED (SELECT * FROM (${DUE} AND c.id = ANY($3)) AS due WHERE repeats),
  ${SETTLED}
  SELECT count(*) FROM found`;

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
