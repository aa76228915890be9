import type { Pool } from 'pg';
import { z } from 'zod';
import type { UnsureMessage } from '../notices/notice.ts';
import { statement } from './statement.ts';

/** What is in doubt: of a notice, or (no notice) of the replies to what people said. */
export function createUnsure(pool: Pool) {
  return {
    list: (notice: string | null): Promise<UnsureMessage[]> => LIST.rows(pool, [notice]),
    countReplies: async (): Promise<number> => (await COUNT_REPLIES.first(pool))?.count ?? 0,
  };
}

export const LIST = statement(
  { person: z.string(), reason: z.string().nullable(), at: z.date() },
  `
  SELECT i.key AS person, d.reason, d.settled_at AS at FROM delivery d JOIN identity i ON i.id = d.identity_id
  WHERE d.state = 'uncertain' AND d.notice_id IS NOT DISTINCT FROM $1 ORDER BY d.settled_at, d.id`,
);

export const COUNT_REPLIES = statement(
  { count: z.int() },
  `
  SELECT count(*)::int AS count FROM delivery WHERE state = 'uncertain' AND notice_id IS NULL`,
);
