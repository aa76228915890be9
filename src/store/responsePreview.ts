import type { Pool } from 'pg';
import type { ReaderResponses, ResponsePreview } from '../domain/decisions.ts';
import type { ResponseItem } from '../domain/response.ts';
import { DUE, itemFor } from './responses.ts';

/** Reader after reader of a release, as far as it is not on its way to them. */
export function createResponsePreview(pool: Pool): ResponsePreview {
  return {
    waiting: async (reader) => read((await pool.query<Row>(WAITING, [reader])).rows),
    released: async (notice, reader) => read((await pool.query<Row>(RELEASED, [notice, reader])).rows),
  };
}

type Row = ResponseItem & Pick<ReaderResponses, 'language' | 'readers'>;

function read(rows: Row[]): ReaderResponses | null {
  const [first] = rows;
  if (!first) return null;
  const items = rows.map(({ language, readers, ...item }) => item);
  return { items, language: first.language, readers: first.readers };
}

const WAITING = `
  WITH due AS MATERIALIZED (${DUE}), reader AS (
    SELECT identity_id, count(*) OVER ()::int AS readers FROM due WHERE status = 'active' AND NOT repeats GROUP BY identity_id
    ORDER BY identity_id OFFSET $1 LIMIT 1
  )
  SELECT i.language, reader.readers, ${itemFor('reader.identity_id')}
  FROM reader JOIN due ON due.identity_id = reader.identity_id AND NOT due.repeats JOIN response r ON r.id = due.id JOIN contribution c ON c.id = r.contribution_id
  JOIN identity i ON i.id = reader.identity_id ORDER BY due.submitted_at, due.id`;

const RELEASED = `
  WITH reader AS (
    SELECT id, identity_id, payload, count(*) OVER ()::int AS readers FROM delivery
    WHERE notice_id = $1 AND state = 'pending' ORDER BY id OFFSET $2 LIMIT 1
  )
  SELECT i.language, reader.readers, ${itemFor('reader.identity_id')}
  FROM reader JOIN identity i ON i.id = reader.identity_id
  CROSS JOIN LATERAL jsonb_array_elements_text(reader.payload->'responses') WITH ORDINALITY AS e(id, place)
  JOIN response r ON r.id = e.id::uuid JOIN contribution c ON c.id = r.contribution_id
  WHERE r.state = 'released' AND r.notice_id = $1 ORDER BY e.place`;
