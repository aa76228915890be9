import type { Pool } from 'pg';
import { z } from 'zod';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { Bookmark, ContributionQuery, Sort } from '../contributions/search.ts';
import type { ContributionStore } from '../responses/ports.ts';
import type { DecidedContribution, TranslationColumn } from '../responses/sheet/sheet.ts';
import { CONTRIBUTION, CONTRIBUTION_COLUMNS, STORED_RESPONSE } from './columns.ts';
import { conditionOf, type Grammar, grammarsFor } from './contributionSearch.ts';
import { processOr } from './current.ts';
import { countFacets } from './facetCounts.ts';
import { statement, word } from './statement.ts';
import { TRIAGE, TRIAGE_SHAPE } from './triage.ts';

/** Contributions as the forum reads them: in pages, and counted. */
export function createContributionStore(pool: Pool): ContributionStore {
  return {
    page: (after, limit, query = {}, sort = 'oldest') => page(pool, after, limit, query, sort),
    facets: (query = {}) => countFacets(pool, query),
    used: async (what, process = null) => (await USED[what].rows(pool, [process])).map(({ value }) => value),
    byReference: (reference) => BY_REFERENCE.first(pool, [reference]),
    translated: async (process = null) => (await TRANSLATED.rows(pool, [process])).map(({ column }) => column),
    counts: (process = null) => COUNTS.rows(pool, [process]),
  };
}

/** The decision that stands on contribution `c`, as JSON or null. */
export const LATEST_RESPONSE = `(
    SELECT json_build_object('id', r.id, 'contributionId', r.contribution_id, 'number', r.number, 'decision', r.decision,
      'input', r.input, 'considered', r.considered, 'influence', r.influence, 'reason', r.reason, 'beyond', r.beyond,
      'languages', r.languages, 'translations', r.translations, 'state', r.state)
    FROM response r
    WHERE r.contribution_id = c.id AND r.state NOT IN ('superseded', 'undone')
    ORDER BY r.number DESC LIMIT 1)`;

/** How often contribution `c` was decided, or a decision on it was taken back: it grows with either. */
export const DECISION_COUNT = `(
    SELECT coalesce(max(r.number), 0) + count(*) FILTER (WHERE r.state = 'undone')
    FROM response r WHERE r.contribution_id = c.id)::int`;

export const THEMES = statement(
  { value: z.string() },
  `SELECT DISTINCT theme AS value FROM contribution WHERE theme IS NOT NULL AND process_id = ${processOr('$1')} ORDER BY 1`,
);

export const QUESTIONS = statement(
  { value: z.string() },
  `SELECT DISTINCT question AS value FROM contribution WHERE question IS NOT NULL AND process_id = ${processOr('$1')} ORDER BY 1`,
);

export const LANGUAGES = statement(
  { value: z.string() },
  `SELECT DISTINCT language AS value FROM contribution WHERE process_id = ${processOr('$1')} ORDER BY 1`,
);

const USED = { theme: THEMES, question: QUESTIONS, language: LANGUAGES };

export const BY_REFERENCE = statement(
  CONTRIBUTION_COLUMNS,
  `
  SELECT ${CONTRIBUTION} FROM contribution c WHERE c.reference = $1`,
);

const PAGE_COLUMNS = {
  ...CONTRIBUTION_COLUMNS,
  response: STORED_RESPONSE.nullable(),
  decisions: z.int(),
  triage: TRIAGE_SHAPE,
  reads: z.string().nullable(),
};

const FIRST: Record<Sort, { submittedAt: string; id: string }> = {
  oldest: { submittedAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' },
  newest: { submittedAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
};

/** Of what is asked, at most $3 after the bookmark ($1, $2). */
export function pageOf(query: ContributionQuery, sort: Sort, grammars: readonly Grammar[]) {
  const { sql, values } = conditionOf(query, grammars, 4);
  const [after, order] = sort === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC'];
  const paging = statement(
    PAGE_COLUMNS,
    `
  SELECT ${CONTRIBUTION},
    ${LATEST_RESPONSE} AS response,
    ${DECISION_COUNT} AS decisions,
    ${TRIAGE} AS triage,
    (SELECT i.language FROM identity i WHERE i.id = c.identity_id) AS reads
  FROM contribution c LEFT JOIN triage t ON t.contribution_id = c.id
  WHERE (c.submitted_at, c.id) ${after} ($1::timestamptz, $2::uuid)
    AND ${sql}
  ORDER BY c.submitted_at ${order}, c.id ${order} LIMIT $3`,
    { composed: true },
  );
  return { paging, values };
}

async function page(
  pool: Pool,
  after: Bookmark | null,
  limit: number,
  query: ContributionQuery,
  sort: Sort,
): Promise<DecidedContribution[]> {
  const { paging, values } = pageOf(query, sort, await grammarsFor(pool, query));
  const { submittedAt, id } = after ?? FIRST[sort];
  const rows = await paging.rows(pool, [submittedAt, id, limit, ...values]);
  return rows.map(({ response, decisions, triage, reads, ...contribution }) => ({
    ...{ contribution, response, decisions, triage, reads },
  }));
}

export const TRANSLATED = statement(
  { column: word<TranslationColumn>() },
  `
  SELECT DISTINCT e.element || '.' || said.language AS column
  FROM response r
  JOIN contribution c ON c.id = r.contribution_id AND c.process_id = ${processOr('$1')}
  CROSS JOIN LATERAL jsonb_each(r.translations) AS e(element, texts)
  CROSS JOIN LATERAL jsonb_object_keys(e.texts) AS said(language)
  WHERE r.state NOT IN ('superseded', 'undone')`,
);

/** Of contribution `c` of identity `i`: who has stopped the bot, or to whom the platform did not let their response through. */
export const CANNOT_BE_REACHED = `(
      i.status IN ('stopped', 'unreachable') OR (c.state = 'released' AND EXISTS (
        SELECT FROM response r JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = c.identity_id
        WHERE r.contribution_id = c.id AND r.state = 'released' AND d.state IN ('failed', 'skipped')
          AND d.reason IN ('blocked', 'deactivated', 'chat_not_found', 'stopped', 'unreachable')
      )))`;

export const COUNTS = statement(
  {
    kind: z.enum(CONTRIBUTION_KINDS),
    state: z.enum(CONTRIBUTION_STATES),
    settled: z.boolean(),
    unreachable: z.boolean(),
    count: z.int(),
  },
  `
  WITH each AS (
    SELECT c.kind, c.state,
      i.status = 'erased' AS settled,
      ${CANNOT_BE_REACHED} AS unreachable
    FROM contribution c JOIN identity i ON i.id = c.identity_id
    WHERE c.process_id = ${processOr('$1')}
  )
  SELECT kind, state, settled, unreachable, count(*)::int AS count
  FROM each GROUP BY kind, state, settled, unreachable`,
);
