import { z } from 'zod';
import {
  type ContributionQuery,
  FACETS,
  type Facet,
  FLAGS,
  type Flag,
  NONE,
  readSearch,
  type Search,
  type SearchPart,
} from '../contributions/search.ts';
import { processOr } from './current.ts';
import { type Queryable, statement } from './statement.ts';

/** A condition over contributions `c`, with what its placeholders stand for. */
export interface Condition {
  sql: string;
  values: unknown[];
}

/** Of response `r`: none that stands has come after it. */
const STANDS = `r.state NOT IN ('superseded', 'undone') AND NOT EXISTS (
    SELECT FROM response n WHERE n.contribution_id = r.contribution_id AND n.number > r.number
      AND n.state NOT IN ('superseded', 'undone'))`;

/** The ids of contributions with a decision that stands, and which it is. */
export const DECIDED = `SELECT r.contribution_id, r.decision FROM response r WHERE ${STANDS}`;
export const FLAGGED: Record<Exclude<Flag, 'files'>, string> = {
  proposed: `SELECT contribution_id FROM proposal WHERE state = 'open'`,
  asked: `SELECT contribution_id FROM thread WHERE state = 'open' AND contribution_id IS NOT NULL`,
  disputed: `SELECT t.contribution_id FROM thread t JOIN response r ON r.id = t.response_id
    WHERE t.kind IN ('disagreement', 'misunderstanding') AND ${STANDS}`,
};
export const HAS_FILES = `c.attachments <> '[]'`;

/** Where a facet stands: of contribution `c`, its author `i`, its triage `t`, and `decided` on it. */
export const COLUMN: Record<Facet, string> = {
  ...{ state: 'c.state', kind: 'c.kind', theme: 'c.theme', question: 'c.question', language: 'c.language' },
  ...{ channel: 'c.channel', source: 'c.source', group: 'i.stakeholder_group', decision: 'decided.decision' },
  ...{ tag: 't.tags', assigned: 't.assigned', workingGroup: 't.working_group', aside: 't.aside' },
};

/** Takes values, and gives the placeholders that stand for them. */
export function placeholders(first: number) {
  const values: unknown[] = [];
  return { values, put: (value: unknown): string => `$${first + values.push(value) - 1}` };
}
export type Put = (value: unknown) => string;

/**
 * What has to hold of contributions `c`; `grammars`: of what it searches for, from `grammarsFor`. What cannot be found is not
 * looked for. @param first the number of the first placeholder
 */
export function conditionOf(query: ContributionQuery, grammars: readonly Grammar[], first: number): Condition {
  const { put, values } = placeholders(first);
  const conditions = baseConditions(query, grammars, put);
  for (const facet of FACETS) if (query[facet]) conditions.push(facetCondition(facet, query[facet], put));
  for (const flag of FLAGS) if (query[flag] !== undefined) conditions.push(flagCondition(flag, query[flag]));
  return { sql: conditions.join('\n    AND '), values };
}

/** Those that are no filters with values of their own: the process, the dates and the words. */
export function baseConditions(query: ContributionQuery, grammars: readonly Grammar[], put: Put): string[] {
  const { process = null, since, until, search } = query;
  return [
    `c.process_id = ${processOr(put(process))}`,
    ...(since ? [`c.submitted_at >= ${put(since)}::timestamptz`] : []),
    ...(until ? [`c.submitted_at < ${put(until)}::timestamptz`] : []),
    ...(search === undefined ? [] : [searchCondition(readSearch(search), grammars, put)]),
  ];
}

function facetCondition(facet: Facet, wanted: readonly string[], put: Put): string {
  const list = put(wanted.filter((value) => value !== NONE));
  const none = wanted.includes(NONE);
  if (facet === 'decision') {
    const decided = `c.id IN (SELECT contribution_id FROM (${DECIDED}) AS d WHERE decision = ANY(${list}::text[]))`;
    return none ? `(${decided} OR c.id NOT IN (SELECT contribution_id FROM (${DECIDED}) AS d))` : decided;
  }
  if (facet === 'group')
    return `c.identity_id IN (SELECT i.id FROM identity i WHERE ${isOneOf(COLUMN.group, list, none)})`;
  if (IN_TRIAGE.includes(facet)) return triageCondition(facet, list, none);
  return isOneOf(COLUMN[facet], list, none);
}

const IN_TRIAGE: readonly Facet[] = ['tag', 'assigned', 'workingGroup', 'aside'];

