import type { Pool } from 'pg';
import { z } from 'zod';
import type { AttachmentStore } from '../contributions/attachmentStore.ts';
import type { ChannelName } from '../core/channelName.ts';
import { statement, word } from './statement.ts';

export function createAttachmentStore(pool: Pool): AttachmentStore {
  const run = async (text: string, values: unknown[]) => void (await pool.query(text, values));
  return {
    take: (channels, limit) => TAKE.rows(pool, [channels, limit]),
    keep: (id, bytes) =>
      run(`UPDATE attachment SET state = 'kept', bytes = $2, reason = NULL WHERE id = $1`, [id, bytes]),
    refuse: (id, reason) => run(`UPDATE attachment SET state = 'refused', reason = $2 WHERE id = $1`, [id, reason]),
    async find(channel, ref) {
      return (await FIND.first(pool, [channel, ref]))?.bytes ?? null;
    },
    async count() {
      return (await COUNT.first(pool)) ?? { wanted: 0, refused: 0 };
    },
  };
}

/** Waits half a minute, doubled with each attempt, up to six hours; if the process dies, the next attempt takes it. */
export const TAKE = statement(
  { id: z.string(), channel: word<ChannelName>(), ref: z.string(), attempts: z.int() },
  `
  UPDATE attachment SET attempts = attempts + 1,
    next_at = now() + least(interval '6 hours', interval '30 seconds' * 2 ^ least(attempts, 10))
  WHERE id IN (
    SELECT id FROM attachment WHERE state = 'wanted' AND next_at <= now() AND channel = ANY ($1)
    ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING id, channel, ref, attempts`,
);

export const FIND = statement(
  { bytes: z.instanceof(Uint8Array) },
  `
  SELECT bytes FROM attachment WHERE channel = $1 AND ref = $2 AND state = 'kept' LIMIT 1`,
);

/** One that was fetched at once never counts. */
export const COUNT = statement(
  { wanted: z.int(), refused: z.int() },
  `
  SELECT count(*) FILTER (WHERE state = 'wanted' AND attempts > 1)::int AS wanted,
    count(*) FILTER (WHERE state = 'refused')::int AS refused
  FROM attachment WHERE state <> 'kept'`,
);
