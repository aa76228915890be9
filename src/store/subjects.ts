import { z } from 'zod';
import type { Recent, Subject } from '../conversation/belongs.ts';
import type { Subjects } from '../conversation/turn.ts';
import { CURRENT } from './current.ts';
import { type Queryable, statement } from './statement.ts';

/** What somebody's words can belong to: asked only where nothing else says so. */
export function createSubjects(db: Queryable): Subjects {
  return {
    async ofMessage(identityId, messageId) {
      const message = JSON.stringify([{ id: messageId }]);
      const part = JSON.stringify([{ messageId }]);
      const found = await OF_MESSAGE.first(db, [identityId, messageId, message, part]);
      return found && subjectIn(found);
    },
    recent: async (identityId, since) => (await RECENT.rows(db, [identityId, since])).map(recentIn),
    answers: async (identityId, since) => (await ANSWERS.rows(db, [identityId, since])).map(recentIn),
    async invitation(identityId) {
      const found = await INVITATION.first(db, [identityId]);
      return found && { ...found, at: found.at.getTime() };
    },
  };
}

const SUBJECT = {
  kind: z.enum(['thread', 'member', 'response', 'question', 'comment', 'contribution']),
  id: z.string().nullable(),
  reference: z.string().nullable(),
  process: z.int().nullable(),
  words: z.string().nullable(),
};

const CAME = { ...SUBJECT, at: z.date(), said: z.boolean() };

const recentIn = ({ at, said, ...row }: z.output<z.ZodObject<typeof CAME>>): Recent => ({
  at: at.getTime(),
  subject: subjectIn(row),
  ...(said && { said }),
});

type Row = z.output<z.ZodObject<typeof SUBJECT>>;

function subjectIn({ kind, id, reference, process, words }: Row): Subject {
  const name = reference ?? '';
  switch (kind) {
    case 'thread':
      return { kind, id: id ?? '', reference: name };
    case 'response':
      return id === null ? { kind: 'responses' } : { kind, id, reference: name, words: words ?? '' };
    case 'question':
      return { kind, id: id ?? '', process: process ?? 0 };
    case 'comment':
      return { kind };
    default:
      return { kind, reference: name };
  }
}

/** The one thing that notice `n` asks, a focus question or comments on the draft; of several nobody knows which is meant. */
const ASKS = `jsonb_path_query_array(n.buttons, '$[*] ? (exists(@.question) || @.flow == "comment")') AS asks(list)`;
const ASKED = `CASE WHEN asks.list->0 ? 'question' THEN 'question' ELSE 'comment' END`;
const ASKS_ONE = `n.process_id = ${CURRENT} AND n.state IN ('running', 'done') AND jsonb_array_length(asks.list) = 1`;

/** What a contribution begins with, as much as shows which it is. */
const WORDS = 'left(c.text, 200)';

/**
 * Of a message of ours in the chat of the identity $1, or of their own words there: its id $2, as one of a delivery's ($3), and
 * as one that a contribution came with ($4).
 */
export const OF_MESSAGE = statement(
  SUBJECT,
  `
  SELECT kind, id, reference, process, words FROM (
    SELECT 1 AS rank, d.id AS nth, CASE WHEN t.identity_id = $1 THEN 'thread' ELSE 'member' END AS kind,
      t.id::text AS id, t.reference, NULL::int AS process, NULL::text AS words
    FROM delivery d JOIN thread t ON t.id = d.thread_id
    WHERE d.identity_id = $1 AND d.thread_id IS NOT NULL AND d.refs @> $3
    UNION ALL
    SELECT 2, m.id, 'thread', t.id::text, t.reference, NULL, NULL
    FROM thread t JOIN thread_message m ON m.thread_id = t.id
    WHERE t.identity_id = $1 AND m.by IS NULL AND m.taken_out_at IS NULL AND m.message_id = $2
    UNION ALL
    SELECT CASE WHEN alone.id IS NULL THEN 4 ELSE 3 END, r.number, CASE WHEN t.id IS NULL OR alone.id IS NULL THEN 'response' ELSE 'thread' END,
      CASE WHEN alone.id IS NOT NULL THEN coalesce(t.id, r.id)::text END, coalesce(t.reference, c.reference), NULL, ${WORDS}
    FROM contribution c JOIN response r ON r.contribution_id = c.id
    JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = $1
    LEFT JOIN response alone ON alone.id = r.id
      AND (d.payload->'brought' = jsonb_build_array(r.id) OR d.refs @> jsonb_build_array(jsonb_build_object('id', $2::text, 'response', r.id)))
    LEFT JOIN LATERAL (SELECT id, reference FROM thread WHERE response_id = r.id AND state <> 'closed'
      ORDER BY opened_at DESC LIMIT 1) t ON true
    WHERE c.identity_id = $1 AND d.refs @> $3
    UNION ALL
    SELECT 5, d.id, ${ASKED}, asks.list->0->>'question', NULL, n.process_id, NULL
    FROM notice n CROSS JOIN LATERAL ${ASKS} JOIN delivery d ON d.notice_id = n.id AND d.identity_id = $1
    WHERE ${ASKS_ONE} AND d.refs @> $3
    UNION ALL
    SELECT 6, 0, 'contribution', NULL, sent->>'contribution', NULL, NULL
    FROM delivery d CROSS JOIN LATERAL jsonb_array_elements(d.refs) AS sent
    WHERE d.identity_id = $1 AND d.receipt AND sent->>'id' = $2 AND sent ? 'contribution'
    UNION ALL
    SELECT 7, 0, 'contribution', NULL, c.reference, NULL, NULL
    FROM contribution c WHERE c.identity_id = $1 AND (c.parts @> $4 OR c.attachments @> $4)
  ) AS found ORDER BY rank, nth DESC LIMIT 1`,
);

