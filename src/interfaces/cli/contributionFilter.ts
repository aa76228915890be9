import { CONTRIBUTION_STATES, type ContributionState } from '../../contributions/contribution.ts';
import { isLocal, momentOf } from '../../core/calendar.ts';
import { meant } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import type { ProcessDefinition } from '../../process/process.ts';
import type { ContributionFilter, ContributionStore } from '../../responses/ports.ts';

/** As contributions are asked for at the terminal. */
export interface WantedContributions {
  theme?: string;
  state?: string;
  question?: string;
  language?: string;
  since?: string;
}

/** @throws UserError for what is not a state or date, or is known neither to the process nor of any contribution */
export async function filterOf(
  { theme, question, language, since, state }: WantedContributions,
  store: Pick<ContributionStore, 'used'>,
  { themes, questions, languages, timeZone }: ProcessDefinition,
): Promise<ContributionFilter> {
  const used = async (what: 'theme' | 'question' | 'language', word: string | undefined, defined: readonly string[]) =>
    word === undefined ? {} : { [what]: known(what, word, [...new Set([...defined, ...(await store.used(what))])]) };
  return {
    ...(await used(
      'theme',
      theme,
      themes.map(({ value }) => value),
    )),
    ...(await used(
      'question',
      question,
      questions.map(({ id }) => id),
    )),
    ...(await used('language', language, languages)),
    ...(state !== undefined && { state: known('state', state, CONTRIBUTION_STATES) as ContributionState }),
    ...(since !== undefined && { since: new Date(momentOf(localSince(since), timeZone)) }),
  };
}

function known(what: keyof WantedContributions, word: string, names: readonly string[]): string {
  const found = names.find((name) => name.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw new UserError(`--${what}: there is no ${what} "${word}". ${meant(word, names)}`);
  return found;
}

/** What `--since` says. @throws UserError for what is not a date */
export function localSince(since: string): string {
  if (isLocal(since)) return since;
  throw new UserError(
    `--since: "${since}" is not a date. Write it like 2027-03-14, or with a time like 2027-03-14T09:00.`,
  );
}
