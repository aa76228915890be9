import type { Pool } from 'pg';
import { z } from 'zod';
import type { FlowVersions } from '../domain/ports.ts';
import { statement } from './statement.ts';

/** Every version of a flow that ever ran: sessions go on in the one they began with, whatever is deployed meanwhile. */
export function createFlowVersions(pool: Pool): FlowVersions {
  return {
    async keep(versions) {
      await pool.query(
        `INSERT INTO flow_version (flow, version, definition)
         SELECT flow, version, definition FROM jsonb_to_recordset($1) AS v(flow text, version text, definition jsonb)
         ON CONFLICT (flow, version) DO NOTHING`,
        [JSON.stringify(versions)],
      );
    },
    async find(versions) {
      const rows = await FIND.rows(pool, [JSON.stringify(versions)]);
      return rows.map((row) => row.definition);
    },
  };
}

export const FIND = statement(
  { definition: z.unknown() },
  `
  SELECT f.definition FROM flow_version f
  JOIN jsonb_to_recordset($1) AS v(flow text, version text) ON f.flow = v.flow AND f.version = v.version`,
);
