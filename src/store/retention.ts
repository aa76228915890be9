import type { Pool } from 'pg';
import type { KeptSince } from '../process/retention.ts';

const BATCH = 5_000;

/** Lets go of what has served, a batch at a time, so that nobody waits for its locks. Gives how many rows went. */
export function createRetention(pool: Pool): (since: KeptSince) => Promise<number> {
  async function inBatches(statement: string, before: Date): Promise<number> {
    let rows = 0;
    for (let count = BATCH; count === BATCH; rows += count)
      count = (await pool.query(statement, [before, BATCH])).rowCount ?? 0;
    return rows;
  }
  return async (since) => {
    let gone = 0;
    await inBatches(SESSIONS, since.sessions);
    await inBatches(WHERE_DELIVERED, since.deliveries);
    for (const statement of FILES_OF_ENDED) await inBatches(statement, since.attachments);
    await inBatches(AUTHORS, since.authors);
    await inBatches(BROUGHT, since.authors);
    for (const statement of [UPDATES, ATTACHMENTS]) gone += await inBatches(statement, since.inbox);
    gone += await inBatches(UNREADABLE, since.unreadable);
    gone += await inBatches(REPLIES, since.replies);
    await inBatches(NEEDED_ATTACHMENTS, since.inbox);
    return gone;
  };
}

