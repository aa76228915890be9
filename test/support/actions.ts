import type { ActionParts } from '../../src/actions/actions.ts';
import { openActions } from '../../src/compose/actions.ts';
import { SendError } from '../../src/core/channel.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { say } from '../../src/core/message.ts';
import { DEFAULT_PROCESS } from '../../src/process/process.ts';
import type { Database } from '../../src/store/database.ts';

/** A queue that nobody listens to. */
export const idleQueue: ActionParts['queue'] = {
  startNotice: () => undefined,
  retryReplies: () => undefined,
  revise: () => undefined,
};

/** A platform that has no files. */
export const noFiles = async (): Promise<Uint8Array> => {
  throw new SendError('rejected', 'there is no such file');
};

/** What is scheduled stays as it is. */
export const idlePlanner: ActionParts['planner'] = { reconcile: async () => undefined };

/** The answer alone. */
const answerOf: ActionParts['threadMessages'] = async (_, end) => [say(end === 'closed' ? 'Closed' : end.answered)];

/** Everything that members and operators do; above 500 people it takes two. */
export const acting = (db: Pick<Database, 'pool'>, more: Partial<ActionParts> = {}) =>
  openActions(db, {
    ...{ queue: idleQueue, planner: idlePlanner, clock: systemClock, ids: systemIds },
    ...{ process: async () => DEFAULT_PROCESS, holdSeconds: 120, approvalAbove: 500, threadMessages: answerOf },
    rejectedNews: async ({ why }) => say(why),
    scheduledNews: async ({ name }) => say(`Scheduled by ${name}`),
    asideNews: async ({ references, reason }) => say(`${references.join(', ')}: ${reason ?? 'restored'}`),
    ...more,
  });

/** What the audit holds, as lines: `ana notices.schedule done`. */
export async function audited({ pool }: Pick<Database, 'pool'>): Promise<string[]> {
  const { rows } = await pool.query('SELECT actor, action, outcome FROM audit ORDER BY id');
  return rows.map(({ actor, action, outcome }) => `${actor} ${action} ${outcome}`);
}

/** What was done to this, with the update that asked for it. */
export async function doneTo(
  { pool }: Pick<Database, 'pool'>,
  subject: string,
): Promise<{ action: string; request: string | null }[]> {
  const done = `SELECT action, request FROM audit WHERE subject = $1 AND outcome = 'done' ORDER BY id`;
  return (await pool.query(done, [subject])).rows;
}
