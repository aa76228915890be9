import { createHash } from 'node:crypto';
import { folded, neighbours } from '../core/fold.ts';
import type { Contribution } from './contribution.ts';

export type Unindexed = Pick<Contribution, 'id' | 'text' | 'fields' | 'language' | 'updatedAt'>;

/** How a contribution is found by its words. */
export interface SearchEntry extends Pick<Unindexed, 'id' | 'updatedAt'> {
  /** The grammar of its language, by PostgreSQL's name for it. */
  configuration: string;
  words: string;
  folded: string;
  neighbours: string;
  /** Of the letters and digits alone: those who say the same have the same. */
  mark: string;
}

export interface SearchIndex {
  /** Contributions whose words cannot be found yet. */
  unindexed(limit: number): Promise<Unindexed[]>;
  /** Leaves out what has changed since it was read: it stays unindexed. */
  keep(entries: readonly SearchEntry[]): Promise<void>;
  /** Looks for the nearest of so many that can be found since. Gives how many there were. */
  compare(limit: number): Promise<number>;
}

const BATCH = 200;
/** Each takes many times as long as to be indexed: what comes in meanwhile can be found first. */
const COMPARED = 10;
/** What is longer than any message is found by how it begins. */
const MOST_LETTERS = 100_000;

/**
 * Makes what came in or has changed since the last time be found, and its nearest be known; ends when nothing is left of it,
 * or soon after `isOver` says so: the next one goes on.
 */
export const createIndexer =
  (index: SearchIndex, isOver: () => boolean = () => false) =>
  async (): Promise<void> => {
    do await keepUp(index, isOver);
    while (!isOver() && (await index.compare(COMPARED)) > 0);
  };

async function keepUp(index: SearchIndex, isOver: () => boolean): Promise<void> {
  for (let left = await index.unindexed(BATCH); left.length > 0 && !isOver(); left = await index.unindexed(BATCH))
    await index.keep(left.map(entryOf));
}

export function entryOf({ id, text, fields, language, updatedAt }: Unindexed): SearchEntry {
  const words = [text, ...textsIn(fields)].join('\n').replace(/\0/g, '').slice(0, MOST_LETTERS);
  const plain = folded(words);
  return {
    ...{ id, updatedAt, words, folded: plain, neighbours: neighbours(plain).join(' ') },
    configuration: CONFIGURATIONS[language.split('-')[0] ?? ''] ?? 'simple',
    mark: createHash('sha256')
      .update(plain.replace(/[^\p{L}\p{N}]+/gu, ''))
      .digest('base64url')
      .slice(0, 22),
  };
}

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** By the language: those that PostgreSQL has a grammar for. */
const CONFIGURATIONS: Record<string, string> = {
  ...{ ar: 'arabic', hy: 'armenian', eu: 'basque', ca: 'catalan', da: 'danish', nl: 'dutch', en: 'english' },
  ...{ et: 'estonian', fi: 'finnish', fr: 'french', de: 'german', el: 'greek', hi: 'hindi', hu: 'hungarian' },
  ...{ id: 'indonesian', ga: 'irish', it: 'italian', lt: 'lithuanian', ne: 'nepali', no: 'norwegian', nb: 'norwegian' },
  ...{ nn: 'norwegian', pt: 'portuguese', ro: 'romanian', ru: 'russian', sr: 'serbian', es: 'spanish', sv: 'swedish' },
  ...{ ta: 'tamil', tr: 'turkish', yi: 'yiddish' },
};
