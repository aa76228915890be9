import type { Pool } from 'pg';

/** Platforms repeat an update for a day; after a week nobody asks what was replied. */
export const KEPT_MS = 7 * 86_400_000;

const BATCH = 5_000;

/** Deletes what has served, a batch at a time, so that nobody waits for its locks. Gives how many rows went. */
export function createRetention(pool: Pool): (before: Date) => Promise<number> {
  async function inBatches(statement: string, before: Date): Promise<number> {
    let rows = 0;
    for (let count = BATCH; count === BATCH; rows += count)
      count = (await pool.query(statement, [before, BATCH])).rowCount ?? 0;
    return rows;
  }
  return async (before) => {
    let gone = 0;
    for (const statement of [UPDATES, UNREADABLE, REPLIES, ATTACHMENTS]) gone += await inBatches(statement, before);
    await inBatches(NEEDED_ATTACHMENTS, before);
    return gone;
  };
}

/** After a month nobody will make a parser read it any more, and it holds somebody's words. */
const UNREADABLE = `
  DELETE FROM inbound_update WHERE id IN (
    SELECT id FROM inbound_update WHERE at < $1::timestamptz - interval '23 days' AND state = 'unreadable'
    LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** One that was never handled stays until somebody has looked at it. */
const UPDATES = `
  DELETE FROM inbound_update WHERE id IN (
    SELECT id FROM inbound_update WHERE at < $1 AND state = 'done' LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Replies of a turn: they repeat what people said, and nothing counts them. What has not gone by now answers nobody any more. */
const REPLIES = `
  DELETE FROM delivery WHERE id IN (
    SELECT id FROM delivery WHERE created_at < $1 AND notice_id IS NULL AND thread_id IS NULL AND (settled_at IS NOT NULL OR state = 'pending')
    LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Whether a conversation or contribution of its sender names the file. */
const NEEDED = `EXISTS (
  SELECT FROM identity i WHERE i.id = a.identity_id AND (position(a.ref IN coalesce(i.session::text, '')) > 0 OR EXISTS (
    SELECT FROM contribution c WHERE c.contributor_id = i.contributor_id
      AND c.attachments @> jsonb_build_array(jsonb_build_object('ref', a.ref))) OR EXISTS (
    SELECT FROM thread t JOIN thread_message m ON m.thread_id = t.id WHERE t.identity_id = i.id
      AND m.attachments @> jsonb_build_array(jsonb_build_object('ref', a.ref)))))`;

/** Files that nobody gave to the forum in the end, or that were taken back or replaced. */
const ATTACHMENTS = `
  DELETE FROM attachment WHERE id IN (
    SELECT a.id FROM attachment a WHERE a.needed_at < $1 AND NOT ${NEEDED} LIMIT $2 FOR UPDATE OF a SKIP LOCKED)`;

/** Those that are left are looked at again when as much time has passed. */
const NEEDED_ATTACHMENTS = `
  UPDATE attachment SET needed_at = $1 WHERE id IN (
    SELECT a.id FROM attachment a WHERE a.needed_at < $1 AND ${NEEDED} LIMIT $2 FOR UPDATE OF a SKIP LOCKED)`;
