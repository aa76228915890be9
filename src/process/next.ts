import { isDeepStrictEqual } from 'node:util';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import type { ProcessDefinition } from './schema.ts';
import type { StoredProcess } from './stored.ts';

/** What applying a file means: a change of the open process, or the beginning of the one with this key. */
export interface Applying {
  key: string;
  opens: boolean;
}

type Current = Pick<StoredProcess, 'key' | 'closedAt' | 'definition'>;

/**
 * While a process is open, a file without an id, or with the id of that process, changes it. Once it is closed, a file
 * begins the next one, whose key is its id, or else made from its name.
 * @param keys of all processes that were applied
 * @throws UserError for a file of another process than the open one, and for one that would reopen a closed process
 */
export function applying(definition: ProcessDefinition, current: Current, keys: readonly string[]): Applying {
  const { key, closedAt } = current;
  const given = definition.id ?? keyOfName(definition);
  if (closedAt !== null) {
    if (keys.includes(given)) throw new UserError(closedWords(given));
    // The same file again, also for a process that began when processes had no keys.
    if (isDeepStrictEqual(definition, current.definition)) throw new UserError(closedWords(key ?? given));
    return { key: given, opens: true };
  }
  if (key === null) return { key: given, opens: true };
  if (definition.id !== undefined && definition.id !== key) throw new UserError(openWords(definition.id, key));
  return { key, opens: false };
}

const openWords = (given: string, open: string): string =>
  `This is the file of the process "${given}", and "${open}" is open. To change "${open}", write id: ${open}, or leave id ` +
  `out. To begin "${given}", close the open one first: ${commandLine('process close')}`;

const closedWords = (key: string): string =>
  `The process "${key}" is closed, and stays as it is. The next one needs an id of its own: write for example id: ${key.slice(0, 29)}-2 ` +
  `into the file. Answers to what was said in "${key}" go out as before: ${commandLine(`responses release --process ${key}`)}`;

const LONGEST = 31;

/** Made from the name in its first language: "Sixth Action Plan" is sixth-action-plan. */
function keyOfName({ name, languages }: ProcessDefinition): string {
  const words = typeof name === 'string' ? name : (name[languages[0] ?? ''] ?? Object.values(name)[0] ?? '');
  const key = words
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .reduce((all, word) => (all.length + word.length < LONGEST ? [all, word].filter(Boolean).join('-') : all), '');
  return key === '' ? 'process' : key;
}