/** After a month nobody will make a parser read it any more, and it holds somebody's words. */
const UNREADABLE = `
  DELETE FROM inbound_update WHERE id IN (
    SELECT id FROM inbound_update WHERE at < $1 AND state = 'unreadable'
    LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Platforms repeat an update for a day. One that was never handled stays until somebody has looked at it. */
const UPDATES = `
  DELETE FROM inbound_update WHERE id IN (
    SELECT id FROM inbound_update WHERE at < $1 AND state = 'done' LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Replies of a turn: nothing counts them, and receipts go with what they are of. What has not gone by now answers nobody any more. */
const REPLIES = `
  DELETE FROM delivery WHERE id IN (
    SELECT id FROM delivery WHERE created_at < $1 AND notice_id IS NULL AND thread_id IS NULL AND NOT receipt AND (settled_at IS NOT NULL OR state = 'pending')
    LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** What somebody began and left. A turn that is under way is computed again, without it. */
const SESSIONS = `
  UPDATE identity SET session = NULL, asked_in = NULL, timeout_at = NULL, busy_until = NULL, turn = turn + 1 WHERE id IN (
    SELECT id FROM identity WHERE session IS NOT NULL AND seen_at < $1 LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)`;

/** What has become of a notice stays; where in each chat it stands is only of use to change it there. */
const WHERE_DELIVERED = `
  UPDATE delivery SET refs = NULL WHERE id IN (
    SELECT d.id FROM delivery d WHERE d.refs IS NOT NULL AND d.notice_id = ANY(ARRAY(SELECT id FROM notice WHERE done_at < $1))
    LIMIT $2 FOR UPDATE OF d SKIP LOCKED)`;

/** A contribution or a thread, called `row`, is of a process that ended before $1. */
const ofEnded = (row: 'c' | 't'): string =>
  `EXISTS (SELECT FROM process p WHERE p.id = ${row}.process_id AND p.closed_at < $1)`;

/** That there was a file stays; the file is needed by nobody then. */
const FILES_GONE = `(
  SELECT jsonb_agg(jsonb_build_object('kind', a->'kind', 'ref', '', 'mime', NULL, 'name', NULL, 'size', NULL))
  FROM jsonb_array_elements(attachments) AS a)`;
const HAS_FILES = `attachments @? '$[*] ? (@.ref != "")'`;

const FILES_OF_ENDED = [
  `UPDATE contribution SET attachments = ${FILES_GONE} WHERE id IN (
     SELECT c.id FROM contribution c WHERE ${ofEnded('c')} AND c.${HAS_FILES} LIMIT $2 FOR NO KEY UPDATE OF c SKIP LOCKED)`,
  `UPDATE contribution_version SET attachments = ${FILES_GONE} WHERE (contribution_id, version) IN (
     SELECT v.contribution_id, v.version FROM contribution c JOIN contribution_version v ON v.contribution_id = c.id
     WHERE ${ofEnded('c')} AND v.${HAS_FILES} LIMIT $2 FOR UPDATE OF v SKIP LOCKED)`,
  `UPDATE thread_message SET attachments = ${FILES_GONE} WHERE id IN (
     SELECT m.id FROM thread t JOIN thread_message m ON m.thread_id = t.id WHERE ${ofEnded('t')} AND m.${HAS_FILES}
     LIMIT $2 FOR UPDATE OF m SKIP LOCKED)`,
];

/** Files without the messages that brought them. */
const withoutMessages = (files: string): string =>
  `(SELECT coalesce(jsonb_agg(a - 'messageId'), '[]') FROM jsonb_array_elements(${files}) AS a)`;

/**
 * What was answered, or taken back, in a process that ended: from then on it is nobody's, each author's apart. What is still
 * owed keeps the one whom it is owed to.
 */
const AUTHORS = `
  WITH old AS MATERIALIZED (
    SELECT c.id, c.reference, c.identity_id, c.channel, c.version FROM contribution c JOIN identity i ON i.id = c.identity_id
    WHERE ${ofEnded('c')} AND c.state IN ('delivered', 'withdrawn', 'set_aside') AND i.status <> 'erased'
      AND NOT EXISTS (SELECT FROM thread t WHERE t.contribution_id = c.id AND t.state = 'open')
    ORDER BY c.identity_id LIMIT $2 FOR NO KEY UPDATE OF c SKIP LOCKED
  ), author AS MATERIALIZED (
    SELECT identity_id, channel, gen_random_uuid() AS nobody FROM (SELECT DISTINCT identity_id, channel FROM old) AS each
  ), nobody AS (
    INSERT INTO identity (key, contributor_id, channel, address, status)
    SELECT 'erased:' || nobody, nobody, channel, '', 'erased' FROM author RETURNING id, contributor_id
  ), earlier AS (
    DELETE FROM contribution_version v USING old WHERE v.contribution_id = old.id AND v.version <> old.version
  ), latest AS (
    UPDATE contribution_version v SET attachments = ${withoutMessages('v.attachments')}
    FROM old WHERE v.contribution_id = old.id AND v.version = old.version
  ), about AS MATERIALIZED (
    SELECT t.id, n.id AS nobody FROM thread t JOIN old ON old.id = t.contribution_id
    JOIN author a ON a.identity_id = old.identity_id AND a.channel = old.channel JOIN nobody n ON n.contributor_id = a.nobody
  ), asked AS (
    UPDATE thread t SET identity_id = about.nobody FROM about WHERE t.id = about.id
  ), in_chat AS (
    UPDATE thread_message m SET message_id = NULL, earlier = '[]', attachments = ${withoutMessages('m.attachments')}
    FROM about WHERE m.thread_id = about.id
  ), told AS (
    DELETE FROM delivery d USING about WHERE d.thread_id = about.id
  ), receipts AS (
    DELETE FROM delivery d USING old WHERE d.identity_id = old.identity_id AND d.receipt
      AND d.refs @> jsonb_build_array(jsonb_build_object('contribution', old.reference))
  )
  UPDATE contribution c SET identity_id = n.id, contributor_id = n.contributor_id, attribution = 'nobody',
    attribution_name = NULL, source = NULL, parts = '[]', attachments = ${withoutMessages('c.attachments')}
  FROM old JOIN author a ON a.identity_id = old.identity_id AND a.channel = old.channel
    JOIN nobody n ON n.contributor_id = a.nobody
  WHERE c.id = old.id`;

/** By what a message has brought its reader would be known as the author of what it answers. */
const BROUGHT = `
  UPDATE delivery SET payload = NULL, refs = NULL WHERE id IN (
    SELECT d.id FROM delivery d WHERE d.payload IS NOT NULL AND d.state IN ('sent', 'failed', 'skipped') AND d.notice_id = ANY(ARRAY(
      SELECT n.id FROM notice n JOIN process p ON p.id = n.process_id WHERE n.kind = 'response' AND p.closed_at < $1))
      AND NOT EXISTS (SELECT FROM response r JOIN contribution c ON c.id = r.contribution_id
        WHERE r.notice_id = d.notice_id AND c.identity_id = d.identity_id)
    LIMIT $2 FOR UPDATE OF d SKIP LOCKED)`;

/** Whether a conversation or contribution of its sender names the file. */
const NEEDED = `EXISTS (
  SELECT FROM identity i WHERE i.id = a.identity_id AND (position(a.ref IN coalesce(i.session::text, '')) > 0 OR EXISTS (
    SELECT FROM contribution c WHERE c.contributor_id = i.contributor_id
      AND c.attachments @> jsonb_build_array(jsonb_build_object('ref', a.ref))) OR EXISTS (
    SELECT FROM contribution c JOIN contribution_version v ON v.contribution_id = c.id
    WHERE c.contributor_id = i.contributor_id AND v.attachments @> jsonb_build_array(jsonb_build_object('ref', a.ref))) OR EXISTS (
    SELECT FROM thread t JOIN thread_message m ON m.thread_id = t.id WHERE t.identity_id = i.id
      AND m.attachments @> jsonb_build_array(jsonb_build_object('ref', a.ref)))))`;

/** Files that nobody gave to the forum in the end, or that were taken back; what was replaced stays with its version. */
const ATTACHMENTS = `
  DELETE FROM attachment WHERE id IN (
    SELECT a.id FROM attachment a WHERE a.needed_at < $1 AND NOT ${NEEDED} LIMIT $2 FOR UPDATE OF a SKIP LOCKED)`;

/** Those that are left are looked at again when as much time has passed. */
const NEEDED_ATTACHMENTS = `
  UPDATE attachment SET needed_at = $1 WHERE id IN (
    SELECT a.id FROM attachment a WHERE a.needed_at < $1 AND ${NEEDED} LIMIT $2 FOR UPDATE OF a SKIP LOCKED)`;