function triageCondition(facet: Facet, list: string, none: boolean): string {
  const column = COLUMN[facet];
  const [has, some] =
    facet === 'tag'
      ? [`${column} && ${list}::text[]`, `${column} <> '{}'`]
      : [`${column} = ANY(${list}::text[])`, `${column} IS NOT NULL`];
  const found = `c.id IN (SELECT t.contribution_id FROM triage t WHERE ${has})`;
  return none ? `(${found} OR c.id NOT IN (SELECT t.contribution_id FROM triage t WHERE ${some}))` : found;
}

const isOneOf = (column: string, list: string, none: boolean): string =>
  none ? `(${column} = ANY(${list}::text[]) OR ${column} IS NULL)` : `${column} = ANY(${list}::text[])`;

function flagCondition(flag: Flag, wanted: boolean): string {
  if (flag === 'files') return wanted ? HAS_FILES : `NOT ${HAS_FILES}`;
  return `c.id ${wanted ? 'IN' : 'NOT IN'} (${FLAGGED[flag]})`;
}

/**
 * What was taken back is found by its reference alone. OFFSET 0: all that is found by the index is fetched first. Whoever holds a rare
 * word for a common one else goes through the whole list, page by page, and asks of each whether it is there.
 */
function searchCondition(search: Search | null, grammars: readonly Grammar[], put: Put): string {
  if (search === null) return 'FALSE';
  if (search.reference !== null) return `c.reference LIKE ${put(`${search.reference}%`)}`;
  const { wanted, unwanted } = search;
  const parts = [
    ...wanted.map((part, at) => partCondition(part, inGrammars(grammars, at, wanted.length > 1), put)),
    ...unwanted.map((part, at) => `NOT ${partCondition(part, inGrammars(grammars, wanted.length + at, false), put)}`),
  ];
  return `c.state <> 'withdrawn' AND c.id IN (
      SELECT s.contribution_id FROM contribution_search s WHERE ${parts.join('\n        AND ')} OFFSET 0)`;
}

interface Indexed {
  configuration: string;
  /** As PostgreSQL asks its index; null: beside the other words it need not be asked for. */
  query: string | null;
}

/** What a language does not index ("the") is taken to be there beside other words, and cannot be found by itself. */
const inGrammars = (grammars: readonly Grammar[], at: number, beside: boolean): Indexed[] =>
  grammars
    .map(({ configuration, queries }) => ({ configuration, query: queries[at] || null }))
    .filter(({ query }) => beside || query !== null);

/**
 * As it stands in the text, or in the grammar of its language. Two letters of a script without blanks are found by the index of
 * neighbours, which trigrams do not help with; what has neither letters nor digits is in no index.
 */
function partCondition(part: SearchPart, indexed: readonly Indexed[], put: Put): string {
  const stands = `s.folded LIKE ${put(`%${part.folded.replace(/[\\%_]/g, '\\$&')}%`)}`;
  if (part.neighbours.length > 0)
    return `(s.words @@ phraseto_tsquery('simple', ${put(part.neighbours.join(' '))}) AND ${stands})`;
  if (!/[\p{L}\p{N}]/u.test(part.folded)) return stands;
  const found = indexed.map(({ configuration, query }) => {
    const said = query === null ? '' : ` AND s.words @@ ${put(query)}::tsquery`;
    return `(s.configuration = ${put(configuration)}${said})`;
  });
  return `(${[stands, ...found].join('\n          OR ')})`;
}

/** How the parts of a search are asked for in one of the grammars in which words are indexed; '' is not indexed there. */
export interface Grammar {
  configuration: string;
  queries: string[];
}

/** The configurations come one after the other from the index, since there are few of them among many rows. */
export const GRAMMARS = statement(
  { configuration: z.string(), queries: z.array(z.string()) },
  `
  WITH RECURSIVE each AS (
    SELECT min(configuration) AS name FROM contribution_search
    UNION ALL SELECT (SELECT min(configuration) FROM contribution_search WHERE configuration > name) FROM each WHERE name IS NOT NULL
  )
  SELECT name AS configuration, ARRAY(
    SELECT (phraseto_tsquery(name::regconfig, part.words) || phraseto_tsquery(name::regconfig, part.folded))::text
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS part(words, folded, at) ORDER BY at) AS queries
  FROM each WHERE name IS NOT NULL`,
);

/** What `conditionOf` has to know of the database. */
export async function grammarsFor(db: Queryable, { search = '' }: ContributionQuery): Promise<Grammar[]> {
  const read = readSearch(search);
  if (read === null || read.reference !== null) return [];
  const parts = [...read.wanted, ...read.unwanted];
  return GRAMMARS.rows(db, [parts.map(({ words }) => words), parts.map(({ folded }) => folded)]);
}
