import { DoneBefore, Refused } from '../../../actions/refused.ts';
import { at } from './address.ts';
import type { Visit } from './context.ts';
import { shown } from './layout.tsx';

/** What keeps a request from being done, as people read it: the keys of its title and its words. */
const PROBLEMS = {
  signed_out: 401,
  not_ours: 403,
  stale_form: 403,
  not_for_you: 403,
  missing: 404,
  done_before: 409,
  refused: 409,
  too_large: 413,
  no_form: 415,
  failed: 500,
} as const;
export type Problem = keyof typeof PROBLEMS;

/** A page that says what is the matter, and where to go from there. */
export function problemPage(visit: Visit, problem: Problem): Promise<Response> {
  const { phrases } = visit.reader;
  return shown(
    { visit, title: phrases(`problem_${problem}`), status: PROBLEMS[problem] },
    <>
      <p class="lead">{phrases(`problem_${problem}_words`)}</p>
      {problem === 'signed_out' && <p>{phrases('sign_in_terminal')}</p>}
      {visit.desk && (
        <p>
          <a href={at('')}>{phrases('home_back')}</a>
        </p>
      )}
    </>,
  );
}

/** What an action says against it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DoneBefore) return 'done_before';
  if (!(error instanceof Refused)) return 'refused';
  return error.reason === 'role' || error.reason === 'member' ? 'not_for_you' : 'refused';
}
