import { z } from 'zod';
import { NO_THREADS } from '../contributions/ledger.ts';
import type { OwnThreads } from '../conversation/own.ts';
import type { ChannelName } from '../core/channelName.ts';
import { DECISIONS } from '../responses/decision.ts';
import {
  STANCES,
  THREAD_KINDS,
  THREAD_STATES,
  type Thread,
  type ThreadReading,
  type ThreadWrites,
} from '../responses/thread.ts';
import { processOr } from './current.ts';
import { quietUnlessAwake } from './quiet.ts';
import { ATTACHMENTS } from './shapes.ts';
import { type Queryable, statement, word } from './statement.ts';

export function createThreads(db: Queryable): ThreadReading & ThreadWrites & OwnThreads {
  return {
    list: ({ process = null, state = null, kinds = null, about = null } = {}) =>
      LIST.rows(db, [process, state, kinds, about]),
    find: (reference) => find(db, reference),
    counts: async (process = null, now = new Date()) => (await COUNTS.first(db, [process, now])) ?? NO_THREADS,
    async stances(process = null) {
      const rows = await STANCE_COUNTS.rows(db, [process]);
      const count = (stance: string) => rows.find((row) => row.stance === stance)?.count ?? 0;
      return { accepted: count('accepted'), disputed: count('disputed'), silent: count('silent') };
    },
    async hold(reference) {
      const found = await HOLD.first(db, [reference]);
      if (!found) return null;
      const { identityId, key, channel, language, active, messageId, ...thread } = found;
      return { ...thread, reader: { identityId, key, channel, language, active, messageId } };
    },
    async answer({ id, reader: { identityId, channel } }, { by, text, files, at }) {
      const attachments = files.map(({ bytes, ...file }) => ({ ...file, size: bytes.length }));
      await db.query(ANSWER, [id, by, text, JSON.stringify(attachments), at]);
      for (const { ref, bytes } of files) await db.query(KEEP_FILE, [channel, ref, identityId, bytes]);
    },
    async tell({ id, reader }, messages, at) {
      const values = [id, reader.identityId, reader.channel, JSON.stringify(messages), reader.active, at];
      return (await TELL.first(db, values))?.delivery ?? null;
    },
    async assign(id, member) {
      await db.query(ASSIGN, [id, member]);
    },
    async close(id, by, at) {
      await db.query(`UPDATE thread SET state = 'closed', closed_by = $2, closed_at = $3 WHERE id = $1`, [id, by, at]);
    },
    wordsOf: (identityId, messageId) => WORDS_OF.first(db, [identityId, messageId, JSON.stringify([{ messageId }])]),
    byReference: (identityId, reference) => OWN.first(db, [identityId, reference]),
    openAbout: (identityId, responseId, isObjection) => OPEN_ABOUT.first(db, [identityId, responseId, isObjection]),
    hasAccepted: async (responseId) => (await HAS_ACCEPTED.first(db, [responseId]))?.accepted ?? false,
  };
}

const LINE = {
  id: z.string(),
  reference: z.string(),
  kind: z.enum(THREAD_KINDS),
  state: z.enum(THREAD_STATES),
  assigned: z.string().nullable(),
  openedAt: z.date(),
  dueAt: z.date(),
  closedBy: z.string().nullable(),
  channel: word<ChannelName>(),
};

/** Of thread `t` to identity `i`, by the names of `ThreadLine`. */
const OF_LINE = `t.id, t.reference, t.kind, t.state, t.assigned, t.opened_at AS "openedAt", t.due_at AS "dueAt",
  t.closed_by AS "closedBy", i.channel`;

/** Of the process $1, in the state $2, of the kinds $3, about $4 (of whatever process). Whoever had themselves erased waits for nothing. */
export const LIST = statement(
  { ...LINE, said: z.string(), about: z.string().nullable() },
  `
  SELECT ${OF_LINE}, c.reference AS about, said.text AS said
  FROM thread t JOIN identity i ON i.id = t.identity_id LEFT JOIN contribution c ON c.id = t.contribution_id
  CROSS JOIN LATERAL (
    SELECT m.text FROM thread_message m WHERE m.thread_id = t.id AND m.by IS NULL AND m.taken_out_at IS NULL ORDER BY m.id DESC LIMIT 1) AS said
  WHERE CASE WHEN $4::text IS NULL THEN t.process_id = ${processOr('$1')} ELSE c.reference = $4 END
    AND ($2::text IS NULL OR t.state = $2) AND ($3::text[] IS NULL OR t.kind = ANY($3))
    AND i.status <> 'erased'
  ORDER BY t.due_at, t.opened_at, t.id`,
);

