import { z } from 'zod';
import type { Links } from '../people/links.ts';
import { processOr } from './current.ts';
import { type Queryable, statement } from './statement.ts';

export function createLinks(db: Queryable): Links {
  return {
    keep: async ({ source, flow }) =>
      void (await db.query('INSERT INTO link (source, flow) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        source,
        flow ?? '',
      ])),
    arrivals: (process = null) => ARRIVALS.rows(db, [process]),
  };
}

const OF = processOr('$1');
/** People who arrive after one process was closed count for the next. */
const BEGINS = `(SELECT coalesce(max(closed_at), '-infinity') FROM process WHERE id < ${OF})`;
const ENDS = `(SELECT coalesce(min(closed_at), 'infinity') FROM process WHERE id = ${OF} AND EXISTS (SELECT FROM process WHERE id > ${OF}))`;

export const ARRIVALS = statement(
  {
    source: z.string(),
    flows: z.array(z.string().nullable()),
    createdAt: z.date().nullable(),
    arrivals: z.int(),
    contributed: z.int(),
  },
  `
  SELECT source, coalesce(l.flows, '{}') AS flows, l.created_at AS "createdAt", coalesce(a.arrivals, 0) AS arrivals,
    coalesce(a.contributed, 0) AS contributed
  FROM (
    SELECT source, array_agg(nullif(flow, '') ORDER BY flow) AS flows, min(created_at) AS created_at FROM link
    WHERE process_id = ${OF} GROUP BY source
  ) AS l
  FULL JOIN (
    SELECT i.source, count(*)::int AS arrivals,
      count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM contribution c WHERE c.process_id = ${OF} AND c.identity_id = i.id AND c.state <> 'withdrawn'))::int AS contributed
    FROM identity i WHERE i.source IS NOT NULL AND i.joined_at >= ${BEGINS} AND i.joined_at < ${ENDS} GROUP BY i.source
  ) AS a USING (source)
  ORDER BY arrivals DESC, source`,
);
