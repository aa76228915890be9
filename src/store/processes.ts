import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import type { ProcessRecords, ProcessWrites, StoredProcess } from '../process/stored.ts';
import { CURRENT } from './current.ts';
import { stopPlanners } from './plannerLock.ts';
import { TEXTS } from './shapes.ts';
import { type Queryable, statement } from './statement.ts';

export function createProcesses({ pool }: { pool: Queryable }): ProcessRecords & ProcessWrites {
  const now = async (lenient = false): Promise<StoredProcess> => {
    const row = await NOW.first(pool);
    if (!row) throw new Error('The table of processes is empty.');
    return read(row).catch((error) => {
      if (lenient && error instanceof UserError) return { ...row, definition: null };
      throw error;
    });
  };
  return {
    now: () => now(),
    toReplace: () => now(true),
    async hold() {
      await pool.query(HOLD);
      return now(true);
    },
    current: async () => (await now()).definition,
    list: () => LIST.rows(pool),
    async named(key) {
      const row = await NAMED.first(pool, [key]);
      return row && read(row);
    },
    published: async () => (await PUBLISHED.first(pool))?.number ?? null,
    async versions(process) {
      const { processSchema } = await import('../process/schema.ts');
      return (await VERSIONS.rows(pool, [process])).map(({ definition, ...version }) => ({
        ...version,
        definition: processSchema.safeParse(definition).data ?? null,
      }));
    },
    async apply(definition, by = null, key = 'process') {
      const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
      const { rowCount } = await pool.query(APPLY, [key, JSON.stringify(definition), hash, by]);
      return (rowCount ?? 0) > 0;
    },
    closing: async (id) => (await CLOSING.first(pool, [id])) ?? { notices: 0, speaking: 0 },
    async close(id, by, at) {
      await stopPlanners(pool);
      return (await CLOSE.first(pool, [id, by, at])) !== null;
    },
  };
}

type Row = Omit<StoredProcess, 'definition'> & { definition: unknown };

/** Commands that need no definition do without what checks it. */
async function read({ definition, ...row }: Row): Promise<StoredProcess> {
  if (definition === null) return { ...row, definition };
  const { readDefinition } = await import('../process/stored.ts');
  return { ...row, definition: readDefinition(definition, `the process ${row.key}`) };
}

const PROCESS = {
  id: z.int(),
  key: z.string().nullable(),
  definition: z.unknown(),
  appliedBy: z.string().nullable(),
  openedAt: z.date(),
  closedAt: z.date().nullable(),
};

const APPLIED_BY = '(SELECT v.by FROM process_version v WHERE v.process_id = p.id ORDER BY v.number DESC LIMIT 1)';

export const NOW = statement(
  PROCESS,
  `
  SELECT id, key, definition, ${APPLIED_BY} AS "appliedBy", created_at AS "openedAt", closed_at AS "closedAt" FROM process p WHERE id = ${CURRENT}`,
);

export const NAMED = statement(
  PROCESS,
  `
  SELECT id, key, definition, ${APPLIED_BY} AS "appliedBy", created_at AS "openedAt", closed_at AS "closedAt" FROM process p WHERE key = $1`,
);

export const LIST = statement(
  {
    id: PROCESS.id,
    key: z.string(),
    name: TEXTS,
    openedAt: PROCESS.openedAt,
    closedAt: PROCESS.closedAt,
    contributions: z.int(),
  },
  `
  SELECT id, key, definition->'name' AS name, created_at AS "openedAt", closed_at AS "closedAt",
    (SELECT count(*)::int FROM contribution c WHERE c.process_id = p.id) AS contributions
  FROM process p WHERE key IS NOT NULL ORDER BY id`,
);

export const PUBLISHED = statement(
  { number: z.int().nullable() },
  `SELECT max(number) AS number FROM timeline WHERE process_id = ${CURRENT}`,
);

export const VERSIONS = statement(
  { number: z.int(), definition: z.unknown(), by: z.string().nullable(), at: z.date() },
  'SELECT number, definition, by, at FROM process_version WHERE process_id = $1 ORDER BY number',
);

/** Also of whichever comes next; those who only read, or belong to one, wait for nothing. */
const HOLD = 'LOCK TABLE process IN SHARE ROW EXCLUSIVE MODE';

/** An open one that was never applied has no key yet; of two that open the next at the same moment, one fails. */
const APPLY = `
  WITH changed AS (
    UPDATE process SET key = coalesce(key, $1), definition = $2, hash = $3, updated_at = now(),
      created_at = CASE WHEN key IS NULL THEN now() ELSE created_at END
    WHERE closed_at IS NULL AND (hash IS DISTINCT FROM $3 OR definition IS DISTINCT FROM $2::jsonb) RETURNING id, definition
  ), opened AS (
    INSERT INTO process (key, definition, hash) SELECT $1, $2, $3
    WHERE NOT EXISTS (SELECT FROM process WHERE closed_at IS NULL) RETURNING id, definition
  )
  INSERT INTO process_version (process_id, definition, by)
  SELECT id, definition, $4 FROM (SELECT * FROM changed UNION ALL SELECT * FROM opened) AS applied`;

/** Notices of `process` that have not begun and are of no interest once it is closed: all but closing thanks. */
const endsWith = (process: string): string => `
  n.process_id = ${process} AND n.state IN ('draft', 'scheduled', 'paused') AND n.snapshot_at IS NULL AND n.kind <> 'closure'`;

const IS_ASKED = `session->'open'->>'nonce' IS NOT NULL AND status = 'active'`;

export const CLOSING = statement(
  { notices: z.int(), speaking: z.int() },
  `
  SELECT (SELECT count(*)::int FROM notice n WHERE ${endsWith('$1')}) AS notices,
    (SELECT count(*)::int FROM identity WHERE ${IS_ASKED}) AS speaking`,
);

/** By then every conversation sees that it is closed. */
const SEEN_WITHIN = `interval '5 seconds'`;

/**
 * Its notices are cancelled, except answers, closing thanks, and what somebody waits for. Open conversations time out
 * now: the sweep ends them.
 */
export const CLOSE = statement(
  { id: z.int() },
  `
  WITH closed AS (
    UPDATE process SET closed_at = $3, closed_by = $2 WHERE id = $1 AND closed_at IS NULL RETURNING id
  ), dropped AS (
    UPDATE notice n SET state = 'cancelled', done_at = $3 FROM closed c WHERE ${endsWith('c.id')} RETURNING n.id
  ), noted AS (
    INSERT INTO notice_event (notice_id, what, by, detail) SELECT id, 'cancelled', $2, '{"closed": true}' FROM dropped
  ), asked AS MATERIALIZED (
    -- In the order in which turns lock people.
    SELECT id FROM identity WHERE ${IS_ASKED} AND EXISTS (SELECT FROM closed) ORDER BY id FOR NO KEY UPDATE
  ), woken AS (
    UPDATE identity i SET timeout_at = $3::timestamptz + ${SEEN_WITHIN} FROM asked a WHERE i.id = a.id
  )
  SELECT id FROM closed`,
);
