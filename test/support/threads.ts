import { randomUUID } from 'node:crypto';
import type { ThreadKind, ThreadState } from '../../src/responses/thread.ts';
import type { Database } from '../../src/store/database.ts';

export interface Opened {
  kind: ThreadKind;
  state: ThreadState;
  text: string;
  messageId: string | null;
  /** The response that it is about, by its id. */
  response: string | null;
  dueAt: Date;
}

/** A thread as a turn leaves it; gives its id. */
export async function addThread(
  { pool }: Pick<Database, 'pool'>,
  identityId: string,
  reference: string,
  { kind = 'question', state = 'open', text = 'Who decides?', messageId = null, ...more }: Partial<Opened> = {},
): Promise<string> {
  const id = randomUUID();
  const { response = null, dueAt = new Date('2100-01-01') } = more;
  await pool.query(
    `INSERT INTO thread (id, reference, kind, state, identity_id, response_id, contribution_id, opened_at, due_at)
     SELECT $1, $2, $3, $4, $5, $6::uuid, (SELECT contribution_id FROM response WHERE id = $6::uuid), now(), $7`,
    [id, reference, kind, state, identityId, response, dueAt],
  );
  await pool.query(
    `INSERT INTO thread_message (thread_id, text, language, message_id, at) VALUES ($1, $2, 'en', $3, now())`,
    [id, text, messageId],
  );
  return id;
}
