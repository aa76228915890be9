import { z } from 'zod';
import {
  type ContributionQuery,
  FACETS,
  type Facet,
  type FacetCounts,
  FLAGS,
  type Flag,
} from '../contributions/search.ts';
import {
  baseConditions,
  COLUMN,
  DECIDED,
  FLAGGED,
  type Grammar,
  grammarsFor,
  HAS_FILES,
  placeholders,
} from './contributionSearch.ts';
import { type Queryable, statement } from './statement.ts';

type Told = Facet | Flag;
const TOLD: readonly Told[] = [...FACETS, ...FLAGS];
const TOTAL = 'total';

/** What stands beside each value of the filters: how many there were of it, were it asked for beside the others. */
export async function countFacets(db: Queryable, query: ContributionQuery): Promise<FacetCounts> {
  const { counting, values } = countsOf(query, await grammarsFor(db, query));
  const counts: FacetCounts = {
    total: 0,
    facets: Object.fromEntries(TOLD.map((name) => [name, {}])) as FacetCounts['facets'],
  };
  for (const { facet, value, missed, count } of await counting.rows(db, values)) {
    if (missed !== null && missed !== facet) continue;
    if (facet === TOTAL) counts.total = count;
    else counts.facets[facet as Told][value] = (counts.facets[facet as Told][value] ?? 0) + count;
  }
  return counts;
}

/** The value of a facet or flag in a row of `each`; never null, so that a null says that another is counted. */
const tellingValue = (name: Told): string =>
  name === 'files'
    ? HAS_FILES
    : name in FLAGGED
      ? `${name}.contribution_id IS NOT NULL`
      : name === 'tag'
        ? `coalesce(nullif(${COLUMN.tag}, '{}'), '{""}')`
        : `coalesce(${COLUMN[name as Facet]}, '')`;
/** Those of which a contribution has one value; of tags it has several, which are counted one by one. */
const SINGLE = TOLD.filter((name) => name !== 'tag');

/**
 * All in one pass. `each`: those that the words and dates leave, with the one filter that each of them misses: it counts for
 * the values of that filter, and for nothing else. Rows that are alike are counted first, and then by each column.
 */
export function countsOf(query: ContributionQuery, grammars: readonly Grammar[]) {
  const { put, values } = placeholders(1);
  const conditions = baseConditions(query, grammars, put);
  const asked = TOLD.filter((name) => query[name] !== undefined);
  const misses = asked.map((name) => `CASE WHEN NOT ${metBy(name, query, put)} THEN '${name}' END`);
  const missed = misses.length === 0 ? 'ARRAY[]::text[]' : `array_remove(ARRAY[${misses.join(', ')}]::text[], NULL)`;
  const columns = TOLD.map((name) => `"${name}"`);
  const counting = statement(
    { facet: z.string(), value: z.string(), missed: z.string().nullable(), count: z.int() },
    `
  WITH each AS (
    SELECT ${TOLD.map((name) => `${tellingValue(name)} AS "${name}"`).join(', ')}, ${missed} AS missed
    FROM contribution c JOIN identity i ON i.id = c.identity_id
    LEFT JOIN triage t ON t.contribution_id = c.id
    LEFT JOIN (${DECIDED}) AS decided ON decided.contribution_id = c.id
    ${Object.entries(FLAGGED)
      .map(
        ([name, ids]) =>
          `LEFT JOIN (SELECT DISTINCT contribution_id FROM (${ids}) AS all_${name}) AS ${name} ON ${name}.contribution_id = c.id`,
      )
      .join('\n    ')}
    WHERE ${conditions.join('\n    AND ')}
  ), alike AS MATERIALIZED (
    SELECT ${columns.join(', ')}, missed[1] AS missed, count(*) AS count
    FROM each WHERE cardinality(missed) <= 1 GROUP BY ${columns.join(', ')}, missed[1]
  )
  SELECT CASE ${SINGLE.map((name) => `WHEN grouping("${name}") = 0 THEN '${name}'`).join(' ')} ELSE '${TOTAL}' END AS facet,
    coalesce(${SINGLE.map((name) => `"${name}"::text`).join(', ')}, '') AS value, missed, sum(count)::int AS count
  FROM alike GROUP BY GROUPING SETS ((missed), ${SINGLE.map((name) => `(missed, "${name}")`).join(', ')})
  UNION ALL
  SELECT 'tag', one.tag, missed, sum(count)::int FROM alike, unnest(alike.tag) AS one(tag) GROUP BY one.tag, missed`,
    { composed: true },
  );
  return { counting, values };
}

function metBy(name: Told, query: ContributionQuery, put: (value: unknown) => string): string {
  const wanted = query[name];
  if (name === 'tag') return `(${tellingValue(name)} && ${put(wanted)}::text[])`;
  if (Array.isArray(wanted)) return `(${tellingValue(name)} = ANY(${put(wanted)}::text[]))`;
  return wanted ? `(${tellingValue(name)})` : `(NOT (${tellingValue(name)}))`;
}
