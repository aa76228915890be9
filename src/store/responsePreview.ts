import type { Pool } from 'pg';
import { z } from 'zod';
import type { ChannelName } from '../core/channelName.ts';
import { DECISIONS } from '../responses/decision.ts';
import type { ReaderResponses, ResponsePreview } from '../responses/ports.ts';
import { CURRENT } from './current.ts';
import { DUE, dueOf, scoped } from './dueResponses.ts';
import { ITEM_COLUMNS, itemFor } from './responses.ts';
import { statement, word } from './statement.ts';

/** Reader after reader of a release, as far as it is not on its way to them. */
export function createResponsePreview(pool: Pool): ResponsePreview {
  return {
    list: (scope) => LIST.rows(pool, scoped(scope)),
    async of(reference) {
      const row = await ONE.first(pool, [reference]);
      if (!row) return null;
      const { state, channel, language, beside, ...item } = row;
      return { item, state, channel, language, beside };
    },
    waiting: async (reader) => together(await WAITING.rows(pool, [reader])),
    released: async (notice, reader) => together(await RELEASED.rows(pool, [notice, reader])),
  };
}

function together(rows: z.output<typeof WAITING.row>[]): ReaderResponses | null {
  const [first] = rows;
  if (!first) return null;
  const items = rows.map(({ language, readers, ...item }) => item);
  return { items, language: first.language, readers: first.readers };
}

const READER_COLUMNS = { language: z.string().nullable(), readers: z.int(), ...ITEM_COLUMNS };

export const WAITING = statement(
  READER_COLUMNS,
  `
  WITH due AS MATERIALIZED (${DUE} AND c.process_id = ${CURRENT}), reader AS (
    SELECT identity_id, count(*) OVER ()::int AS readers
    FROM due WHERE status = 'active' AND NOT repeats
    GROUP BY identity_id ORDER BY identity_id OFFSET $1 LIMIT 1
  )
  SELECT i.language, reader.readers, ${itemFor('reader.identity_id')}
  FROM reader
  JOIN due ON due.identity_id = reader.identity_id AND NOT due.repeats
  JOIN response r ON r.id = due.id
  JOIN contribution c ON c.id = r.contribution_id
  JOIN identity i ON i.id = reader.identity_id
  ORDER BY due.submitted_at, due.id`,
);

export const RELEASED = statement(
  READER_COLUMNS,
  `
  WITH reader AS (
    SELECT id, identity_id, payload, count(*) OVER ()::int AS readers
    FROM delivery WHERE notice_id = $1 AND state = 'pending' ORDER BY id OFFSET $2 LIMIT 1
  )
  SELECT i.language, reader.readers, ${itemFor('reader.identity_id')}
  FROM reader
  JOIN identity i ON i.id = reader.identity_id
  CROSS JOIN LATERAL jsonb_array_elements_text(reader.payload->'responses') WITH ORDINALITY AS e(id, place)
  JOIN response r ON r.id = e.id::uuid
  JOIN contribution c ON c.id = r.contribution_id
  WHERE r.state = 'released' AND r.notice_id = $1 ORDER BY e.place`,
);

export const LIST = statement(
  {
    reference: z.string(),
    decision: z.enum(DECISIONS),
    replaces: z.boolean(),
    repeats: z.boolean(),
    reachable: z.boolean(),
  },
  `
  SELECT c.reference, r.decision, due.had IS NOT NULL AS replaces, due.repeats, due.status = 'active' AS reachable
  FROM (${dueOf(1)}) AS due
  JOIN response r ON r.id = due.id
  JOIN contribution c ON c.id = r.contribution_id
  ORDER BY c.submitted_at, c.id`,
);

/** \`beside\`: other answers that wait for the same reader. */
export const ONE = statement(
  {
    state: z.enum(['approved', 'released', 'delivered']),
    channel: word<ChannelName>(),
    language: z.string().nullable(),
    ...ITEM_COLUMNS,
    beside: z.int(),
  },
  `
  SELECT r.state, i.channel, i.language, ${itemFor('i.id')},
    (SELECT count(*)::int FROM (${DUE}) AS due
     WHERE due.identity_id = i.id AND due.id <> r.id AND NOT due.repeats) AS beside
  FROM contribution c
  JOIN response r ON r.contribution_id = c.id
  JOIN identity i ON i.id = c.identity_id
  WHERE c.reference = $1 AND r.state IN ('approved', 'released', 'delivered')
  ORDER BY r.number DESC LIMIT 1`,
);
