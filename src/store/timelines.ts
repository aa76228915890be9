import { z } from 'zod';
import {
  type NewSnapshot,
  type PublicTimeline,
  type RecordedTimeline,
  type Snapshot,
  snapshotHash,
  type Timelines,
} from '../process/publication.ts';
import { CURRENT } from './current.ts';
import { type Queryable, statement } from './statement.ts';

/** The numbers go on over all processes, so that those of one are all from here on. */
const FIRST = `(SELECT min(number) FROM timeline WHERE process_id = ${CURRENT})`;

/**
 * Whether the identity `i` knows an older timeline of this process than `number`, or was about to when the notice was
 * called back for a newer one. An SQL condition: `number` is an SQL expression.
 */
export const toldCondition = (number: string): string => `
  ((i.timeline_seen < ${number} AND i.timeline_seen >= ${FIRST}) OR EXISTS (
    SELECT 1 FROM delivery t JOIN notice tn ON tn.id = t.notice_id
    WHERE t.identity_id = i.id AND tn.timeline < ${number} AND tn.process_id = ${CURRENT}
      AND (t.state IN ('sent', 'uncertain') OR (t.state = 'skipped' AND t.reason = 'cancelled' AND tn.state = 'cancelled'))))`;

export function createTimelines(db: Queryable): Timelines {
  return {
    async latest() {
      const [newest] = await read(await LATEST.rows(db));
      return newest ?? null;
    },
    list: () => LIST.rows(db),
    async many(numbers) {
      const found = await read(await MANY.rows(db, [numbers]));
      return new Map(found.map((snapshot) => [snapshot.number, snapshot]));
    },
    append: (after, snapshot) => append(db, after, snapshot),
    async lastTold(ids) {
      return new Map((await LAST_TOLD.rows(db, [ids])).map(({ id, number }) => [id, number]));
    },
  };
}

/** Commands that need no timeline do without what checks it. */
async function read(records: RecordedTimeline[]): Promise<Snapshot[]> {
  if (records.length === 0) return [];
  const { readTimeline } = await import('../process/stored.ts');
  return records.map(readTimeline);
}

const SNAPSHOT = {
  number: z.int(),
  process: z.int(),
  definition: z.unknown(),
  publishedAt: z.date(),
  override: z.string().nullable(),
  by: z.string().nullable(),
  before: z.string().nullable(),
  hash: z.string(),
};

export const LATEST = statement(
  SNAPSHOT,
  `
  SELECT number, process_id AS process, definition, published_at AS "publishedAt", override, by, before, hash FROM timeline
  WHERE process_id = ${CURRENT} ORDER BY number DESC LIMIT 1`,
);

export const LIST = statement(
  SNAPSHOT,
  `
  SELECT number, process_id AS process, definition, published_at AS "publishedAt", override, by, before, hash FROM timeline
  ORDER BY number`,
);

export const MANY = statement(
  SNAPSHOT,
  `
  SELECT number, process_id AS process, definition, published_at AS "publishedAt", override, by, before, hash FROM timeline
  WHERE number = ANY($1)`,
);

/** The last of all, which the next one follows, and the number of the current process's newest. */
export const LAST = statement(
  { number: z.int(), hash: z.string(), newest: z.int() },
  `
  SELECT number, hash, (SELECT coalesce(max(number), 0) FROM timeline WHERE process_id = ${CURRENT}) AS newest
  FROM timeline ORDER BY number DESC LIMIT 1`,
);

async function append(db: Queryable, after: number, fresh: NewSnapshot): Promise<Snapshot | null> {
  const last = await LAST.first(db);
  if ((last?.newest ?? 0) !== after) return null;
  const before = last?.hash ?? null;
  const definition = JSON.parse(JSON.stringify(fresh.definition)) as PublicTimeline;
  const record = { ...fresh, definition, before };
  const snapshot = { ...record, number: (last?.number ?? 0) + 1, hash: snapshotHash(record) };
  const added = await APPEND.first(db, [
    ...[snapshot.number, JSON.stringify(definition), snapshot.hash, before],
    ...[fresh.publishedAt, fresh.override, fresh.by],
  ]);
  return added && { ...snapshot, ...added };
}

export const APPEND = statement(
  { process: z.int() },
  `
  INSERT INTO timeline (number, definition, hash, before, published_at, override, by) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (number) DO NOTHING RETURNING process_id AS process`,
);

export const LAST_TOLD = statement(
  { id: z.string(), number: z.int() },
  `
  SELECT id, number FROM (
    SELECT i.id, greatest(i.timeline_seen, (
      SELECT max(n.timeline) FROM delivery d JOIN notice n ON n.id = d.notice_id
      WHERE d.identity_id = i.id AND d.state = 'sent' AND n.timeline IS NOT NULL)) AS number
    FROM identity i WHERE i.id = ANY($1::bigint[])) AS told
  WHERE number >= ${FIRST}`,
);
