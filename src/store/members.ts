import type { Pool } from 'pg';
import type { Member, Members } from '../domain/member.ts';

export function createMembers(pool: Pool): Members {
  const members = async (where: string, values: unknown[] = []) =>
    (await pool.query<Member>(`${SELECT} ${where}`, values)).rows;
  return {
    list: () => members('ORDER BY m.id'),
    find: async (id) => (await members('AND m.id = $1', [id]))[0] ?? null,
    byIdentity: async (key) => (await members(IN_CHAT, [key]))[0] ?? null,
  };
}

const SELECT = `SELECT m.id, m.name, m.roles, m.organization FROM member m WHERE m.removed_at IS NULL`;
const IN_CHAT = 'AND m.id = (SELECT i.member_id FROM member_identity i WHERE i.identity_key = $1)';
