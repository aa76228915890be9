import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../../contributions/contribution.ts';
import { queryOf, readFilter } from '../../contributions/filterText.ts';
import type { ContributionQuery } from '../../contributions/search.ts';
import type { SavedView } from '../../contributions/triage.ts';
import { meant } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import type { ProcessDefinition } from '../../process/process.ts';
import { DECISIONS } from '../../responses/decision.ts';
import type { ContributionStore } from '../../responses/ports.ts';

/** As contributions are asked for at the terminal. */
export interface WantedContributions {
  search?: string;
  theme?: string;
  state?: string;
  decision?: string;
  kind?: string;
  question?: string;
  language?: string;
  since?: string;
  until?: string;
  /** The text of a filter; each of the others takes the place of what it says. */
  filter?: string;
}

/** @throws UserError for what is not a state or date, or is known neither to the process nor of any contribution */
export async function filterOf(
  { filter: text = '', ...wanted }: WantedContributions,
  store: Pick<ContributionStore, 'used'>,
  definition: ProcessDefinition,
): Promise<ContributionQuery> {
  const given = new URLSearchParams(text);
  for (const [key, word] of Object.entries(wanted)) given.set(key, await meantBy(key, word, store, definition));
  return queryOf(asOptions(given, text), definition.timeZone);
}

/** A value as it is written where it is kept: at the terminal it may be in other letters. */
async function meantBy(
  key: string,
  word: string,
  store: Pick<ContributionStore, 'used'>,
  { themes, questions, languages }: ProcessDefinition,
): Promise<string> {
  const used = async (what: 'theme' | 'question' | 'language', defined: readonly string[]) =>
    known(what, word, [...new Set([...defined, ...(await store.used(what))])]);
  if (key === 'theme')
    return used(
      key,
      themes.map(({ value }) => value),
    );
  if (key === 'question')
    return used(
      key,
      questions.map(({ id }) => id),
    );
  if (key === 'language') return used(key, languages);
  const closed = CLOSED[key];
  return closed ? known(key, word, closed) : word;
}

const CLOSED: Record<string, readonly string[]> = {
  state: CONTRIBUTION_STATES,
  kind: CONTRIBUTION_KINDS,
  decision: DECISIONS,
};

/** Mistakes are told by the options in which they were made. */
function asOptions(given: URLSearchParams, text: string): ReturnType<typeof readFilter> {
  const inText = new Set(new URLSearchParams(text).keys());
  try {
    return readFilter(given);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const told = error.all.map((problem) => `--${inText.has(problem.split(':')[0] ?? '') ? 'filter: ' : ''}${problem}`);
    throw new UserError(told.join('\n'), told);
  }
}

function known(what: string, word: string, names: readonly string[]): string {
  const found = names.find((name) => name.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw new UserError(`--${what}: there is no ${what} "${word}". ${meant(word, names)}`);
  return found;
}

/** A member's own search, else the one shared by all. @throws UserError when none has that name */
export function filterNamed(name: string, all: readonly SavedView[]): string {
  const [view] = all.filter((one) => one.name === name).sort((one) => (one.owner === null ? 1 : -1));
  if (view) return view.filter;
  const names = all.map((one) => one.name);
  throw new UserError(`--view: there is no view "${name}". ${meant(name, names)}`);
}
