import type { Pool } from 'pg';
import { z } from 'zod';
import type { SearchIndex } from '../contributions/searchIndex.ts';
import { statement } from './statement.ts';

/** By what words contributions are found. */
export function createSearchIndex(pool: Pool): SearchIndex {
  return {
    unindexed: (limit) => UNINDEXED.rows(pool, [limit]),
    keep: async (entries) => void (await pool.query(KEEP, [JSON.stringify(entries)])),
    async compare(limit) {
      const nearest = await NEAREST.rows(pool, [limit]);
      if (nearest.length > 0) await pool.query(KEEP_NEAREST, [JSON.stringify(nearest)]);
      return nearest.length;
    },
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
    UPDATE contribution c SET indexed = true, compared = false FROM still WHERE c.id = still.id
  )
  , outdated AS (
    DELETE FROM similar_contribution s USING still WHERE s.contribution_id = still.id OR s.other_id = still.id
  )
  INSERT INTO contribution_search (contribution_id, process_id, configuration, folded, mark, words)
  SELECT e.id, still.process_id, grammar.name, e.folded, e.mark,
    to_tsvector(grammar.name::regconfig, e.words) || to_tsvector(grammar.name::regconfig, e.folded) || to_tsvector('simple', e.neighbours)
  FROM entry e JOIN still ON still.id = e.id
  CROSS JOIN LATERAL (SELECT coalesce((SELECT cfgname::text FROM pg_ts_config WHERE cfgname = e.configuration AND pg_ts_config_is_visible(oid)), 'simple') AS name) AS grammar
  ON CONFLICT (contribution_id) DO UPDATE SET configuration = excluded.configuration, folded = excluded.folded,
    mark = excluded.mark, words = excluded.words`;

/** Long texts of one language share four in ten of their trigrams, whatever they say. */
const LEAST = 0.5;
const MOST_NEAREST = 5;

/** Without a lock: to look for the nearest takes long. Of each the five nearest of its process, also none. */
export const NEAREST = statement(
  { id: z.string(), updatedAt: z.date(), nearest: z.array(z.object({ id: z.string(), similarity: z.number() })) },
  `
  SELECT c.id, c.updated_at AS "updatedAt", coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', n.contribution_id, 'similarity', n.similarity)) FROM (
      SELECT o.contribution_id, similarity(o.folded, s.folded) AS similarity FROM contribution_search o
      WHERE o.process_id = s.process_id AND o.contribution_id <> s.contribution_id
      ORDER BY o.folded <-> s.folded LIMIT ${MOST_NEAREST}) AS n
    WHERE n.similarity >= ${LEAST}), '[]') AS nearest
  FROM contribution c JOIN contribution_search s ON s.contribution_id = c.id
  WHERE c.indexed AND NOT c.compared ORDER BY c.id LIMIT $1`,
);

/** What has changed meanwhile is looked at again, and what is held by another as well. */
const KEEP_NEAREST = `
  WITH entry AS MATERIALIZED (
    SELECT e.* FROM jsonb_to_recordset($1) AS e(id uuid, "updatedAt" timestamptz, nearest jsonb)
  ), still AS MATERIALIZED (
    SELECT c.id FROM contribution c JOIN entry e ON e.id = c.id AND e."updatedAt" = c.updated_at
    ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
  ), compared AS (
    UPDATE contribution c SET compared = true FROM still WHERE c.id = still.id
  )
  INSERT INTO similar_contribution (contribution_id, other_id, similarity)
  SELECT e.id, near.id, near.similarity FROM entry e JOIN still ON still.id = e.id
  CROSS JOIN LATERAL jsonb_to_recordset(e.nearest) AS near(id uuid, similarity real)
  ON CONFLICT (contribution_id, other_id) DO UPDATE SET similarity = excluded.similarity`;