/**
 * What has asked the identity $1 for words, or taken theirs, since $2: at most one of each kind, and a second response, where
 * nobody knows which is meant. Each is found by the person; of deliveries there is no index by person, so that theirs are found
 * by the few notices that ask a question, and by their own contributions.
 */
export const RECENT = statement(
  CAME,
  `
  (SELECT 'thread' AS kind, t.id::text AS id, t.reference, NULL::int AS process, NULL::text AS words, m.at, false AS said
   FROM thread t JOIN thread_message m ON m.thread_id = t.id
   WHERE t.identity_id = $1 AND t.state <> 'closed' AND m.by IS NOT NULL AND m.at >= $2 ORDER BY m.id DESC LIMIT 1)
  UNION ALL
  (SELECT 'thread', t.id::text, t.reference, NULL, NULL, m.at, true
   FROM thread t JOIN thread_message m ON m.thread_id = t.id
   WHERE t.identity_id = $1 AND t.state <> 'closed' AND m.by IS NULL AND m.taken_out_at IS NULL
     AND m.at >= $2 ORDER BY m.id DESC LIMIT 1)
  UNION ALL
  (SELECT 'response', r.id::text, c.reference, NULL, ${WORDS}, d.settled_at, false
   FROM contribution c JOIN response r ON r.contribution_id = c.id AND r.state = 'delivered'
   JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = $1 AND d.state = 'sent' AND d.settled_at >= $2
   WHERE c.identity_id = $1 AND r.accepted_at IS NULL AND NOT EXISTS (SELECT FROM thread t WHERE t.response_id = r.id)
   ORDER BY d.settled_at DESC, r.number DESC LIMIT 2)
  UNION ALL
  (SELECT ${ASKED}, asks.list->0->>'question', NULL, n.process_id, NULL, d.settled_at, false
   FROM notice n CROSS JOIN LATERAL ${ASKS}
   JOIN delivery d ON d.notice_id = n.id AND d.identity_id = $1 AND d.state = 'sent' AND d.settled_at >= $2
   WHERE ${ASKS_ONE} ORDER BY d.settled_at DESC LIMIT 1)
  UNION ALL
  (SELECT 'contribution', NULL, c.reference, NULL, NULL, c.submitted_at, false
   FROM contribution c WHERE c.identity_id = $1 AND c.submitted_at >= $2 ORDER BY c.submitted_at DESC LIMIT 1)`,
);

/**
 * The two newest answers of the forum that have reached the identity $1 since $2, whatever its reader has made of them: found as
 * in `RECENT`, and asked for only where words speak of such an answer by themselves.
 */
export const ANSWERS = statement(
  CAME,
  `
  SELECT 'response' AS kind, r.id::text AS id, c.reference, NULL::int AS process, ${WORDS} AS words, d.settled_at AS at, false AS said
  FROM contribution c JOIN response r ON r.contribution_id = c.id AND r.state = 'delivered'
  JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = $1 AND d.state = 'sent' AND d.settled_at >= $2
  WHERE c.identity_id = $1 ORDER BY d.settled_at DESC, r.number DESC LIMIT 2`,
);

/**
 * The event that the identity $1 was asked about last, by a notice of it alone, or has answered about; its moment is that of
 * the later of both.
 */
export const INVITATION = statement(
  { event: z.string(), process: z.int(), at: z.date() },
  `
  SELECT asked.event, asked.process, greatest(asked.at, a.at) AS at
  FROM (
    SELECT coalesce(n.event, events.list->>0) AS event, n.process_id AS process, d.settled_at AS at
    FROM notice n
    CROSS JOIN LATERAL jsonb_path_query_array(n.buttons, '$[*].event') AS events(list)
    JOIN delivery d ON d.notice_id = n.id AND d.identity_id = $1 AND d.state = 'sent'
    WHERE n.process_id = ${CURRENT} AND n.state IN ('running', 'done')
      AND (n.event IS NOT NULL OR jsonb_array_length(events.list) = 1)
    ORDER BY d.settled_at DESC LIMIT 1
  ) AS asked
  LEFT JOIN attendance a ON a.identity_id = $1 AND a.event = asked.event AND a.process_id = asked.process`,
);
