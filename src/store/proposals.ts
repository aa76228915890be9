import { z } from 'zod';
import type { ProposalReading, ProposalWrites } from '../responses/proposal.ts';
import { DECISION_COLUMNS } from './columns.ts';
import { CURRENT, processOr } from './current.ts';
import { isOpen, OPINION, waitsFor } from './opinions.ts';
import { type Queryable, statement } from './statement.ts';

export function createProposals(db: Queryable): ProposalReading & ProposalWrites {
  return {
    find: (reference) => OPEN.first(db, [reference]),
    async hold(reference) {
      await db.query(HOLD, [reference]);
      return OPEN.first(db, [reference]);
    },
    latest: (reference) => LATEST.first(db, [reference]),
    open: (process = null) => SAID_OF.rows(db, [process]),
    interestedIn: async (reference) => (await INTERESTED.rows(db, [reference])).map(({ by }) => by),
    themes: () => UNDECIDED_THEMES.rows(db),
    decidedThemes: () => DECIDED_THEMES.rows(db),
    waitingFor: async (member) => (await WAITING.rows(db, [member])).map(({ reference }) => reference),
    undecided: async (theme, beside = '') =>
      (await UNDECIDED.rows(db, [theme, beside])).map(({ reference }) => reference),
    async put({ id, reference, decision, input, considered, influence, reason, beyond, by }, at) {
      await db.query(SUPERSEDE, [reference]);
      await db.query(PUT, [id, reference, decision, input, considered, influence, reason, beyond, by, at]);
    },
    async say(id, { by, side, agrees, words, at }) {
      await db.query(SAY, [id, by, side, agrees, words, at]);
    },
    async setInterest(reference, member, since) {
      await db.query(
        since === null ? NO_INTEREST : INTEREST,
        since === null ? [reference, member] : [reference, member, since],
      );
    },
    async settle(id, state) {
      await db.query('UPDATE proposal SET state = $2 WHERE id = $1', [id, state]);
    },
  };
}

const IS_OPEN = isOpen('p', 'c');

const PROPOSAL = { id: z.string(), reference: z.string(), ...DECISION_COLUMNS, by: z.string() };
const OF_PROPOSAL = 'p.id, c.reference, p.decision, p.input, p.considered, p.influence, p.reason, p.beyond, p.by';

const SAID = { opinions: z.array(OPINION), interested: z.array(z.string()) };
/** Of proposal `p`, by the names of `Opinions`. */
const OF_SAID = `
  coalesce((SELECT jsonb_agg(jsonb_build_object('by', v.by, 'side', v.side, 'agrees', v.agrees, 'words', v.words, 'at', v.at)
    ORDER BY v.at, v.by) FROM opinion v WHERE v.proposal_id = p.id), '[]') AS opinions,
  ARRAY(SELECT x.by FROM interest x WHERE x.contribution_id = p.contribution_id ORDER BY x.by) AS interested`;

export const OPEN = statement(
  { ...PROPOSAL, ...SAID },
  `
  SELECT ${OF_PROPOSAL}, ${OF_SAID}
  FROM proposal p JOIN contribution c ON c.id = p.contribution_id WHERE c.reference = $1 AND ${IS_OPEN}`,
);

/** What is said meanwhile by others is read after it, not with it. */
const HOLD = `
  SELECT FROM proposal p JOIN contribution c ON c.id = p.contribution_id WHERE c.reference = $1 AND p.state = 'open' FOR UPDATE OF p`;

export const LATEST = statement(
  PROPOSAL,
  `
  SELECT ${OF_PROPOSAL} FROM proposal p JOIN contribution c ON c.id = p.contribution_id
  WHERE c.reference = $1 AND (${IS_OPEN} OR p.state = 'confirmed') ORDER BY p.state = 'open' DESC, p.at DESC, p.id LIMIT 1`,
);

export const SAID_OF = statement(
  { reference: z.string(), ...SAID },
  `
  SELECT c.reference, ${OF_SAID} FROM proposal p JOIN contribution c ON c.id = p.contribution_id
  WHERE ${IS_OPEN} AND c.process_id = ${processOr('$1')} ORDER BY p.at, p.id`,
);

export const INTERESTED = statement(
  { by: z.string() },
  `
  SELECT x.by FROM interest x JOIN contribution c ON c.id = x.contribution_id WHERE c.reference = $1 ORDER BY x.by`,
);

export const WAITING = statement(
  { reference: z.string() },
  `
  SELECT c.reference FROM proposal p JOIN contribution c ON c.id = p.contribution_id JOIN member w ON w.id = $1
  WHERE ${IS_OPEN} AND ${waitsFor('p', 'w')} ORDER BY p.at, p.id`,
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

const SAY = `
  INSERT INTO opinion (proposal_id, by, side, agrees, words, at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (proposal_id, by) DO UPDATE
    SET side = excluded.side, agrees = excluded.agrees, words = excluded.words, at = excluded.at`;

const INTEREST = `
  INSERT INTO interest (contribution_id, by, at) SELECT c.id, $2, $3 FROM contribution c WHERE c.reference = $1
  ON CONFLICT DO NOTHING`;
const NO_INTEREST = `
  DELETE FROM interest x USING contribution c WHERE c.id = x.contribution_id AND c.reference = $1 AND x.by = $2`;
