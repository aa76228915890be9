import { folded, neighbours } from '../core/fold.ts';
import { readReference } from '../core/reference.ts';

/** By what contributions are told apart; each can be asked for by any of several values, `NONE` for those without one. */
export const FACETS = [
  ...(['state', 'decision', 'kind', 'theme', 'question', 'language'] as const),
  ...(['channel', 'source', 'group', 'tag', 'assigned', 'workingGroup', 'aside'] as const),
];
export type Facet = (typeof FACETS)[number];
export const NONE = '';

/** What is so of a contribution, or is not: it has files, a decision on it awaits confirmation, its thread is open, its answer is disputed. */
export const FLAGS = ['files', 'proposed', 'asked', 'disputed'] as const;
export type Flag = (typeof FLAGS)[number];

/** What is asked of the list of contributions, all of which has to hold: a value that is kept, sent and compared as it is. */
export interface ContributionFilter extends Partial<Record<Facet, readonly string[]>>, Partial<Record<Flag, boolean>> {
  /** Words and "phrases", all of which are there; `-word` is not. Or a reference, or its beginning. */
  search?: string;
  /** A day or a time on the clock of the process: given then or later. */
  since?: string;
  /** Given before the end of that day, or before that time. */
  until?: string;
}

/** The same where it is asked: of a process, between moments. */
export interface ContributionQuery extends Omit<ContributionFilter, 'since' | 'until'> {
  /** The id of the process that they belong to; the current one when left out. */
  process?: number;
  since?: Date;
  /** Given before it. */
  until?: Date;
}

export const SORTS = ['oldest', 'newest'] as const;
export type Sort = (typeof SORTS)[number];

/** Where a page of contributions ended: the next one begins after it. */
export interface Bookmark {
  submittedAt: Date;
  id: string;
}

/** How many contributions there are of each value, were that asked for beside everything else that is. */
export interface FacetCounts {
  /** That are found. */
  total: number;
  facets: Record<Facet | Flag, Record<string, number>>;
}

/** One word or phrase that is looked for. */
export interface SearchPart {
  /** As it was written, for the grammar of a language. */
  words: string;
  /** As it stands in the folded text. */
  folded: string;
  /** Of scripts without blanks: each two letters that stand together in it. */
  neighbours: string[];
}

export interface Search {
  /** The beginning of a reference, where that is all there is. */
  reference: string | null;
  wanted: SearchPart[];
  unwanted: SearchPart[];
}

/** A longer one is no search any more. */
export const MOST_SEARCH = 400;
const MOST_PARTS = 16;
const PART = /(-?)"([^"]*)"?|(\S+)/g;

/** What a search asks for, whatever it is made of; null where nothing is left of it that could be looked for. */
export function readSearch(search: string): Search | null {
  const parts = [
    ...search
      .slice(0, MOST_SEARCH)
      .replace(/[“”„«»]/g, '"')
      .matchAll(PART),
  ]
    .slice(0, MOST_PARTS)
    .map(([, minus = '', phrase, word = '']) => {
      const isUnwanted = phrase === undefined ? /^-./.test(word) : minus !== '';
      return { isUnwanted, ...partOf(phrase ?? (isUnwanted ? word.slice(1) : word)) };
    })
    .filter((part) => part.folded !== '');
  if (parts.length === 0) return null;
  const of = (unwanted: boolean): SearchPart[] =>
    parts.filter((part) => part.isUnwanted === unwanted).map(({ isUnwanted, ...part }) => part);
  return { reference: referenceIn(search), wanted: of(false), unwanted: of(true) };
}

function partOf(words: string): SearchPart {
  const plain = folded(words);
  return { words: words.replace(/\p{Cc}/gu, ' '), folded: plain, neighbours: neighbours(plain) };
}

function referenceIn(search: string): string | null {
  const reference = readReference(search.slice(0, MOST_SEARCH));
  return /^HB-[A-Z0-9]+(\/\d*)?$/.test(reference) ? reference : null;
}