export const ONE = statement(
  {
    ...LINE,
    aboutReference: z.string().nullable(),
    aboutText: z.string().nullable(),
    decision: z.enum(DECISIONS).nullable(),
    reads: z.string().nullable(),
  },
  `
  SELECT ${OF_LINE}, c.reference AS "aboutReference", c.text AS "aboutText", r.decision, i.language AS reads
  FROM thread t JOIN identity i ON i.id = t.identity_id LEFT JOIN contribution c ON c.id = t.contribution_id
  LEFT JOIN response r ON r.id = t.response_id WHERE t.reference = $1`,
);

export const MESSAGES = statement(
  { by: z.string().nullable(), text: z.string(), attachments: ATTACHMENTS, at: z.date(), earlier: z.array(z.string()) },
  `SELECT by, text, attachments, at, ARRAY(SELECT e->>'text' FROM jsonb_array_elements(earlier) AS e) AS earlier FROM thread_message
  WHERE thread_id = $1 AND taken_out_at IS NULL ORDER BY id`,
);

async function find(db: Queryable, reference: string): Promise<Thread | null> {
  const row = await ONE.first(db, [reference]);
  if (!row) return null;
  const { aboutReference, aboutText, decision, ...line } = row;
  const about =
    aboutReference === null || aboutText === null || decision === null
      ? null
      : { reference: aboutReference, text: aboutText, decision };
  return { ...line, about, messages: await MESSAGES.rows(db, [row.id]) };
}

export const COUNTS = statement(
  { open: z.int(), overdue: z.int(), unreachable: z.int(), answered: z.int(), closed: z.int() },
  `
  SELECT count(*) FILTER (WHERE t.state = 'open')::int AS open,
    count(*) FILTER (WHERE t.state = 'open' AND t.due_at < $2::timestamptz)::int AS overdue,
    count(*) FILTER (WHERE t.state = 'open' AND i.status IN ('stopped', 'unreachable'))::int AS unreachable,
    count(*) FILTER (WHERE t.state = 'answered')::int AS answered, count(*) FILTER (WHERE t.state = 'closed')::int AS closed
  FROM thread t JOIN identity i ON i.id = t.identity_id
  WHERE t.process_id = ${processOr('$1')} AND i.status <> 'erased'`,
);

/** Of response `r`, as its reader has it: whatever they said last counts. */
export const STANCE = `
  CASE WHEN EXISTS (
    SELECT FROM thread d WHERE d.response_id = r.id AND d.kind IN ('disagreement', 'misunderstanding')
      AND (r.accepted_at IS NULL OR d.opened_at > r.accepted_at)) THEN 'disputed'
  WHEN r.accepted_at IS NOT NULL THEN 'accepted' ELSE 'silent' END`;

export const STANCE_COUNTS = statement(
  { stance: z.enum(STANCES), count: z.int() },
  `
  SELECT ${STANCE} AS stance, count(*)::int AS count
  FROM response r JOIN contribution c ON c.id = r.contribution_id
  WHERE c.process_id = ${processOr('$1')} AND r.state = 'delivered' GROUP BY 1`,
);

export const HOLD = statement(
  {
    id: z.string(),
    reference: z.string(),
    kind: z.enum(THREAD_KINDS),
    state: z.enum(THREAD_STATES),
    assigned: z.string().nullable(),
    identityId: z.string(),
    key: z.string(),
    channel: word<ChannelName>(),
    language: z.string().nullable(),
    active: z.boolean(),
    messageId: z.string().nullable(),
  },
  `
  SELECT t.id, t.reference, t.kind, t.state, t.assigned, i.id AS "identityId", i.key, i.channel, i.language,
    i.status = 'active' AS active,
    (SELECT m.message_id FROM thread_message m WHERE m.thread_id = t.id AND m.by IS NULL AND m.taken_out_at IS NULL
      ORDER BY m.id DESC LIMIT 1) AS "messageId"
  FROM thread t JOIN identity i ON i.id = t.identity_id WHERE t.reference = $1 FOR UPDATE OF t`,
);

