import { z } from 'zod';
import type { ProposalReading, ProposalWrites } from '../responses/proposal.ts';
import { DECISION_COLUMNS } from './columns.ts';
import { CURRENT, processOr } from './current.ts';
import { type Queryable, statement } from './statement.ts';

export function createProposals(db: Queryable): ProposalReading & ProposalWrites {
  return {
    find: (reference) => OPEN.first(db, [reference]),
    count: async (process = null) => (await COUNT.first(db, [process]))?.count ?? 0,
    themes: () => UNDECIDED_THEMES.rows(db),
    decidedThemes: () => DECIDED_THEMES.rows(db),
    waitingFor: async (member) => (await WAITING.rows(db, [member])).map(({ reference }) => reference),
    undecided: async (theme, beside = '') =>
      (await UNDECIDED.rows(db, [theme, beside])).map(({ reference }) => reference),
    async put({ id, reference, decision, input, considered, influence, reason, beyond, by }, at) {
      await db.query(SUPERSEDE, [reference]);
      await db.query(PUT, [id, reference, decision, input, considered, influence, reason, beyond, by, at]);
    },
    async settle(id, state) {
      await db.query('UPDATE proposal SET state = $2 WHERE id = $1', [id, state]);
    },
  };
}

/** What was taken back meanwhile is nothing to decide on. */
const IS_OPEN = `p.state = 'open' AND c.state <> 'withdrawn'`;

export const OPEN = statement(
  {
    id: z.string(),
    reference: z.string(),
    ...DECISION_COLUMNS,
    by: z.string(),
  },
  `
  SELECT p.id, c.reference, p.decision, p.input, p.considered, p.influence, p.reason, p.beyond, p.by
  FROM proposal p JOIN contribution c ON c.id = p.contribution_id WHERE c.reference = $1 AND ${IS_OPEN}`,
);

export const COUNT = statement(
  { count: z.int() },
  `
  SELECT count(*)::int AS count FROM proposal p JOIN contribution c ON c.id = p.contribution_id
  WHERE ${IS_OPEN} AND c.process_id = ${processOr('$1')}`,
);

export const WAITING = statement(
  { reference: z.string() },
  `
  SELECT c.reference FROM proposal p JOIN contribution c ON c.id = p.contribution_id
  WHERE ${IS_OPEN} AND p.by <> $1 ORDER BY p.at, p.id`,
);

const SOMEBODYS = `c.process_id = ${CURRENT}
  AND EXISTS (SELECT FROM identity i WHERE i.id = c.identity_id AND i.status <> 'erased')`;
const IS_UNDECIDED = `${SOMEBODYS} AND c.state IN ('received', 'triaged')
  AND NOT EXISTS (SELECT FROM proposal p WHERE p.contribution_id = c.id AND p.state = 'open')`;

const BY_THEME = { theme: z.string().nullable(), count: z.int() };
const themesOf = (which: string): string =>
  `SELECT c.theme, count(*)::int AS count FROM contribution c WHERE ${which} GROUP BY c.theme ORDER BY 2 DESC, 1`;
export const UNDECIDED_THEMES = statement(BY_THEME, themesOf(IS_UNDECIDED));
export const DECIDED_THEMES = statement(BY_THEME, themesOf(`${SOMEBODYS} AND c.state = 'decided'`));

export const UNDECIDED = statement(
  { reference: z.string() },
  `
  SELECT c.reference FROM contribution c WHERE (${IS_UNDECIDED} OR c.reference = $2) AND c.theme IS NOT DISTINCT FROM $1
  ORDER BY c.submitted_at, c.id`,
);

const SUPERSEDE = `
  UPDATE proposal p SET state = 'discarded' FROM contribution c
  WHERE c.id = p.contribution_id AND c.reference = $1 AND p.state = 'open'`;

const PUT = `
  INSERT INTO proposal (id, contribution_id, decision, input, considered, influence, reason, beyond, by, at)
  SELECT $1, c.id, $3, $4, $5, $6, $7, $8, $9, $10 FROM contribution c WHERE c.reference = $2`;
