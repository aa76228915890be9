import { z } from 'zod';
import type { HomeViews } from '../core/surfaces.ts';
import { type Queryable, statement } from './statement.ts';

/** Nothing is stored about people who only look and have never written. */
export function createHomeViews(db: Queryable): HomeViews {
  const run = async (text: string, values: unknown[]) => void (await db.query(text, values));
  return {
    opened: (key, mark) => run(OPENED, [key, mark]),
    published: (key, mark) => run('UPDATE home_view SET mark = $2, checked_at = now() WHERE key = $1', [key, mark]),
    hasOpened: async (key) => (await KNOWN.first(db, [key])) !== null,
    due: (limit) => DUE.rows(db, [limit]),
  };
}

const OPENED = `
  INSERT INTO home_view (key, mark, opened_at, checked_at)
  SELECT key, $2, now(), now() FROM identity WHERE key = $1 AND kind = 'person' AND status <> 'erased'
  ON CONFLICT (key) DO UPDATE SET mark = excluded.mark, opened_at = now(), checked_at = now()`;

export const KNOWN = statement({ key: z.string() }, 'SELECT key FROM home_view WHERE key = $1');

/**
 * The Home tabs that were checked longest ago, each by one process. After two weeks without a look they are no longer
 * checked.
 */
export const DUE = statement(
  { key: z.string(), mark: z.string() },
  `
  WITH gone AS (
    DELETE FROM home_view WHERE opened_at < now() - interval '14 days'
  )
  UPDATE home_view SET checked_at = now()
  WHERE key IN (
    SELECT key FROM home_view WHERE checked_at < now() - interval '1 minute' AND opened_at >= now() - interval '14 days'
    ORDER BY checked_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING key, mark`,
);
