import {
  type Condition,
  type ConditionMaker,
  type Deed,
  type Fact,
  madeOf,
  type Property,
} from '../notices/audience/audience.ts';
import { processOr } from './current.ts';

/** A piece of SQL with the values of its placeholders. */
export interface Sql {
  sql: string;
  values: unknown[];
}

/**
 * A condition over `identity i`, never null, with placeholders from the `first` on. What somebody has done counts in one
 * process: that of this id, or (null) the current one.
 */
export function conditionSql(condition: Condition, first: number, process: number | null = null): Sql {
  const values: unknown[] = [];
  const given = (value: unknown) => `$${first - 1 + values.push(value)}`;
  return {
    sql: madeOf(
      condition,
      maker(given, () => processOr(given(process))),
    ),
    values,
  };
}

type Given = (value: unknown) => string;

const between = (sign: string) => (parts: string[]) => `(${parts.join(sign)})`;

const maker = (given: Given, process: () => string): ConditionMaker<string> => ({
  all: between(' AND '),
  any: between(' OR '),
  not: (part) => `NOT ${part}`,
  property: (name, values) => `((${PROPERTIES[name](values, given)}) IS TRUE)`,
  deed: (name, of) => DEEDS[name](given(of), process),
  fact: (name) => FACTS[name](process()),
  unseen: (days) => `(i.seen_at <= now() - make_interval(hours => 24 * ${given(days)}::int))`,
});

const among = (column: string) => (values: string[], given: Given) => `${column} = ANY(${given(values)}::text[])`;

const PROPERTIES: Record<Property, (values: string[], given: Given) => string> = {
  channel: among('i.channel'),
  group: among('i.stakeholder_group'),
  source: among('i.source'),
  /** People write it as it comes. */
  place: (values, given) =>
    `lower(i.place) = ANY(ARRAY(SELECT lower(value) FROM unnest(${given(values)}::text[]) AS value))`,
  /** "pt" means everybody who reads Portuguese, "pt-BR" only those who said so; platforms write either case. */
  language(values, given) {
    const tags = values.map((value) => value.toLowerCase());
    const regions = tags.map((tag) => `${tag.replace(/[\\%_]/g, '\\$&')}-%`);
    return `lower(i.language) = ANY(${given(tags)}::text[]) OR lower(i.language) LIKE ANY(${given(regions)}::text[])`;
  },
  /** People who want everything want this too. */
  topic: (values, given) => `i.wants = 'all' OR (i.wants = 'chosen' AND i.topics && ${given(values)}::text[])`,
};

/**
 * A lookup or hash: as a join it could become nested loops, which take forever while the planner has no statistics yet
 * on how many have answered a question.
 */
const exists = (rows: string) => `((EXISTS (SELECT 1 FROM ${rows})) IS TRUE)`;

/** By the person, not the chat: what they have said on another platform counts as well. */
const said = (process: string, more = '') =>
  exists(
    `contribution c WHERE c.process_id = ${process} AND c.contributor_id = i.contributor_id AND c.state <> 'withdrawn'${more}`,
  );

const invited = (process: string, event: string, answers: string) =>
  exists(
    `attendance a WHERE a.process_id = ${process} AND a.identity_id = i.id AND a.event = ${event} AND a.answer IN (${answers})`,
  );

const DEEDS: Record<Deed, (of: string, process: () => string) => string> = {
  answered: (question, process) => said(process(), ` AND c.question = ${question}`),
  contributed: (theme, process) => said(process(), ` AND c.theme = ${theme}`),
  attends: (event, process) => invited(process(), event, `'yes', 'maybe'`),
  replied: (event, process) => invited(process(), event, `'yes', 'maybe', 'no'`),
  /** In the chat where it arrived. */
  received: (notice) =>
    exists(`delivery h WHERE h.notice_id = ${notice} AND h.identity_id = i.id AND h.state = 'sent'`),
};

/** A response that was superseded had arrived if its message brought it. */
const FACTS: Record<Fact, (process: string) => string> = {
  took_part: (process) => said(process),
  heard_back: (process) =>
    exists(`contribution c JOIN response r ON r.contribution_id = c.id
    LEFT JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = c.identity_id AND r.state = 'superseded'
    WHERE c.process_id = ${process} AND c.contributor_id = i.contributor_id AND (r.state = 'delivered'
      OR CASE WHEN d.payload ? 'brought' THEN d.payload->'brought' ? r.id::text ELSE d.state = 'sent' END)`),
};
