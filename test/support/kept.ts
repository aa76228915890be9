import type { Pool } from 'pg';
import type { Contribution } from '../../src/contributions/contribution.ts';
import type { StoredResponse } from '../../src/responses/decision.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import { createNotices } from '../../src/store/notices.ts';

/** What people gave for the record, the oldest first. */
export async function contributionsIn(pool: Pool): Promise<Contribution[]> {
  const all = await createContributionStore(pool).page(null, 10_000);
  return all.map(({ contribution }) => contribution);
}

export const noticesIn = (pool: Pool) => createNotices(pool).list();

type KeptResponse = Pick<StoredResponse, 'number' | 'decision' | 'input' | 'reason' | 'state' | 'languages'> & {
  reference: string;
};

/** Every decision there was, the earlier ones too; those on one contribution one after the other. */
export async function responsesIn(pool: Pool): Promise<KeptResponse[]> {
  const { rows } = await pool.query<KeptResponse>(
    `SELECT c.reference, r.number, r.decision, r.input, r.reason, r.state, r.languages
     FROM response r JOIN contribution c ON c.id = r.contribution_id ORDER BY r.contribution_id, r.number`,
  );
  return rows;
}

export interface Outcome {
  id: string;
  state: string;
  reason: string | null;
  attempts: number;
  doubts: number;
  isLeased: boolean;
}

/** How messages stand, in the order in which they were made: those of a notice, or all. */
export async function outcomesIn(pool: Pool, notice: string | null = null): Promise<Outcome[]> {
  const { rows } = await pool.query<Outcome>(
    `SELECT id, state, reason, attempts, doubts, lease IS NOT NULL AS "isLeased" FROM delivery
     WHERE $1::text IS NULL OR notice_id = $1 ORDER BY id`,
    [notice],
  );
  return rows;
}

/** How many replies do not stand so. */
export async function repliesBut(pool: Pool, state: string): Promise<{ id: string; state: string }[]> {
  const { rows } = await pool.query<{ id: string; state: string }>(
    'SELECT id, state FROM delivery WHERE notice_id IS NULL AND state <> $1 ORDER BY id',
    [state],
  );
  return rows;
}

/** Whether everything that people did is handled. */
export async function isAllHandled(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(`SELECT FROM inbound_update WHERE state <> 'done'`);
  return rowCount === 0;
}
