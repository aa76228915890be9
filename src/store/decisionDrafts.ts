import { z } from 'zod';
import { ELEMENTS } from '../responses/decision.ts';
import type { DecisionDrafts } from '../responses/proposal.ts';
import { type Queryable, statement } from './statement.ts';

export function createDecisionDrafts(db: Queryable): DecisionDrafts {
  return {
    find: async (member, reference) => (await FIND.first(db, [member, reference]))?.fields ?? null,
    async keep(member, reference, fields, at) {
      await db.query(KEEP, [member, reference, JSON.stringify(fields), at]);
    },
    async drop(member, reference) {
      await db.query(DROP, [member, reference]);
    },
  };
}

const FIELDS = z.partialRecord(z.enum(['decision', ...ELEMENTS]), z.string());

export const FIND = statement(
  { fields: FIELDS },
  `
  SELECT d.fields FROM decision_draft d JOIN contribution c ON c.id = d.contribution_id
  WHERE d.member_id = $1 AND c.reference = $2`,
);

const KEEP = `
  INSERT INTO decision_draft (member_id, contribution_id, fields, at)
  SELECT $1, c.id, $3, $4 FROM contribution c WHERE c.reference = $2
  ON CONFLICT (member_id, contribution_id) DO UPDATE SET fields = excluded.fields, at = excluded.at`;

const DROP = `
  DELETE FROM decision_draft d USING contribution c
  WHERE c.id = d.contribution_id AND d.member_id = $1 AND c.reference = $2`;
