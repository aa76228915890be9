import type { Pool } from 'pg';
import type { UnsureMessage } from '../domain/notice.ts';

/** What is in doubt: of a notice, or (no notice) of the replies to what people said. */
export function createUnsure(pool: Pool) {
  return {
    async list(notice: string | null): Promise<UnsureMessage[]> {
      const { rows } = await pool.query<UnsureMessage>(LIST, [notice]);
      return rows;
    },
    async countReplies(): Promise<number> {
      const { rows } = await pool.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM delivery WHERE state = 'uncertain' AND notice_id IS NULL`,
      );
      return rows[0]?.count ?? 0;
    },
  };
}

const LIST = `
  SELECT i.key AS person, d.reason, d.settled_at AS at FROM delivery d JOIN identity i ON i.id = d.identity_id
  WHERE d.state = 'uncertain' AND d.notice_id IS NOT DISTINCT FROM $1 ORDER BY d.settled_at, d.id`;
