import type { Pool } from 'pg';
import { z } from 'zod';
import { statement } from './statement.ts';

/** What came in and could not be handled: a fault of ours (`failed`), or of a kind that nobody here reads (`unreadable`). */
export type Aside = Awaited<ReturnType<typeof listAside>>[number];

/** The newest first. */
export const listAside = (pool: Pool) => LIST_ASIDE.rows(pool);

/** With what the platform sent; null when nothing of this id was put aside. */
export const findAside = (pool: Pool, id: string) => FIND_ASIDE.first(pool, [id]);

const COLUMNS = {
  id: z.string(),
  state: z.enum(['failed', 'unreadable']),
  at: z.date(),
  attempts: z.int(),
  nextAt: z.date().nullable(),
  error: z.string().nullable(),
};

export const LIST_ASIDE = statement(
  COLUMNS,
  `
  SELECT id, state, at, attempts, next_at AS "nextAt", error FROM inbound_update
  WHERE state IN ('failed', 'unreadable') ORDER BY seq DESC`,
);

export const FIND_ASIDE = statement(
  { ...COLUMNS, payload: z.unknown() },
  `
  SELECT id, state, at, attempts, next_at AS "nextAt", error, payload FROM inbound_update
  WHERE id = $1 AND state IN ('failed', 'unreadable')`,
);
