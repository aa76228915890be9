import type { Pool } from 'pg';
import type { Notice } from '../../src/notices/notice.ts';
import type { IdentityStatus } from '../../src/people/identity.ts';
import type { Role } from '../../src/people/member.ts';
import type { DecisionKind } from '../../src/responses/decision.ts';
import { createMembers } from '../../src/store/members.ts';

/** Members by their ids, who are also their names. */
export const addMembers = (pool: Pool, members: Record<string, Role[]>): Promise<void> =>
  createMembers(pool).sync(
    Object.entries(members).map(([id, roles]) => ({ id, name: id, roles, organization: null, side: null })),
  );

/** People stop, come back, or cannot be reached any more: those of these ids, or everybody. */
export async function become(pool: Pool, status: IdentityStatus, ids: readonly number[] | null = null): Promise<void> {
  await pool.query('UPDATE identity SET status = $1 WHERE $2::bigint[] IS NULL OR id = ANY($2)', [status, ids]);
}

/** The moment of a notice, or of all, has come. */
export async function comeDue(pool: Pool, id: string | null = null): Promise<void> {
  await pool.query(`UPDATE notice SET at = now() - interval '1 second' WHERE $1::text IS NULL OR id = $1`, [id]);
}

/** What waits arrives. */
export async function allArrive(pool: Pool): Promise<void> {
  await pool.query(`UPDATE delivery SET state = 'sent', settled_at = now() WHERE state = 'pending'`);
}

/** The language that people read (null: nobody knows), those of these ids or all. */
export async function readIn(pool: Pool, language: string | null, ids: readonly number[] | null = null): Promise<void> {
  await pool.query('UPDATE identity SET language = $1 WHERE $2::bigint[] IS NULL OR id = ANY($2)', [language, ids]);
}

/** An organizer has looked at everything that was said. */
export async function triage(pool: Pool): Promise<void> {
  await pool.query(`UPDATE contribution SET state = 'triaged'`);
}

/** The forum decides on these contributions, or on all that it has not decided on, once more where it has before. */
export async function decide(
  pool: Pool,
  references: readonly string[] | null = null,
  { decision = 'inclusion', reason = 'because' }: { decision?: DecisionKind; reason?: string } = {},
): Promise<void> {
  await pool.query(
    `WITH said AS (
       UPDATE contribution SET state = 'decided'
       WHERE CASE WHEN $1::text[] IS NULL THEN state IN ('received', 'triaged') ELSE reference = ANY($1) END RETURNING id
     )
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, created_at)
     SELECT gen_random_uuid(), said.id, 1 + (SELECT count(*) FROM response r WHERE r.contribution_id = said.id), $2,
       'in', 'co', 'fl', $3, 'be', now() FROM said`,
    [references, decision, reason],
  );
}

/** What was released has arrived: that of a notice, or all. */
export async function answersArrive(pool: Pool, notice: string | null = null): Promise<void> {
  await pool.query(
    `WITH sent AS (
       UPDATE delivery SET state = 'sent', settled_at = now() WHERE state = 'pending' AND ($1::text IS NULL OR notice_id = $1)
     ), told AS (
       UPDATE response SET state = 'delivered' WHERE state = 'released' AND ($1::text IS NULL OR notice_id = $1)
       RETURNING contribution_id
     )
     UPDATE contribution SET state = 'delivered' WHERE id IN (SELECT contribution_id FROM told)`,
    [notice],
  );
}

/** What was to go later may go now. */
export async function mayGoNow(pool: Pool): Promise<void> {
  await pool.query(`UPDATE delivery SET not_before = NULL WHERE state = 'pending'`);
}

/** How messages ended: those to these people, or all. */
export async function messagesEnd(
  pool: Pool,
  state: 'sent' | 'failed' | 'skipped' | 'uncertain',
  reason: string | null = null,
  people: readonly number[] | null = null,
): Promise<void> {
  await pool.query(
    `UPDATE delivery SET state = $1, reason = $2, settled_at = now() WHERE $3::bigint[] IS NULL OR identity_id = ANY($3)`,
    [state, reason, people],
  );
}

type NoticeNow = Partial<Pick<Notice, 'kind' | 'state' | 'approval' | 'scheduledBy' | 'approvedBy'>> & {
  /** It has its recipients; false: it has none any more. */
  begun?: boolean;
};

/** As a notice is now, or as all are. */
export async function noticeIs(pool: Pool, now: NoticeNow, id: string | null = null): Promise<void> {
  const { begun, ...values } = now;
  await pool.query(
    `UPDATE notice SET kind = coalesce($2::jsonb->>'kind', kind), state = coalesce($2->>'state', state),
       approval = coalesce($2->>'approval', approval), scheduled_by = coalesce($2->>'scheduledBy', scheduled_by),
       approved_by = coalesce($2->>'approvedBy', approved_by),
       snapshot_at = CASE $3::boolean WHEN true THEN now() WHEN false THEN NULL ELSE snapshot_at END
     WHERE $1::text IS NULL OR id = $1`,
    [id, JSON.stringify(values), begun ?? null],
  );
}

/** What people said, in the order of their letters. */
export async function textsIn(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ text: string }>('SELECT text FROM contribution ORDER BY text COLLATE "C"');
  return rows.map(({ text }) => text);
}

/** How people stand, in the order in which they became known. */
export async function statusesIn(pool: Pool): Promise<IdentityStatus[]> {
  const { rows } = await pool.query<{ status: IdentityStatus }>('SELECT status FROM identity ORDER BY id');
  return rows.map(({ status }) => status);
}
