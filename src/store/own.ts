import type { Pool } from 'pg';
import type { ContributionState } from '../domain/records.ts';
import type { OwnContribution, OwnContributions, OwnPerson } from '../domain/turn.ts';

/** What one person has said, for that person. */
export function createOwnContributions(pool: Pool): OwnContributions {
  return {
    async person(key) {
      const { rows } = await pool.query<OwnPerson>(
        `SELECT contributor_id AS "contributorId", key, language, status, consent_version AS "consentVersion"
         FROM identity WHERE key = $1`,
        [key],
      );
      return rows[0] ?? null;
    },
    async latest(contributorId, limit) {
      const { rows } = await pool.query<OwnContribution>(
        `SELECT reference, text, state, kind, submitted_at AS "submittedAt", count(*) OVER ()::int AS total
         FROM contribution WHERE contributor_id = $1 AND NOT (kind = 'reply' AND coalesce(fields->>'reply', '') = 'clear')
         ORDER BY submitted_at DESC LIMIT $2`,
        [contributorId, limit],
      );
      return rows;
    },
    async find(contributorId, reference) {
      const { rows } = await pool.query<{ id: string; text: string; state: ContributionState }>(
        'SELECT id, text, state FROM contribution WHERE contributor_id = $1 AND reference = $2',
        [contributorId, reference],
      );
      return rows[0] ?? null;
    },
    async hasReplied(contributorId, responseId, reply) {
      const { rowCount } = await pool.query(
        `SELECT 1 FROM contribution WHERE contributor_id = $1 AND reply_to = $2 AND fields->>'reply' = $3`,
        [contributorId, responseId, reply],
      );
      return (rowCount ?? 0) > 0;
    },
  };
}
