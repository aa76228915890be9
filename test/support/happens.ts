import type { Pool } from 'pg';
import type { IdentityStatus } from '../../src/people/identity.ts';
import type { Role } from '../../src/people/member.ts';
import { createMembers } from '../../src/store/members.ts';

/** Members by their ids, who are also their names. */
export const addMembers = (pool: Pool, members: Record<string, Role[]>): Promise<void> =>
  createMembers(pool).sync(Object.entries(members).map(([id, roles]) => ({ id, name: id, roles, organization: null })));

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
