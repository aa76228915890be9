import type { Pool } from 'pg';
import {
  type NewSnapshot,
  type PublicTimeline,
  type Snapshot,
  snapshotHash,
  type Timelines,
} from '../domain/publication.ts';

/**
 * Whether the identity `i` was told a timeline older than `number`, or was about to be when the notice was called back for a
 * newer one. An SQL condition: `number` is an SQL expression.
 */
export const toldCondition = (number: string): string => `
  (i.timeline_seen < ${number} OR EXISTS (
    SELECT 1 FROM delivery t JOIN notice tn ON tn.id = t.notice_id
    WHERE t.identity_id = i.id AND tn.timeline < ${number}
      AND (t.state IN ('sent', 'uncertain') OR (t.state = 'skipped' AND t.reason = 'cancelled' AND tn.state = 'cancelled'))))`;

export function createTimelines(pool: Pool): Timelines {
  const snapshots = async (rest: string, values: unknown[] = []) =>
    (await pool.query<Snapshot>(`${SELECT} ${rest}`, values)).rows;
  return {
    latest: async () => (await snapshots('ORDER BY number DESC LIMIT 1'))[0] ?? null,
    list: () => snapshots('ORDER BY number'),
    async many(numbers) {
      const found = await snapshots('WHERE number = ANY($1)', [numbers]);
      return new Map(found.map((snapshot) => [snapshot.number, snapshot]));
    },
    append: (after, snapshot) => append(pool, after, snapshot),
    async lastTold(ids) {
      const { rows } = await pool.query<{ id: string; number: number }>(LAST_TOLD, [ids]);
      return new Map(rows.map(({ id, number }) => [id, number]));
    },
  };
}

const SELECT = `
  SELECT number, definition, published_at AS "publishedAt", override, by, before, hash FROM timeline`;

async function append(pool: Pool, after: number, fresh: NewSnapshot): Promise<Snapshot | null> {
  const { rows } = await pool.query<{ hash: string }>('SELECT hash FROM timeline WHERE number = $1', [after]);
  if (after > 0 && rows.length === 0) return null;
  const before = rows[0]?.hash ?? null;
  const definition = JSON.parse(JSON.stringify(fresh.definition)) as PublicTimeline;
  const record = { ...fresh, definition, before };
  const snapshot = { ...record, number: after + 1, hash: snapshotHash(record) };
  const { rowCount } = await pool.query(APPEND, [
    ...[snapshot.number, JSON.stringify(definition), snapshot.hash, before],
    ...[fresh.publishedAt, fresh.override, fresh.by],
  ]);
  return rowCount === 1 ? snapshot : null;
}

const APPEND = `
  INSERT INTO timeline (number, definition, hash, before, published_at, override, by) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (number) DO NOTHING`;

const LAST_TOLD = `
  SELECT id, number FROM (
    SELECT i.id, greatest(i.timeline_seen, (
      SELECT max(n.timeline) FROM delivery d JOIN notice n ON n.id = d.notice_id
      WHERE d.identity_id = i.id AND d.state = 'sent' AND n.timeline IS NOT NULL)) AS number
    FROM identity i WHERE i.id = ANY($1::bigint[])) AS told
  WHERE number IS NOT NULL`;
