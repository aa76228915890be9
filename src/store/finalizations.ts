import { z } from 'zod';
import type { FinalizationWrites } from '../responses/finalization.ts';
import { OWED } from '../responses/gate.ts';
import { OPINION } from './opinions.ts';
import { type Queryable, statement } from './statement.ts';

export const createFinalizations = (db: Queryable): FinalizationWrites => ({
  proposed: (process) => PROPOSED.first(db, [process]),
  async of(process) {
    const row = await FINALIZED.first(db, [process]);
    return row && { ...row, override: row.overrideId === null ? null : await BY_ID.first(db, [row.overrideId]) };
  },
  async propose(process, { id, reason, owed, opinions }, at) {
    await db.query(`UPDATE override SET state = 'replaced' WHERE process_id = $1 AND state = 'open'`, [process]);
    await db.query(
      'INSERT INTO override (id, process_id, reason, owed, opinions, at) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, process, reason, JSON.stringify(owed), JSON.stringify(opinions), at],
    );
  },
  async say(id, opinions) {
    await db.query('UPDATE override SET opinions = $2 WHERE id = $1', [id, JSON.stringify(opinions)]);
  },
  async finalize(process, by, override, at) {
    await db.query(
      `UPDATE override SET state = CASE WHEN id = $2 THEN 'confirmed' ELSE 'replaced' END
      WHERE process_id = $1 AND state = 'open'`,
      [process, override],
    );
    return (await FINALIZE.first(db, [process, by, override, at])) !== null;
  },
});

const OVERRIDE = {
  id: z.string(),
  reason: z.string(),
  owed: z.partialRecord(z.enum(OWED), z.int()),
  opinions: z.array(OPINION),
};

export const PROPOSED = statement(
  OVERRIDE,
  `SELECT id, reason, owed, opinions FROM override WHERE process_id = $1 AND state = 'open'`,
);

export const BY_ID = statement(OVERRIDE, 'SELECT id, reason, owed, opinions FROM override WHERE id = $1');

export const FINALIZED = statement(
  { at: z.date(), by: z.string(), overrideId: z.string().nullable() },
  `
  SELECT finalized_at AS at, finalized_by AS by, override_id AS "overrideId" FROM process
  WHERE id = $1 AND finalized_at IS NOT NULL`,
);

export const FINALIZE = statement(
  { id: z.int() },
  `
  UPDATE process SET finalized_at = $4, finalized_by = $2, override_id = $3 WHERE id = $1 AND finalized_at IS NULL RETURNING id`,
);
