import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { Committed, Edit, ThreadChange, TurnStore, TurnWrite } from '../conversation/turn.ts';
import type { ChannelName } from '../core/channelName.ts';
import { type ForgetList, noForgetList } from '../people/forgetList.ts';
import { PATIENCE } from './database.ts';
import { eraseContributor } from './erasure.ts';
import { RECORDED } from './recorded.ts';
import { type Queryable, statement, word } from './statement.ts';
import { transaction } from './transaction.ts';

/**
 * What turns made, in one statement a batch. `identity.turn` is the guard: a turn computed on a state that somebody else
 * has moved on commits nothing and is computed again.
 */
export function createTurnStore(pool: Pool, forgetList: ForgetList = noForgetList): TurnStore {
  return {
    commit: (writes) =>
      writes.some(({ erase }) => erase !== null)
        ? transaction(pool, (client) => commitErasing(client, writes, forgetList))
        : commit(pool, writes),
    contributionOf: (identityId, messageId) => OF_MESSAGE.first(pool, [identityId, JSON.stringify([{ messageId }])]),
    async isDone(updateId) {
      const { rowCount } = await pool.query(`SELECT FROM inbound_update WHERE id = $1 AND state = 'done'`, [updateId]);
      return (rowCount ?? 0) > 0;
    },
    async timedOut(now, limit) {
      const rows = await TIMED_OUT.rows(pool, [new Date(now), limit]);
      return rows.map(({ nonce, ...sender }) => ({ sender, nonce }));
    },
    remindable: (now, limit) => REMINDABLE.rows(pool, [new Date(now), limit]),
    answerable: (now, limit) => ANSWERABLE.rows(pool, [new Date(now), limit]),
  };
}

export const OF_MESSAGE = statement(
  RECORDED.row,
  `
  ${RECORDED.select} WHERE identity_id = $1 AND (parts @> $2 OR attachments @> $2) ORDER BY submitted_at DESC LIMIT 1`,
);

const SENDER = {
  key: z.string(),
  channel: word<ChannelName>(),
  address: z.string(),
  name: z.string().nullable(),
  language: z.string().nullable(),
};

export const TIMED_OUT = statement(
  { ...SENDER, nonce: z.string() },
  `
  SELECT key, channel, address, name, language, session->'open'->>'nonce' AS nonce FROM identity
  WHERE timeout_at <= $1 AND status = 'active' ORDER BY timeout_at LIMIT $2`,
);

export const REMINDABLE = statement(
  { ...SENDER, remindAt: z.date() },
  `
  SELECT key, channel, address, name, language, remind_at AS "remindAt" FROM identity
  WHERE remind_at <= $1 AND status = 'active' ORDER BY remind_at LIMIT $2`,
);

export const ANSWERABLE = statement(
  { ...SENDER, answerAt: z.string() },
  `
  SELECT key, channel, address, name, language, pacing->>'answerAt' AS "answerAt" FROM identity
  WHERE answer_at <= $1 ORDER BY answer_at LIMIT $2`,
);

/**
 * Writes what turns made: $1 the turns, $2 their contributions, $3 their edits, $4 their changes of consent, $5 what they say in
 * threads, each a JSON array whose items name the update that they come from. One row a turn: whether it was still current, and fresh.
 *
 * `locked` holds the identities on which the turn was computed, and nobody else's: a turn on an older state is not among
 * them. `fresh` marks the updates as done, once. All that follows joins one of the two, so that a stale or repeated turn writes
 * nothing: the person (`moved`, who keeps in which of the `replies` they are asked something), what they said (`contributed`, `edited`, `withdrawn`, with their `versions`), `talk` (its threads `opened` or `thread_moved`, their words, also `reworded` or `taken_out`, what is `accepted`), `consents`,
 * files to fetch (`wanted`), doubtful replies that this one repeats (`repeated`), and the `replies`, leased to this process.
 */
