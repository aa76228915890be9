import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/store/database.ts';

/** Members have proposed these decisions, by reference, each a minute after the one before; nobody has confirmed them. */
export async function addProposals(
  { pool }: Pick<Database, 'pool'>,
  by: string,
  references: readonly string[],
  at = new Date(),
): Promise<void> {
  for (const [index, reference] of references.entries())
    await pool.query(
      `WITH made AS (
         INSERT INTO proposal (id, contribution_id, decision, input, considered, influence, reason, beyond, by, at)
         SELECT $1, id, 'rejection', 'Understood', 'In May', 'Nothing', 'No money', 'Next year', $2, $3 FROM contribution
         WHERE reference = $4 RETURNING id, by, at
       )
       INSERT INTO opinion (proposal_id, by, side, agrees, at)
       SELECT made.id, by, m.side, true, at FROM made LEFT JOIN member m ON m.id = by`,
      [randomUUID(), by, new Date(at.getTime() + index * 60_000), reference],
    );
}
