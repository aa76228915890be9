import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { Erased, Erasure, Remains } from '../people/erasure.ts';
import type { ForgetList } from '../people/forgetList.ts';
import { statement } from './statement.ts';
import { transaction } from './transaction.ts';

/** Erases everything that is kept of somebody; a test checks it against every column of the schema. */
export function createErasure(db: Pool | PoolClient, forgetList: ForgetList): Erasure {
  return {
    erase: (contributorId, remains) =>
      transaction(db, (client) => eraseContributor(client, contributorId, remains, forgetList)),
    known: (after, limit) => KNOWN_PEOPLE.rows(db, [after ?? 0, limit]),
  };
}

export const KNOWN_PEOPLE = statement(
  { id: z.string(), contributorId: z.string(), key: z.string(), joinedAt: z.date() },
  `
  SELECT id, contributor_id AS "contributorId", key, joined_at AS "joinedAt" FROM identity
  WHERE id > $1 AND kind = 'person' AND status <> 'erased' ORDER BY id LIMIT $2`,
);

/**
 * Within a transaction. A turn of theirs that is under way becomes stale; what is on its way to them leaves no trace.
 * They are put on the forget list first: if the transaction fails, the list still has them erased later.
 * @param farewell the delivery of the last message to them: it keeps their address until it has gone out
 */
export async function eraseContributor(
  client: PoolClient,
  contributorId: string,
  remains: Remains,
  forgetList: ForgetList,
  farewell: string | null = null,
): Promise<Erased> {
  const theirs = await THEIRS.rows(client, [contributorId]);
  const [first] = theirs;
  if (!first) return { identities: 0, contributions: 0 };
  const keys = theirs.map(({ key }) => key);
  await forgetList.add(keys, remains, first.now);
  const ids = theirs.map(({ id }) => id);
  for (const text of OF_IDENTITIES) await client.query(text, [ids]);
  await client.query(REPLIES, [ids, farewell]);
  for (const text of OF_KEYS) await client.query(text, [keys]);
  await client.query(UNREADABLE, [namePatterns(theirs)]);
  const nobody = await NOBODY.first(client);
  await client.query(RESPONSES, [ids, remains === 'words']);
  const said = await client.query(CONTRIBUTIONS, [ids, nobody?.id, remains === 'words']);
  for (const text of VERSIONS) await client.query(text, [ids]);
  await client.query(IDENTITIES, [ids, nobody?.id]);
  return { identities: ids.length, contributions: said.rowCount ?? 0 };
}

/** The platform's names of somebody, as patterns. */
export const namePatterns = (theirs: { key: string; address: string }[]): string[] =>
  theirs.flatMap(namesOf).map(asWord);

/** Their own of each platform: the third part of the key, and the chat. */
const namesOf = ({ key, address }: { key: string; address: string }): string[] =>
  [key.split(':').slice(2).join(':'), address].filter((name) => name !== '');

/** As a pattern that no longer name holds. */
const asWord = (name: string): string => `(^|\\W)${name.replace(/[^\p{L}\p{N}]/gu, '\\$&')}(\\W|$)`;

export const THEIRS = statement(
  { id: z.string(), key: z.string(), address: z.string(), now: z.date() },
  `
  SELECT id, key, address, now() AS now FROM identity
  WHERE contributor_id = $1 AND kind = 'person' AND status <> 'erased' ORDER BY id FOR UPDATE`,
);

/** Their contributions still belong together, and to nobody. */
export const NOBODY = statement({ id: z.string() }, 'SELECT gen_random_uuid() AS id');

const OF_IDENTITIES = [
  'DELETE FROM consent_change WHERE identity_id = ANY($1::bigint[])',
  'DELETE FROM attendance WHERE identity_id = ANY($1::bigint[])',
  'DELETE FROM attachment WHERE identity_id = ANY($1::bigint[])',
  // A decision that was only proposed quotes them.
  `DELETE FROM proposal WHERE contribution_id IN (SELECT id FROM contribution WHERE identity_id = ANY($1::bigint[]))`,
  // Members speak of what it says.
  `DELETE FROM note WHERE contribution_id IN (SELECT id FROM contribution WHERE identity_id = ANY($1::bigint[]))`,
  `DELETE FROM similar_contribution s USING contribution c
   WHERE c.identity_id = ANY($1::bigint[]) AND c.id IN (s.contribution_id, s.other_id)`,
  // By what it is found is made again of the words that stay.
  `DELETE FROM contribution_search WHERE contribution_id IN (SELECT id FROM contribution WHERE identity_id = ANY($1::bigint[]))`,
  `DELETE FROM interest WHERE contribution_id IN (SELECT id FROM contribution WHERE identity_id = ANY($1::bigint[]))`,
  `DELETE FROM decision_draft WHERE contribution_id IN (SELECT id FROM contribution WHERE identity_id = ANY($1::bigint[]))`,
  // What was asked and answered was between them and the members, who were sent it as well.
  `DELETE FROM delivery WHERE thread_id IN (SELECT id FROM thread WHERE identity_id = ANY($1::bigint[])) AND identity_id <> ALL($1::bigint[])`,
  `DELETE FROM thread_message WHERE thread_id IN (SELECT id FROM thread WHERE identity_id = ANY($1::bigint[]))`,
  'DELETE FROM thread WHERE identity_id = ANY($1::bigint[])',
  // What has become of notices is counted; found notice by notice, as their index is.
  `UPDATE delivery SET refs = NULL, payload = payload - 'begun', revision = NULL, lease = NULL, lease_until = NULL,
     state = CASE WHEN state IN ('pending', 'sending') THEN 'skipped' ELSE state END,
     reason = CASE WHEN state IN ('pending', 'sending') THEN 'erased' ELSE reason END,
     settled_at = coalesce(settled_at, now())
   WHERE notice_id = ANY(ARRAY(SELECT id FROM notice)) AND identity_id = ANY($1::bigint[])`,
];

