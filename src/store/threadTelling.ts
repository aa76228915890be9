import type { Pool } from 'pg';
import { z } from 'zod';
import { DECISIONS } from '../responses/decision.ts';
import type { ThreadTelling, UntoldWords } from '../responses/tellMembers.ts';
import { THREAD_KINDS, THREAD_STATES, toldRole } from '../responses/thread.ts';
import { quietUnlessAwake } from './quiet.ts';
import { ATTACHMENTS } from './shapes.ts';
import { statement } from './statement.ts';
import { transaction } from './transaction.ts';

/** Words in threads, and the members who are told of them. */
export function createThreadTelling(pool: Pool): ThreadTelling {
  return {
    tell: (limit, at, messageFor) =>
      transaction(pool, async (db) => {
        const untold = (await UNTOLD.rows(db, [limit])).map(wordsIn);
        if (untold.length === 0) return [];
        const told = untold.flatMap((words) =>
          words.chats.map((chat) => ({ ...chat, thread: words.thread, payload: [messageFor(words, chat)] })),
        );
        const deliveries = await TELL.rows(db, [JSON.stringify(told), at]);
        const ids = untold.map(({ id }) => id);
        await db.query('DELETE FROM thread_message WHERE id = ANY($1) AND taken_out_at IS NOT NULL', [ids]);
        await db.query('UPDATE thread_message SET told_at = $2 WHERE id = ANY($1)', [ids, at]);
        return deliveries.map(({ id }) => id);
      }),
  };
}

/** Of thread `t`: the role that hears of it. */
export const TOLD_ROLE = `CASE t.kind ${THREAD_KINDS.map((kind) => `WHEN '${kind}' THEN '${toldRole(kind)}'`).join(' ')} END`;

/** Whoever answers their own words is not told of them. */
export const UNTOLD = statement(
  {
    id: z.string(),
    thread: z.string(),
    reference: z.string(),
    kind: z.enum(THREAD_KINDS),
    text: z.string(),
    attachments: ATTACHMENTS,
    aboutReference: z.string().nullable(),
    aboutText: z.string().nullable(),
    decision: z.enum(DECISIONS).nullable(),
    before: z.string().nullable(),
    takenOut: z.boolean(),
    state: z.enum(THREAD_STATES),
    dueAt: z.date(),
    chats: z.array(
      z.object({ identityId: z.string(), key: z.string(), channel: z.string(), language: z.string().nullable() }),
    ),
  },
  `
  SELECT m.id, t.id AS thread, t.reference, t.kind, m.text, m.attachments, c.reference AS "aboutReference", c.text AS "aboutText",
    r.decision, m.earlier->-1->>'text' AS before,
    m.taken_out_at IS NOT NULL AS "takenOut", t.state, t.due_at AS "dueAt", coalesce((
      SELECT jsonb_agg(jsonb_build_object('identityId', i.id::text, 'key', i.key, 'channel', i.channel, 'language', i.language) ORDER BY i.id)
      FROM member w JOIN member_identity mi ON mi.member_id = w.id JOIN identity i ON i.key = mi.identity_key
      WHERE w.removed_at IS NULL AND i.status = 'active' AND i.id <> t.identity_id
        AND CASE WHEN t.assigned IS NULL THEN ${TOLD_ROLE} = ANY(w.roles) ELSE w.id = t.assigned END), '[]') AS chats
  FROM thread_message m JOIN thread t ON t.id = m.thread_id
  LEFT JOIN contribution c ON c.id = t.contribution_id LEFT JOIN response r ON r.id = t.response_id
  WHERE m.by IS NULL AND m.told_at IS NULL ORDER BY m.id LIMIT $1 FOR UPDATE OF m SKIP LOCKED`,
);

function wordsIn({ aboutReference, aboutText, decision, ...words }: z.output<typeof UNTOLD.row>): UntoldWords {
  const isWhole = aboutReference !== null && aboutText !== null && decision !== null;
  return { ...words, about: isWhole ? { reference: aboutReference, text: aboutText, decision } : null };
}

export const TELL = statement(
  { id: z.string() },
  `
  INSERT INTO delivery (thread_id, identity_id, channel, payload, not_before)
  SELECT told.thread, i.id, told.channel, told.payload, ${quietUnlessAwake('$2::timestamptz')}
  FROM jsonb_to_recordset($1) AS told(thread uuid, "identityId" bigint, channel text, payload jsonb)
  JOIN identity i ON i.id = told."identityId" JOIN thread t ON t.id = told.thread JOIN process p ON p.id = t.process_id
  RETURNING id`,
);
