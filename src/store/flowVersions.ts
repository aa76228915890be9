import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { FlowVersionStore } from '../conversation/flowVersions.ts';
import type { Scripts } from '../conversation/liveScript.ts';
import { statement } from './statement.ts';

/** Every version of a flow that ever ran: sessions stay on the one they began with, whatever is deployed meanwhile. */
export function createFlowVersionStore(pool: Pool): FlowVersionStore {
  return {
    async keep(versions) {
      await pool.query(
        `INSERT INTO flow_version (flow, version, definition)
         SELECT flow, version, definition FROM jsonb_to_recordset($1) AS v(flow text, version text, definition jsonb)
         ON CONFLICT (flow, version) DO NOTHING`,
        [JSON.stringify(versions)],
      );
    },
    find: (versions) => FIND.rows(pool, [JSON.stringify(versions)]),
  };
}

export const FIND = statement(
  { flow: z.string(), version: z.string(), definition: z.unknown() },
  `
  SELECT f.flow, f.version, f.definition FROM flow_version f
  JOIN jsonb_to_recordset($1) AS v(flow text, version text) ON f.flow = v.flow AND f.version = v.version`,
);

/** The files of a deployment's flows and texts, each time they changed. */
export function createScripts(pool: Pool): Scripts {
  return {
    async keep(files) {
      const text = JSON.stringify(Object.fromEntries(Object.entries(files).sort()));
      const hash = createHash('sha256').update(text).digest('hex');
      return (await KEEP.first(pool, [hash, text]))?.number ?? 0;
    },
    newest: (after) => NEWEST.first(pool, [after]),
  };
}

export const KEEP = statement(
  { number: z.int() },
  `
  WITH newest AS (SELECT number, hash FROM script ORDER BY number DESC LIMIT 1),
  kept AS (
    INSERT INTO script (hash, files) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM newest WHERE hash = $1) RETURNING number
  )
  SELECT coalesce((SELECT number FROM kept), (SELECT number FROM newest)) AS number`,
);

export const NEWEST = statement(
  { number: z.int(), files: z.record(z.string(), z.string()) },
  'SELECT number, files FROM script WHERE number > $1 ORDER BY number DESC LIMIT 1',
);
