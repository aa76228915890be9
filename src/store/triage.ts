import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { Triage, Triaged, TriageWrites } from '../contributions/triage.ts';
import { type Queryable, statement } from './statement.ts';

/** What the forum makes of contributions before it decides on them. */
export function createTriage(db: Pool | PoolClient): TriageWrites {
  return {
    look: (references) => look(db, references),
    async hold(references) {
      await db.query(HOLD, [references]);
      return look(db, references);
    },
    async keep({ id, action, by, at, changes }) {
      await db.query(PUT, [JSON.stringify(changes.map(({ reference, after }) => ({ reference, ...flat(after) }))), at]);
      await db.query(KEEP_STEP, [id, action, by, at, JSON.stringify(changes)]);
      const moved = changes.filter(({ before, after }) => (before.aside === null) !== (after.aside === null));
      if (moved.length > 0) await db.query(MOVE, [moved.map(({ reference }) => reference), at]);
    },
    floods: async (references) => (await FLOODS.rows(db, [references])).map(({ reference }) => reference),
    authorsOf: (references) => AUTHORS.rows(db, [references]),
    step: (id) => STEP.first(db, [id]),
    markUndone: async (id, by) =>
      void (await db.query('UPDATE triage_step SET undone_by = $2 WHERE id = $1', [id, by])),
    similar: (reference) => SIMILAR.rows(db, [reference]),
    notes: (reference) => NOTES.rows(db, [reference]),
    addNote: (reference, { by, text, mentions, at }) => changed(db, ADD_NOTE, [reference, by, text, mentions, at]),
    savedViews: (member) => SAVED_VIEWS.rows(db, [member]),
    saveView: async ({ id, name, owner, filter, by, at }) =>
      void (await db.query(SAVE_VIEW, [id, name, owner ?? '', filter, by, at])),
    removeView: ({ name, owner }) =>
      changed(db, 'DELETE FROM saved_view WHERE name = $1 AND owner = $2', [name, owner ?? '']),
  };
}

const changed = async (db: Queryable, text: string, values: unknown[]): Promise<boolean> =>
  ((await db.query(text, values)).rowCount ?? 0) > 0;

const flat = ({ tags, assignment, aside }: Triage) => ({ tags, aside, ...assignment });

const HOLD = 'SELECT id FROM contribution WHERE reference = ANY($1) ORDER BY id FOR NO KEY UPDATE';

/** Of contribution `c` with `t`, its row of triage or none. */
export const TRIAGE = `jsonb_build_object('tags', coalesce(t.tags, '{}'), 'assignment',
    CASE WHEN num_nonnulls(t.assigned, t.working_group) > 0
      THEN jsonb_build_object('member', t.assigned, 'workingGroup', t.working_group, 'dueOn', t.due_on) END, 'aside', t.aside)`;

export const TRIAGE_SHAPE: z.ZodType<Triage> = z.object({
  tags: z.array(z.string()),
  assignment: z
    .object({ member: z.string().nullable(), workingGroup: z.string().nullable(), dueOn: z.string().nullable() })
    .nullable(),
  aside: z.string().nullable().default(null),
}) as z.ZodType<Triage>;

export const LOOK = statement(
  { reference: z.string(), state: z.enum(CONTRIBUTION_STATES), triage: TRIAGE_SHAPE },
  `
  SELECT c.reference, c.state, ${TRIAGE} AS triage
  FROM contribution c LEFT JOIN triage t ON t.contribution_id = c.id WHERE c.reference = ANY($1)`,
);

/** Read after the lock, not with it: what another has just kept must be seen. */
async function look(db: Queryable, references: readonly string[]): Promise<Map<string, Triaged>> {
  return new Map((await LOOK.rows(db, [references])).map(({ reference, ...triaged }) => [reference, triaged]));
}

const PUT = `
  INSERT INTO triage (contribution_id, tags, assigned, working_group, due_on, aside, updated_at)
  SELECT c.id, e.tags, e.member, e."workingGroup", e."dueOn", e.aside, $2
  FROM jsonb_to_recordset($1) AS e(reference text, tags text[], member text, "workingGroup" text, "dueOn" text, aside text)
  JOIN contribution c ON c.reference = e.reference
  ON CONFLICT (contribution_id) DO UPDATE SET tags = excluded.tags, assigned = excluded.assigned,
    working_group = excluded.working_group, due_on = excluded.due_on, aside = excluded.aside, updated_at = excluded.updated_at`;

