import type { Pool } from 'pg';
import { z } from 'zod';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { OwnContributions } from '../conversation/turn.ts';
import { IDENTITY_STATUSES } from '../people/identity.ts';
import { statement } from './statement.ts';

/** What one person has said, for that person. */
export function createOwnContributions(pool: Pool): OwnContributions {
  return {
    person: (key) => PERSON.first(pool, [key]),
    latest: (contributorId, limit) => LATEST.rows(pool, [contributorId, limit]),
    find: (contributorId, reference) => FIND.first(pool, [contributorId, reference]),
    async hasReplied(contributorId, responseId, reply) {
      const { rowCount } = await pool.query(
        `SELECT 1 FROM contribution WHERE contributor_id = $1 AND reply_to = $2 AND fields->>'reply' = $3`,
        [contributorId, responseId, reply],
      );
      return (rowCount ?? 0) > 0;
    },
  };
}

export const PERSON = statement(
  {
    contributorId: z.string(),
    key: z.string(),
    language: z.string().nullable(),
    status: z.enum(IDENTITY_STATUSES),
    consentVersion: z.string().nullable(),
  },
  `
  SELECT contributor_id AS "contributorId", key, language, status, consent_version AS "consentVersion"
  FROM identity WHERE key = $1`,
);

export const LATEST = statement(
  {
    reference: z.string(),
    text: z.string(),
    state: z.enum(CONTRIBUTION_STATES),
    kind: z.enum(CONTRIBUTION_KINDS),
    submittedAt: z.date(),
    total: z.int(),
  },
  `
  SELECT reference, text, state, kind, submitted_at AS "submittedAt", count(*) OVER ()::int AS total
  FROM contribution
  WHERE contributor_id = $1 AND NOT (kind = 'reply' AND coalesce(fields->>'reply', '') = 'clear')
  ORDER BY submitted_at DESC LIMIT $2`,
);

export const FIND = statement(
  { id: z.string(), text: z.string(), state: z.enum(CONTRIBUTION_STATES) },
  `
  SELECT id, text, state FROM contribution WHERE contributor_id = $1 AND reference = $2`,
);
