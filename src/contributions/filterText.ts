import { z } from 'zod';
import { endOf, isLocal, momentOf } from '../core/calendar.ts';
import { meant } from '../core/didYouMean.ts';
import { UserError } from '../core/errors.ts';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from './contribution.ts';
import { type ContributionFilter, type ContributionQuery, FACETS, FLAGS, MOST_SEARCH, readSearch } from './search.ts';

const MOST_VALUES = 100;
const MOST_VALUE = 200;
const DATE = 'is not a date. Write it like 2027-03-14, or with a time like 2027-03-14T09:00.';

const values = z
  .array(
    z
      .string()
      .max(MOST_VALUE, `is longer than ${MOST_VALUE} characters. Leave it out`)
      .regex(/^\P{Cc}*$/u, 'has characters in it that nobody can see. Leave them out'),
  )
  .max(MOST_VALUES, `has more than ${MOST_VALUES} values. Leave some out`);
const oneOf = (what: string, known: readonly string[]) =>
  z.array(
    z.string().refine((value) => known.includes(value), {
      error: ({ input }) => `there is no ${what} "${shown(input)}". ${meant(String(input), known)}`,
    }),
  );
const single = z.array(z.string()).length(1, 'is there more than once. Leave one');
const local = single
  .transform(([text]) => text ?? '')
  .refine(isLocal, { error: ({ input }) => `"${shown(input)}" ${DATE}` });
const flag = single
  .refine(([value]) => value === 'yes' || value === 'no', 'must be yes or no')
  .transform(([value]) => value === 'yes');
const search = single
  .transform(([text]) => (text ?? '').trim())
  .refine((text) => text.length <= MOST_SEARCH, `is longer than ${MOST_SEARCH} characters. Search for fewer words`)
  .refine((text) => readSearch(text) !== null, 'has nothing in it that could be found. Write a word');

const FIELDS: Record<string, z.ZodType> = {
  ...Object.fromEntries(FACETS.map((facet) => [facet, values])),
  ...Object.fromEntries(FLAGS.map((name) => [name, flag])),
  state: oneOf('state', CONTRIBUTION_STATES),
  kind: oneOf('kind', CONTRIBUTION_KINDS),
  ...{ search, since: local, until: local },
};
const KEYS = ['search', ...FACETS, ...FLAGS, 'since', 'until'];

const shown = (input: unknown): string => String(input).slice(0, 60);

/**
 * A filter from its text, `state=received&theme=health&theme=`: as a query string has it, and as it is kept. Empty searches and dates are
 * left out. @throws UserError that names each key which is wrong, and the remedy
 */
export function readFilter(text: string | URLSearchParams): ContributionFilter {
  const given = new URLSearchParams(text);
  const read = [...new Set(given.keys())].map((key) => readField(key, [...new Set(given.getAll(key))]));
  const problems = read.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new UserError(problems.join('\n'), problems);
  return Object.fromEntries(read.flatMap(({ field }) => (field ? [field] : [])));
}

/** Of forms, which send what nobody has filled in. */
const LEFT_EMPTY = ['search', ...FLAGS, 'since', 'until'];

function readField(key: string, given: string[]): { field?: [string, unknown]; problem?: string } {
  const schema = FIELDS[key];
  if (!schema) return { problem: `${shown(key)}: contributions are not filtered by that. ${meant(shown(key), KEYS)}` };
  if (LEFT_EMPTY.includes(key) && given.every((value) => value.trim() === '')) return {};
  const read = schema.safeParse(given);
  return read.success
    ? { field: [key, read.data] }
    : { problem: `${key}: ${(read.error.issues[0]?.message ?? 'cannot be read').replace(/(?<![?.])$/, '.')}` };
}

/** The text of a filter; `readFilter` makes the same filter of it. */
export function filterText(filter: ContributionFilter): string {
  const text = new URLSearchParams();
  for (const key of KEYS) {
    const value = filter[key as keyof ContributionFilter];
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value])
      text.append(key, typeof one === 'boolean' ? yesNo(one) : one);
  }
  return text.toString();
}

const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

/** The filter as it is asked, with its days and times on the clock of that zone. */
export function queryOf({ since, until, ...filter }: ContributionFilter, timeZone: string): ContributionQuery {
  return {
    ...filter,
    ...(since !== undefined && { since: new Date(momentOf(since, timeZone)) }),
    ...(until !== undefined && { until: new Date(endOf(until, timeZone)) }),
  };
}