export const COMMIT = statement(
  { updateId: z.string(), current: z.boolean(), fresh: z.boolean(), deliveryId: z.string().nullable() },
  `
  WITH turns AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1) AS t(
      "updateId" text, "identityId" bigint, turn int, session json, "timeoutAt" timestamptz, "busyUntil" timestamptz,
      "remindAt" timestamptz, reminded boolean,
      language text, "languageChosen" boolean, status text, "consentVersion" text, consented boolean, source text,
      zone text, wants text, topics text[], "group" text, place text, address text, name text,
      at timestamptz, messages jsonb, lease uuid, "leaseSeconds" int, "timelineSeen" int, pacing json, repeats bigint[], wanted text[], thread uuid, receipt boolean, asks text)
  ), locked AS MATERIALIZED (
    -- Each by its id: planned while the table was small, a join would look through all of it for long after it has grown.
    SELECT i.id, t.turn, CASE WHEN t.says THEN nextval('delivery_id_seq') END AS reply
    FROM (SELECT "identityId", turn, jsonb_array_length(messages) > 0 AS says FROM turns ORDER BY "identityId") AS t
    CROSS JOIN LATERAL (SELECT id FROM identity WHERE id = t."identityId" AND turn = t.turn FOR NO KEY UPDATE) AS i
  ), fresh AS (
    UPDATE inbound_update u SET state = 'done', person = NULL, payload = NULL, error = NULL
    FROM turns t JOIN locked l ON l.id = t."identityId" AND l.turn = t.turn WHERE u.id = t."updateId" AND u.state = 'waiting'
    RETURNING u.id
  ), moved AS (
    UPDATE identity i SET turn = i.turn + 1, session = t.session, asked_in = CASE t.asks WHEN 'now' THEN l.reply WHEN 'still' THEN i.asked_in END, timeout_at = t."timeoutAt", busy_until = t."busyUntil",
      language = t.language, language_chosen = t."languageChosen", status = t.status, consent_version = t."consentVersion",
      consent_at = CASE WHEN t.consented THEN t.at ELSE i.consent_at END, source = coalesce(i.source, t.source),
      zone = coalesce(t.zone, i.zone), wants = t.wants, topics = t.topics, stakeholder_group = t."group", place = t.place,
      address = t.address, name = coalesce(t.name, i.name), seen_at = greatest(i.seen_at, t.at),
      timeline_seen = greatest(i.timeline_seen, t."timelineSeen"),
      remind_at = t."remindAt", reminded_at = CASE WHEN t.reminded THEN t.at ELSE i.reminded_at END,
      pacing = t.pacing, answer_at = to_timestamp((t.pacing->>'answerAt')::float8 / 1000)
    FROM turns t JOIN fresh f ON f.id = t."updateId" JOIN locked l ON l.id = t."identityId" WHERE i.id = t."identityId"
    RETURNING i.id, i.channel, i.contributor_id, i.source, l.reply
  ), contributed AS (
    INSERT INTO contribution (process_id, id, reference, contributor_id, identity_id, kind, text, fields, attachments, language, channel,
      question, theme, source, attribution, attribution_name, parts, submitted_at, updated_at)
    SELECT c.process, c.id, c.reference, m.contributor_id, m.id, c.kind, c.text, c.fields, c.attachments, c.language, m.channel,
      c.question, c.theme, m.source, c.attribution, c."attributionName", c.parts, c.at, c.at
    FROM jsonb_to_recordset($2) AS c("updateId" text, "identityId" bigint, id uuid, reference text, kind text, text text,
      fields jsonb, attachments jsonb, language text, question text, theme text, attribution text, "attributionName" text,
      parts jsonb, process int, at timestamptz)
    JOIN fresh f ON f.id = c."updateId" JOIN moved m ON m.id = c."identityId"
    RETURNING id, text, fields, attachments, submitted_at
  ), edited AS (
    UPDATE contribution c SET text = coalesce(e.text, c.text), parts = coalesce(e.parts, c.parts),
      fields = coalesce(e.fields, c.fields), attachments = coalesce(e.attachments, c.attachments),
      language = coalesce(e.language, c.language), theme = coalesce(e.theme, c.theme),
      attribution = coalesce(e.attribution, c.attribution),
      kind = coalesce(e.kind, c.kind), question = CASE WHEN e.kind IS NULL THEN c.question END,
      attribution_name = CASE WHEN e.attribution IS NULL THEN c.attribution_name ELSE e."attributionName" END,
      version = c.version + (e.text IS NOT NULL OR e.fields IS NOT NULL OR e.attachments IS NOT NULL)::int,
      indexed = c.indexed AND e.text IS NULL AND e.fields IS NULL AND e.language IS NULL,
      updated_at = e.at
    FROM jsonb_to_recordset($3) AS e("updateId" text, id uuid, withdrawn boolean, kind text, text text, parts jsonb, fields jsonb,
      attachments jsonb, language text, theme text, attribution text, "attributionName" text, at timestamptz)
    JOIN fresh f ON f.id = e."updateId"
    WHERE c.id = e.id AND c.state = 'received' AND e.withdrawn IS NULL
    RETURNING c.id, c.version, c.text, c.fields, c.attachments, c.updated_at
  ), withdrawn AS (
    UPDATE contribution c SET state = 'withdrawn', updated_at = e.at
    FROM jsonb_to_recordset($3) AS e("updateId" text, id uuid, withdrawn boolean, at timestamptz) JOIN fresh f ON f.id = e."updateId"
    WHERE c.id = e.id AND c.state = 'received' AND e.withdrawn
  ), versions AS (
    INSERT INTO contribution_version (contribution_id, version, text, fields, attachments, at)
    SELECT id, 1, text, fields, attachments, submitted_at FROM contributed
    UNION ALL SELECT id, version, text, fields, attachments, updated_at FROM edited
    -- A theme or a name is no new version of the words.
    ON CONFLICT DO NOTHING
  ), talk AS MATERIALIZED (
    SELECT x.*, m.id AS identity FROM jsonb_to_recordset($5) AS x("updateId" text, "identityId" bigint, change text, thread uuid,
      reference text, kind text, response uuid, text text, attachments jsonb, language text, "messageId" text, "dueAt" timestamptz,
      process int, at timestamptz)
    JOIN fresh f ON f.id = x."updateId" JOIN moved m ON m.id = x."identityId"
  ), opened AS (
    INSERT INTO thread (process_id, id, reference, kind, identity_id, response_id, contribution_id, opened_at, due_at)
    SELECT coalesce(c.process_id, x.process), x.thread, x.reference, x.kind, x.identity, r.id, c.id, x.at, x."dueAt"
    FROM talk x LEFT JOIN response r ON r.id = x.response LEFT JOIN contribution c ON c.id = r.contribution_id
    WHERE x.change = 'opened'
  ), told AS (
    INSERT INTO thread_message (thread_id, text, attachments, language, message_id, at)
    SELECT thread, text, attachments, language, "messageId", at FROM talk WHERE change IN ('opened', 'said')
  ), reworded AS (
    UPDATE thread_message m SET text = x.text, attachments = x.attachments, language = x.language,
      earlier = m.earlier || jsonb_build_object('text', m.text, 'attachments', m.attachments, 'until', x.at),
      told_at = CASE WHEN t.state = 'closed' THEN m.told_at END
    FROM talk x JOIN thread t ON t.id = x.thread AND t.identity_id = x.identity
    WHERE x.change = 'reworded' AND m.thread_id = t.id AND m.by IS NULL AND m.message_id = x."messageId"
  ), no_more AS MATERIALIZED (
    -- What a member has answered stays where it was answered.
    SELECT m.id, m.thread_id, m.told_at, x.at FROM talk x JOIN thread t ON t.id = x.thread AND t.identity_id = x.identity
    JOIN thread_message m ON m.thread_id = t.id AND m.by IS NULL AND m.message_id = x."messageId"
    WHERE x.change = 'taken_out' AND NOT EXISTS (
      SELECT FROM thread_message a WHERE a.thread_id = m.thread_id AND a.id > m.id AND a.by IS NOT NULL)
  ), taken_out AS (
    UPDATE thread_message m SET taken_out_at = n.at, told_at = NULL FROM no_more n WHERE m.id = n.id AND n.told_at IS NOT NULL
  ), told_nobody AS (
    DELETE FROM thread_message m USING no_more n WHERE m.id = n.id AND n.told_at IS NULL
  ), answered_again AS (
    UPDATE thread t SET state = 'answered' FROM no_more n WHERE t.id = n.thread_id AND t.state = 'open' AND (
      SELECT m.by FROM thread_message m WHERE m.thread_id = t.id AND m.id <> n.id AND m.taken_out_at IS NULL
      ORDER BY m.id DESC LIMIT 1) IS NOT NULL
  ), thread_moved AS (
    UPDATE thread t SET state = CASE x.change WHEN 'said' THEN 'open' ELSE 'closed' END,
      due_at = CASE WHEN x.change = 'said' AND t.state <> 'open' THEN x."dueAt" ELSE t.due_at END,
      closed_at = CASE x.change WHEN 'ended' THEN x.at END, closed_by = CASE x.change WHEN 'ended' THEN 'person' END
    FROM talk x WHERE x.change IN ('said', 'ended') AND t.id = x.thread AND t.identity_id = x.identity
  ), accepted AS (
    UPDATE response r SET accepted_at = x.at FROM talk x WHERE x.change = 'accepted' AND r.id = x.response
  ), consents AS (
    INSERT INTO consent_change (identity_id, change, words, version, at)
    SELECT x."identityId", x.change, x.words, x.version, x.at
    FROM jsonb_to_recordset($4) AS x("updateId" text, "identityId" bigint, change text, words text, version text, at timestamptz)
    JOIN fresh f ON f.id = x."updateId"
  ), wanted AS (
    INSERT INTO attachment (channel, ref, identity_id) SELECT m.channel, ref, m.id
    FROM turns t JOIN moved m ON m.id = t."identityId", unnest(t.wanted) AS ref WHERE t.wanted IS NOT NULL
    ON CONFLICT (channel, ref, identity_id) DO NOTHING
  ), repeated AS (
    UPDATE delivery d SET state = 'skipped', reason = 'repeated', settled_at = now(), payload = NULL
    FROM turns t JOIN moved m ON m.id = t."identityId"
    WHERE t.repeats IS NOT NULL AND d.id = ANY (t.repeats) AND d.identity_id = m.id AND d.state = 'uncertain'
  ), replies AS (
    INSERT INTO delivery (id, identity_id, channel, payload, thread_id, receipt, state, attempts, lease, lease_until)
    SELECT m.reply, m.id, m.channel, t.messages, t.thread, coalesce(t.receipt, false), 'sending', 1, t.lease, now() + make_interval(secs => t."leaseSeconds")
    FROM turns t JOIN moved m ON m.id = t."identityId" WHERE jsonb_array_length(t.messages) > 0
    RETURNING id, identity_id
  )
  SELECT t."updateId", l.id IS NOT NULL AS current, f.id IS NOT NULL AS fresh, r.id AS "deliveryId"
  FROM turns t LEFT JOIN locked l ON l.id = t."identityId" LEFT JOIN fresh f ON f.id = t."updateId"
  LEFT JOIN replies r ON r.identity_id = t."identityId"`,
  { name: 'turns-commit', alike: true, ...PATIENCE },
);