const REPLIES = `
  WITH farewell AS (
    UPDATE delivery d SET address = i.address FROM identity i
    WHERE d.id = $2 AND i.id = d.identity_id AND i.id = ANY($1::bigint[]))
  DELETE FROM delivery WHERE notice_id IS NULL AND identity_id = ANY($1::bigint[]) AND id IS DISTINCT FROM $2::bigint`;

const OF_KEYS = [
  'DELETE FROM home_view WHERE key = ANY($1)',
  'DELETE FROM member_identity WHERE identity_key = ANY($1)',
  'DELETE FROM member_attempt WHERE identity_key = ANY($1)',
  // The platform may repeat them: they count as done.
  `UPDATE inbound_update SET state = 'done', person = NULL, payload = NULL, error = NULL, next_at = NULL
   WHERE person = ANY($1) AND state IN ('waiting', 'failed')`,
  // Where a platform has no name for an update it is called after its person.
  `DELETE FROM inbound_update WHERE EXISTS (SELECT FROM unnest($1::text[]) AS k(key) WHERE starts_with(id, k.key || ':'))`,
];

/** Nobody could read whose these are: each that names them goes. */
const UNREADABLE = `
  UPDATE inbound_update SET state = 'done', payload = NULL, error = NULL
  WHERE state = 'unreadable' AND payload::text ~ ANY($1::text[])`;

/** Whether the words of contribution `c` stay; what was taken back was to be gone. */
const stays = (words: string): string => `(${words} AND c.state <> 'withdrawn')`;
const STAYS = stays('$3::boolean');

/** Contributions that nobody has decided on are withdrawn when their words go. */
const CONTRIBUTIONS = `
  UPDATE contribution c SET contributor_id = $2, attribution = 'nobody', attribution_name = NULL, attachments = '[]',
    source = NULL, parts = '[]', updated_at = now(), indexed = false,
    text = CASE WHEN ${STAYS} THEN c.text ELSE '' END,
    fields = CASE WHEN ${STAYS} THEN c.fields ELSE '{}' END,
    state = CASE WHEN NOT (${STAYS} AND c.text <> '') AND c.state IN ('received', 'triaged') THEN 'withdrawn' ELSE c.state END
  WHERE c.identity_id = ANY($1::bigint[])`;

const VERSIONS = [
  `DELETE FROM contribution_version v USING contribution c
   WHERE c.id = v.contribution_id AND c.identity_id = ANY($1::bigint[]) AND v.version <> c.version`,
  `UPDATE contribution_version v SET text = c.text, fields = c.fields, attachments = '[]' FROM contribution c
   WHERE c.id = v.contribution_id AND c.identity_id = ANY($1::bigint[])`,
];

/** An answer repeats what it answers: its text goes with the words, and the decision stays. */
const RESPONSES = `
  UPDATE response r SET input = '', considered = '', influence = '', reason = '', beyond = '', languages = '{}', translations = '{}'
  FROM contribution c WHERE c.id = r.contribution_id AND c.identity_id = ANY($1::bigint[]) AND NOT ${stays('$2::boolean')}`;

const IDENTITIES = `
  UPDATE identity SET key = 'erased:' || gen_random_uuid(), contributor_id = $2, address = '', name = NULL, language = NULL,
    language_chosen = false, status = 'erased', consent_version = NULL, consent_at = NULL, source = NULL, zone = NULL,
    stakeholder_group = NULL, place = NULL, wants = 'all', topics = '{}', timeline_seen = NULL, turn = turn + 1,
    session = NULL, asked_in = NULL, timeout_at = NULL, busy_until = NULL, pacing = NULL, answer_at = NULL, remind_at = NULL, reminded_at = NULL, joined_at = now(), seen_at = now()
  WHERE id = ANY($1::bigint[])`;
