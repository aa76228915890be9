import { filterText, queryOf, readFilter } from '../../../contributions/filterText.ts';
import type { Bookmark, ContributionFilter, ContributionQuery } from '../../../contributions/search.ts';
import { UserError } from '../../../core/errors.ts';
import { at } from './address.ts';
import type { MemberVisit } from './context.ts';

/** So many on a page: it stays small, and a morning's work. */
export const PAGE = 40;

/** What the address of a list asks for. */
export interface Asked {
  filter: ContributionFilter;
  /** Where the page before it ended. */
  after: Bookmark | null;
  /** What was done last: shown, with the way back. */
  done: string | null;
  /** What cannot be read of the filter, in words; nothing is filtered then. */
  wrong: readonly string[];
}

/** Of the list itself, and no filters. */
const OWN = ['after', 'done'];

export function askedIn(visit: MemberVisit): Asked {
  const given = new URL(visit.c.req.url).searchParams;
  const [after, done] = [given.get('after'), given.get('done')];
  for (const name of OWN) given.delete(name);
  return { ...filterIn(given), after: after === null ? null : bookmarkIn(after), done };
}

/** What cannot be read filters nothing, and is said. */
function filterIn(given: URLSearchParams | string): Pick<Asked, 'filter' | 'wrong'> {
  try {
    return { filter: readFilter(given), wrong: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { filter: {}, wrong: error.all };
  }
}

/** The filter that a form of the list carries along. */
export const carried = (fields: URLSearchParams): ContributionFilter => filterIn(fields.get(CARRIED) ?? '').filter;
export const CARRIED = 'filter';

export const queried = (filter: ContributionFilter, { process }: MemberVisit): ContributionQuery =>
  queryOf(filter, process.timeZone);

/** The address of a list. */
export function listAddress(filter: ContributionFilter, more: { after?: Bookmark; done?: string } = {}): string {
  const text = new URLSearchParams(filterText(filter));
  if (more.after) text.set('after', bookmarkText(more.after));
  if (more.done) text.set('done', more.done);
  const query = text.toString();
  return at(`/contributions${query && `?${query}`}`);
}

const bookmarkText = ({ submittedAt, id }: Bookmark): string => `${submittedAt.toISOString()}_${id}`;

/** Null for what is none: the list begins at its beginning then. */
function bookmarkIn(text: string): Bookmark | null {
  const [moment = '', id = ''] = text.split('_');
  const submittedAt = new Date(moment);
  return Number.isNaN(submittedAt.getTime()) || !/^[\da-f-]{36}$/.test(id) ? null : { submittedAt, id };
}
