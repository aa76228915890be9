import type { Pool } from 'pg';
import type { AttachmentStore, WantedAttachment } from '../domain/attachmentStore.ts';

export function createAttachmentStore(pool: Pool): AttachmentStore {
  const run = async (text: string, values: unknown[]) => void (await pool.query(text, values));
  return {
    async take(channels, limit) {
      return (await pool.query<WantedAttachment>(TAKE, [channels, limit])).rows;
    },
    keep: (id, bytes) =>
      run(`UPDATE attachment SET state = 'kept', bytes = $2, reason = NULL WHERE id = $1`, [id, bytes]),
    refuse: (id, reason) => run(`UPDATE attachment SET state = 'refused', reason = $2 WHERE id = $1`, [id, reason]),
    async find(channel, ref) {
      const { rows } = await pool.query<{ bytes: Uint8Array }>(FIND, [channel, ref]);
      return rows[0]?.bytes ?? null;
    },
    async count() {
      const { rows } = await pool.query<{ wanted: number; refused: number }>(COUNT);
      return rows[0] ?? { wanted: 0, refused: 0 };
    },
  };
}

/** Half a minute, doubled with each attempt, up to six hours; a process that dies with it leaves it to the next attempt. */
const TAKE = `
  UPDATE attachment SET attempts = attempts + 1,
    next_at = now() + least(interval '6 hours', interval '30 seconds' * 2 ^ least(attempts, 10))
  WHERE id IN (
    SELECT id FROM attachment WHERE state = 'wanted' AND next_at <= now() AND channel = ANY ($1)
    ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING id::text, channel, ref, attempts`;

const FIND = `SELECT bytes FROM attachment WHERE channel = $1 AND ref = $2 AND state = 'kept' LIMIT 1`;

/** One that was fetched at once never counts. */
const COUNT = `
  SELECT count(*) FILTER (WHERE state = 'wanted' AND attempts > 1)::int AS wanted,
    count(*) FILTER (WHERE state = 'refused')::int AS refused
  FROM attachment WHERE state <> 'kept'`;
