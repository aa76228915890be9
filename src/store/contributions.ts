import type { Pool } from 'pg';
import type { Bookmark, ContributionFilter, ContributionStore } from '../domain/decisions.ts';
import type { Count } from '../domain/ledger.ts';
import type { Contribution } from '../domain/records.ts';
import type { DecidedContribution, TranslationColumn } from '../domain/sheet.ts';

/** Contributions as the forum reads them: page by page, and counted. */
export function createContributionStore(pool: Pool): ContributionStore {
  return {
    page: (after, limit, filter = {}) => page(pool, after, limit, filter),
    async used(what) {
      const { rows } = await pool.query<{ value: string }>(
        `SELECT DISTINCT ${what} AS value FROM contribution WHERE ${what} IS NOT NULL ORDER BY 1`,
      );
      return rows.map(({ value }) => value);
    },
    async byReference(reference) {
      const { rows } = await pool.query<Contribution>(`SELECT ${FIELDS} FROM contribution c WHERE reference = $1`, [
        reference,
      ]);
      return rows[0] ?? null;
    },
    async translated() {
      const { rows } = await pool.query<{ column: TranslationColumn }>(TRANSLATED);
      return rows.map(({ column }) => column);
    },
    async counts() {
      const { rows } = await pool.query<Count>(COUNTS);
      return rows;
    },
  };
}

const RESPONSE_JSON = `json_build_object('id', r.id, 'contributionId', r.contribution_id, 'number', r.number,
  'decision', r.decision, 'input', r.input, 'considered', r.considered, 'influence', r.influence, 'reason', r.reason,
  'beyond', r.beyond, 'languages', r.languages, 'translations', r.translations, 'state', r.state)`;

/** The decision that stands on contribution `c`, as JSON or null. */
export const LATEST_RESPONSE = `(SELECT ${RESPONSE_JSON} FROM response r WHERE r.contribution_id = c.id
  AND r.state NOT IN ('superseded', 'undone')
  ORDER BY r.number DESC LIMIT 1)`;

/** How often somebody has decided on contribution `c`, or taken a decision back: it grows with either. */
export const DECISIONS = `(SELECT coalesce(max(r.number), 0) + count(*) FILTER (WHERE r.state = 'undone')
  FROM response r WHERE r.contribution_id = c.id)::int`;

const FIELDS = `c.id, c.reference, c.contributor_id AS "contributorId", c.kind, c.text, c.fields, c.attachments, c.language,
  c.channel, c.question, c.theme, c.source, c.attribution, c.attribution_name AS "attributionName", c.state,
  c.reply_to AS "replyTo", c.version, c.submitted_at AS "submittedAt", c.updated_at AS "updatedAt"`;

const PAGE = `
  SELECT ${FIELDS}, ${LATEST_RESPONSE} AS response, ${DECISIONS} AS decisions, (SELECT language FROM identity i WHERE i.id = c.identity_id) AS reads
  FROM contribution c WHERE (c.submitted_at, c.id) > ($1::timestamptz, $2::uuid) AND c.submitted_at >= $4
    AND ($5::text IS NULL OR c.theme = $5) AND ($6::text IS NULL OR c.state = $6) AND ($7::text IS NULL OR c.question = $7)
    AND ($8::text IS NULL OR c.language = $8)
  ORDER BY c.submitted_at, c.id LIMIT $3`;

async function page(
  pool: Pool,
  after: Bookmark | null,
  limit: number,
  { theme, state, question, language, since }: ContributionFilter,
): Promise<DecidedContribution[]> {
  const { rows } = await pool.query<Contribution & Omit<DecidedContribution, 'contribution'>>(PAGE, [
    after?.submittedAt ?? '-infinity',
    after?.id ?? '00000000-0000-0000-0000-000000000000',
    limit,
    since ?? '-infinity',
    ...[theme, state, question, language].map((each) => each ?? null),
  ]);
  return rows.map(({ response, decisions, reads, ...contribution }) => ({ contribution, response, decisions, reads }));
}

const TRANSLATED = `
  SELECT DISTINCT element || '.' || language AS column
  FROM response r, jsonb_each(r.translations) AS e(element, texts), jsonb_object_keys(texts) AS language
  WHERE r.state NOT IN ('superseded', 'undone')`;

const COUNTS = `
  SELECT kind, state, settled, unreachable, count(*)::int AS count FROM (
    SELECT c.kind, c.state,
      i.status = 'erased' OR (c.kind = 'reply' AND coalesce(c.fields->>'reply', '') = 'clear') AS settled,
      i.status IN ('stopped', 'unreachable') OR (c.state = 'released' AND EXISTS (
        SELECT 1 FROM response r JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = c.identity_id
        WHERE r.contribution_id = c.id AND r.state = 'released' AND d.state IN ('failed', 'skipped')
          AND d.reason IN ('blocked', 'deactivated', 'chat_not_found', 'stopped', 'unreachable'))) AS unreachable
    FROM contribution c JOIN identity i ON i.id = c.identity_id) AS each
  GROUP BY kind, state, settled, unreachable`;