/** All of it is kept, or nothing: neither the turn without the erasure, nor the erasure without the turn. */
async function commitErasing(
  client: PoolClient,
  writes: TurnWrite[],
  forgetList: ForgetList,
): Promise<Map<string, Committed>> {
  const outcomes = await commit(client, writes);
  for (const { updateId, contributorId, erase } of writes) {
    const outcome = outcomes.get(updateId);
    if (erase === null || outcome?.kind !== 'done') continue;
    await eraseContributor(client, contributorId, erase, forgetList, outcome.deliveryId);
  }
  return outcomes;
}

async function commit(pool: Queryable, writes: TurnWrite[]): Promise<Map<string, Committed>> {
  const lists = (['contributions', 'edits', 'consents', 'threads'] as const).map((key) => all(writes, key));
  const values = [writes.map(turnOf), ...lists];
  const rows = await COMMIT.rows(
    pool,
    values.map((list) => JSON.stringify(list)),
  );
  return new Map(rows.map((row) => [row.updateId, outcome(row)]));
}

/** What the statement takes of a turn: what is null or empty is left out, since most of it is, most of the time. */
const turnOf = (write: TurnWrite) => ({
  updateId: write.updateId,
  identityId: write.identityId,
  turn: write.turn,
  session: write.session ?? undefined,
  timeoutAt: write.timeoutAt ?? undefined,
  busyUntil: write.busyUntil ?? undefined,
  remindAt: write.remindAt ?? undefined,
  reminded: write.reminded || undefined,
  language: write.language ?? undefined,
  languageChosen: write.languageChosen,
  status: write.status,
  consentVersion: write.consentVersion ?? undefined,
  consented: write.consented,
  source: write.source ?? undefined,
  zone: write.zone ?? undefined,
  wants: write.wants,
  topics: write.topics,
  group: write.group ?? undefined,
  place: write.place ?? undefined,
  address: write.address,
  name: write.name ?? undefined,
  at: write.at,
  messages: write.messages,
  lease: write.lease,
  leaseSeconds: write.leaseSeconds,
  timelineSeen: write.timelineSeen ?? undefined,
  pacing: write.pacing,
  repeats: write.repeats.length > 0 ? write.repeats : undefined,
  wanted: write.wanted.length > 0 ? write.wanted : undefined,
  thread: threadOf(write),
  receipt: write.messages.some(({ contribution }) => contribution !== undefined) || undefined,
  asks: write.asks ?? undefined,
});

const SAYS = new Set<ThreadChange['change']>(['opened', 'said', 'reworded']);

/** Whoever answers our reply to words in a thread, or what shows it, is there as well. */
function threadOf({ threads, messages }: TurnWrite): string | undefined {
  const said = threads.find(({ change }) => SAYS.has(change));
  return said && 'thread' in said ? said.thread : messages.find(({ about }) => about !== undefined)?.about;
}

const all = <K extends 'contributions' | 'edits' | 'consents' | 'threads'>(writes: TurnWrite[], key: K) =>
  writes.flatMap((write) =>
    (write[key] as (Edit | object)[]).map((item) => ({
      ...item,
      updateId: write.updateId,
      identityId: write.identityId,
      at: write.at,
    })),
  );

function outcome(row: z.output<typeof COMMIT.row>): Committed {
  if (!row.current) return { kind: 'stale' };
  return row.fresh ? { kind: 'done', deliveryId: row.deliveryId } : { kind: 'known' };
}