const ANSWER = `
  WITH said AS (INSERT INTO thread_message (thread_id, by, text, attachments, at) VALUES ($1, $2, $3, $4, $5))
  UPDATE thread SET state = 'answered', assigned = coalesce(assigned, nullif($2, 'operator')) WHERE id = $1`;

/** It is theirs to whom it is sent: whatever becomes of their words becomes of it. */
const KEEP_FILE = `INSERT INTO attachment (channel, ref, identity_id, state, bytes) VALUES ($1, $2, $3, 'kept', $4)`;

/** What its person said last is told again, as long as it waits for an answer. */
const ASSIGN = `
  WITH moved AS (UPDATE thread SET assigned = $2 WHERE id = $1 RETURNING id, state)
  UPDATE thread_message SET told_at = NULL
  WHERE id = (SELECT max(m.id) FROM thread_message m JOIN moved ON moved.id = m.thread_id AND moved.state = 'open' WHERE m.by IS NULL)`;

/** Of the thread $1, to the identity $2 on the channel $3, the messages $4, if they are there ($5). */
export const TELL = statement(
  { delivery: z.string().nullable() },
  `
  WITH sent AS (
    INSERT INTO delivery (thread_id, identity_id, channel, payload, state, reason, settled_at, not_before)
    SELECT t.id, i.id, $3, $4, CASE WHEN $5::boolean THEN 'pending' ELSE 'skipped' END,
      CASE WHEN NOT $5::boolean THEN 'unreachable' END, CASE WHEN NOT $5::boolean THEN $6::timestamptz END,
      ${quietUnlessAwake('$6::timestamptz')}
    FROM thread t JOIN process p ON p.id = t.process_id, identity i WHERE t.id = $1 AND i.id = $2
    RETURNING id, state
  )
  SELECT CASE WHEN state = 'pending' THEN id END AS delivery FROM sent`,
);

/** Of a message of theirs, which brought the words, or a file beside them. */
export const WORDS_OF = statement(
  {
    id: z.string(),
    reference: z.string(),
    state: z.enum(THREAD_STATES),
    text: z.string(),
    attachments: ATTACHMENTS,
    messageId: z.string(),
  },
  `
  SELECT t.id, t.reference, t.state, m.text, m.attachments, m.message_id AS "messageId"
  FROM thread t JOIN thread_message m ON m.thread_id = t.id
  WHERE t.identity_id = $1 AND m.by IS NULL AND m.taken_out_at IS NULL AND m.message_id IS NOT NULL AND (m.message_id = $2 OR m.attachments @> $3)
  ORDER BY m.id DESC LIMIT 1`,
);

const PLACE = {
  id: z.string(),
  reference: z.string(),
  kind: z.enum(THREAD_KINDS),
  state: z.enum(THREAD_STATES),
  dueAt: z.date(),
  text: z.string(),
  asks: z.boolean(),
};

const OF_PLACE = `
  SELECT t.id, t.reference, t.kind, t.state, t.due_at AS "dueAt",
    coalesce((SELECT m.text FROM thread_message m WHERE m.thread_id = t.id ORDER BY m.id LIMIT 1), '') AS text,
    coalesce((SELECT m.text ~ '[?？؟]\\s*$' FROM thread_message m WHERE m.thread_id = t.id AND m.by IS NOT NULL
      ORDER BY m.id DESC LIMIT 1), false) AS asks
  FROM thread t`;

export const OWN = statement(PLACE, `${OF_PLACE} WHERE t.identity_id = $1 AND t.reference = $2`);

/** Objections are read by the forum, questions by whoever answers those. */
export const OPEN_ABOUT = statement(
  PLACE,
  `${OF_PLACE} WHERE t.identity_id = $1 AND t.response_id = $2 AND t.state = 'open' AND (t.kind <> 'question') = $3
  ORDER BY t.opened_at DESC LIMIT 1`,
);

export const HAS_ACCEPTED = statement(
  { accepted: z.boolean() },
  `SELECT accepted_at IS NOT NULL AS accepted FROM response WHERE id = $1`,
);
