import { z } from 'zod';
import type { PersonRecord, PersonRecords } from '../people/record.ts';
import { namePatterns } from './erasure.ts';
import { type Queryable, statement } from './statement.ts';

/** All that is kept of one person: whole rows, so that a new column is in it. */
export function createPersonRecords(db: Queryable): PersonRecords {
  return {
    find: (name) => FIND_AUTHOR.first(db, [name]),
    of: (contributorId) => recordOf(db, contributorId),
    async *files(contributorId) {
      for (const { id } of await FILE_IDS.rows(db, [contributorId])) {
        const file = await FILE.first(db, [id]);
        if (file) yield file;
      }
    },
  };
}

async function recordOf(db: Queryable, contributorId: string): Promise<PersonRecord> {
  const patterns = namePatterns(await NAMES.rows(db, [contributorId]));
  const parts = await RECORD.rows(db, [contributorId, patterns]);
  return Object.fromEntries(parts.map(({ part, rows }) => [part, rows]));
}

/** A pseudonym is what belongs together in an export. */
export const FIND_AUTHOR = statement(
  { contributorId: z.string(), identities: z.int(), contributions: z.int() },
  `
  SELECT i.contributor_id AS "contributorId", count(*)::int AS identities,
    (SELECT count(*) FROM contribution c WHERE c.contributor_id = i.contributor_id)::int AS contributions
  FROM identity i
  WHERE i.kind = 'person' AND i.status <> 'erased'
    AND i.contributor_id::text IN (lower($1), (SELECT c.contributor_id::text FROM contribution c WHERE c.reference = $1))
  GROUP BY i.contributor_id`,
);

export const NAMES = statement(
  { key: z.string(), address: z.string() },
  `SELECT key, address FROM identity WHERE contributor_id = $1 AND kind = 'person' AND status <> 'erased'`,
);

export const FILE_IDS = statement(
  { id: z.string() },
  `
  SELECT a.id FROM attachment a JOIN identity i ON i.id = a.identity_id
  WHERE i.contributor_id = $1 AND a.state = 'kept' ORDER BY a.id`,
);

export const FILE = statement(
  { id: z.string(), bytes: z.instanceof(Uint8Array) },
  `SELECT id, bytes FROM attachment WHERE id = $1 AND bytes IS NOT NULL`,
);

/** The rows `t` of a table, or of what is made of it. */
const part = (name: string, from: string, row = 'to_jsonb(t)'): string =>
  `SELECT '${name}' AS part, coalesce(jsonb_agg(${row}), '[]') AS rows FROM ${from}`;

/** Of the person $1; what nobody could read is theirs where one of the patterns $2 names them. A decision that was not released is the forum's. */
export const RECORD = statement(
  { part: z.string(), rows: z.array(z.record(z.string(), z.unknown())) },
  `
  WITH theirs AS (
    SELECT * FROM identity WHERE contributor_id = $1 AND kind = 'person' AND status <> 'erased'
  ), said AS (
    SELECT * FROM contribution WHERE identity_id IN (SELECT id FROM theirs) ORDER BY submitted_at
  )
  ${[
    part('identity', 'theirs t'),
    part('consent_change', '(SELECT * FROM consent_change WHERE identity_id IN (SELECT id FROM theirs) ORDER BY id) t'),
    part('contribution', 'said t'),
    part('contribution_version', 'contribution_version t JOIN said ON said.id = t.contribution_id'),
    part(
      'response',
      `response t JOIN said ON said.id = t.contribution_id WHERE t.released_at IS NOT NULL`,
      `to_jsonb(t) || jsonb_build_object('reference', said.reference, 'kind', said.kind)`,
    ),
    part('thread', '(SELECT * FROM thread WHERE identity_id IN (SELECT id FROM theirs) ORDER BY opened_at) t'),
    part(
      'thread_message',
      `(SELECT m.* FROM thread_message m JOIN thread d ON d.id = m.thread_id WHERE d.identity_id IN (SELECT id FROM theirs)
        ORDER BY m.id) t`,
    ),
    part(
      'attendance',
      'attendance t WHERE identity_id IN (SELECT id FROM theirs)',
      `to_jsonb(t) || jsonb_build_object('title', (
        SELECT e->'title' FROM process p, jsonb_array_elements(p.definition->'events') e
        WHERE p.id = t.process_id AND e->>'id' = t.event))`,
    ),
    part(
      'attachment',
      'attachment t WHERE identity_id IN (SELECT id FROM theirs)',
      `to_jsonb(t) - 'bytes' || jsonb_build_object('size', length(t.bytes))`,
    ),
    part(
      'delivery',
      `(SELECT d.*, n.kind FROM delivery d LEFT JOIN notice n ON n.id = d.notice_id
        WHERE (d.notice_id IS NULL OR d.notice_id = ANY(ARRAY(SELECT id FROM notice))) AND d.identity_id IN (SELECT id FROM theirs)
        ORDER BY d.id) t`,
    ),
    part(
      'inbound_update',
      `inbound_update t WHERE person IN (SELECT key FROM theirs) OR (state = 'unreadable' AND payload::text ~ ANY($2))`,
    ),
    part('member_identity', 'member_identity t WHERE identity_key IN (SELECT key FROM theirs)'),
    part('member_attempt', 'member_attempt t WHERE identity_key IN (SELECT key FROM theirs)'),
    part('home_view', 'home_view t WHERE key IN (SELECT key FROM theirs)'),
  ].join('\n  UNION ALL ')}`,
);
