import type { Pool } from 'pg';

const BATCH = 5_000;

/** Deletes what has served, a batch at a time, so that nobody waits for its locks. Gives how many rows went. */
export function createTidy(pool: Pool): (before: Date) => Promise<number> {
  return async (before) => {
    let gone = 0;
    for (const statement of [UPDATES, REPLIES, ATTACHMENTS]) {
      for (let count = BATCH; count === BATCH; gone += count)
        count = (await pool.query(statement, [before, BATCH])).rowCount ?? 0;
    }
    return gone;
  };
}

/** One that was never handled stays until somebody has looked at it. */
const UPDATES = `
  DELETE FROM inbound_update WHERE id IN (
    SELECT id FROM inbound_update WHERE at < $1 AND state = 'done' LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Replies of a turn: they repeat what people said, and nothing counts them. */
const REPLIES = `
  DELETE FROM delivery WHERE id IN (
    SELECT id FROM delivery WHERE created_at < $1 AND notice_id IS NULL AND settled_at IS NOT NULL
    LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Files that nobody gave to the forum in the end: looked at for three days, then what is left belongs to a contribution. */
const ATTACHMENTS = `
  DELETE FROM attachment WHERE id IN (
    SELECT a.id FROM attachment a JOIN identity i ON i.id = a.identity_id
    WHERE a.at < $1 AND a.at > $1::timestamptz - interval '3 days'
      AND position(a.ref IN coalesce(i.session::text, '')) = 0
      AND NOT EXISTS (SELECT FROM contribution c WHERE c.contributor_id = i.contributor_id
        AND c.attachments @> jsonb_build_array(jsonb_build_object('ref', a.ref)))
    LIMIT $2 FOR UPDATE OF a SKIP LOCKED)`;
