import type { Pool } from 'pg';
import { z } from 'zod';
import { type Queryable, statement } from './statement.ts';

const LOCK = 7_215_030_411;

export const WAIT_FOR_LOCK = statement({ held: z.boolean() }, 'SELECT true AS held FROM pg_advisory_xact_lock($1)');
export const TRY_LOCK = statement({ held: z.boolean() }, 'SELECT pg_try_advisory_xact_lock($1) AS held');

/**
 * Does the work while no planner does anything. Null without doing it where one does and `wait` is false. The lock goes with
 * its connection, so that a process that dies leaves none behind.
 */
export async function alone<T>(pool: Pool, wait: boolean, work: () => Promise<T>): Promise<T | null> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const lock = await (wait ? WAIT_FOR_LOCK : TRY_LOCK).first(client, [LOCK]);
    return lock?.held ? await work() : null;
  } finally {
    await client.query('ROLLBACK').catch((cause: Error) => {
      broken = cause;
    });
    client.release(broken);
  }
}

/** Waits until no planner is running; none starts before this connection's transaction ends. */
export const stopPlanners = async (db: Queryable): Promise<void> => void (await WAIT_FOR_LOCK.first(db, [LOCK]));
