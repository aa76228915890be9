import type { Pool } from 'pg';
import { z } from 'zod';
import type { SearchIndex } from '../contributions/searchIndex.ts';
import { statement } from './statement.ts';

/** By what words contributions are found. */
export function createSearchIndex(pool: Pool): SearchIndex {
  return {
    unindexed: (limit) => UNINDEXED.rows(pool, [limit]),
    keep: async (entries) => void (await pool.query(KEEP, [JSON.stringify(entries)])),
  };
}

export const UNINDEXED = statement(
  {
    id: z.string(),
    text: z.string(),
    fields: z.record(z.string(), z.unknown()),
    language: z.string(),
    updatedAt: z.date(),
  },
  `
  SELECT id, text, fields, language, updated_at AS "updatedAt" FROM contribution WHERE NOT indexed ORDER BY id LIMIT $1`,
);

/**
 * What a turn, a release or an erasure holds or has changed meanwhile is left for the next time. A server of an older version has not every
 * grammar. Words are indexed as they were written and as they are folded, so that either finds them.
 */
const KEEP = `
  WITH entry AS MATERIALIZED (
    SELECT e.* FROM jsonb_to_recordset($1) AS e(id uuid, "updatedAt" timestamptz, configuration text, words text, folded text,
      neighbours text, mark text)
  ), still AS MATERIALIZED (
    SELECT c.id, c.process_id FROM contribution c JOIN entry e ON e.id = c.id AND e."updatedAt" = c.updated_at
    ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
  ), indexed AS (
    UPDATE contribution c SET indexed = true FROM still WHERE c.id = still.id
  )
  INSERT INTO contribution_search (contribution_id, process_id, configuration, folded, mark, words)
  SELECT e.id, still.process_id, grammar.name, e.folded, e.mark,
    to_tsvector(grammar.name::regconfig, e.words) || to_tsvector(grammar.name::regconfig, e.folded) || to_tsvector('simple', e.neighbours)
  FROM entry e JOIN still ON still.id = e.id
  CROSS JOIN LATERAL (SELECT coalesce((SELECT cfgname::text FROM pg_ts_config WHERE cfgname = e.configuration AND pg_ts_config_is_visible(oid)), 'simple') AS name) AS grammar
  ON CONFLICT (contribution_id) DO UPDATE SET configuration = excluded.configuration, folded = excluded.folded,
    mark = excluded.mark, words = excluded.words`;