/** What is set aside is owed nothing, and what counts again waits for its decision. */
const MOVE = `
  UPDATE contribution c SET state = CASE WHEN t.aside IS NULL THEN 'received' ELSE 'set_aside' END, updated_at = $2
  FROM triage t WHERE t.contribution_id = c.id AND c.reference = ANY($1)`;

/** Nearly the same: whose letters are the same, or six in ten of whose trigrams are. */
export const FLOODS = statement(
  { reference: z.string() },
  `
  SELECT DISTINCT o.reference FROM contribution c
  JOIN contribution o ON o.contributor_id = c.contributor_id AND o.process_id = c.process_id
  LEFT JOIN contribution_search s ON s.contribution_id = c.id LEFT JOIN contribution_search n ON n.contribution_id = o.id
  WHERE c.reference = ANY($1)
    AND (o.id = c.id OR (o.state IN ('received', 'triaged') AND (s.mark = n.mark OR similarity(s.folded, n.folded) >= 0.6)))
  ORDER BY 1`,
);

export const AUTHORS = statement(
  {
    identityId: z.string(),
    key: z.string(),
    channel: z.string(),
    language: z.string().nullable(),
    references: z.array(z.string()),
  },
  `
  SELECT i.id AS "identityId", i.key, i.channel, i.language, array_agg(c.reference ORDER BY c.submitted_at, c.id) AS references
  FROM contribution c JOIN identity i ON i.id = c.identity_id
  WHERE c.reference = ANY($1) AND i.status = 'active' GROUP BY i.id ORDER BY i.id`,
);

const KEEP_STEP = 'INSERT INTO triage_step (id, action, by, at, changes) VALUES ($1, $2, $3, $4, $5)';

export const STEP = statement(
  {
    id: z.string(),
    action: z.string(),
    by: z.string(),
    at: z.date(),
    changes: z.array(z.object({ reference: z.string(), before: TRIAGE_SHAPE, after: TRIAGE_SHAPE })),
  },
  `
  SELECT id, action, by, at, changes FROM triage_step WHERE id::text = $1 AND undone_by IS NULL FOR UPDATE`,
);

/** What came later has named it among its own nearest. What was taken back is like nothing any more. */
export const SIMILAR = statement(
  { reference: z.string(), text: z.string(), same: z.boolean(), similarity: z.number() },
  `
  WITH it AS (
    SELECT c.id, s.process_id, s.mark FROM contribution c JOIN contribution_search s ON s.contribution_id = c.id WHERE c.reference = $1
  ), near AS (
    SELECT s.contribution_id AS id, true AS same, 1::real AS similarity
    FROM it JOIN contribution_search s ON s.process_id = it.process_id AND s.mark = it.mark
    UNION ALL SELECT n.other_id, false, n.similarity FROM it JOIN similar_contribution n ON n.contribution_id = it.id
    UNION ALL SELECT n.contribution_id, false, n.similarity FROM it JOIN similar_contribution n ON n.other_id = it.id
  )
  SELECT o.reference, o.text, bool_or(near.same) AS same, max(near.similarity) AS similarity
  FROM near JOIN contribution o ON o.id = near.id
  WHERE o.reference <> $1 AND o.state <> 'withdrawn'
  GROUP BY o.id ORDER BY same DESC, similarity DESC, o.submitted_at, o.id`,
);

export const NOTES = statement(
  { by: z.string(), text: z.string(), mentions: z.array(z.string()), at: z.date() },
  `
  SELECT n.by, n.text, n.mentions, n.at FROM note n JOIN contribution c ON c.id = n.contribution_id
  WHERE c.reference = $1 ORDER BY n.id`,
);

const ADD_NOTE = `
  INSERT INTO note (contribution_id, by, text, mentions, at) SELECT id, $2, $3, $4, $5 FROM contribution WHERE reference = $1`;

export const SAVED_VIEWS = statement(
  { name: z.string(), owner: z.string().nullable(), filter: z.string() },
  `
  SELECT name, nullif(owner, '') AS owner, filter FROM saved_view WHERE owner IN ('', $1) ORDER BY name, owner`,
);

const SAVE_VIEW = `
  INSERT INTO saved_view (id, name, owner, filter, by, at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (owner, name) DO UPDATE SET filter = excluded.filter, by = excluded.by, at = excluded.at`;
