import { DoneBefore, Refused } from '../../../actions/refused.ts';
import { UserError } from '../../../core/errors.ts';
import type { MemberVisit } from './context.ts';
import { Note, shown } from './layout.tsx';
import { carried, listAddress } from './list.ts';

/** What is wrong with what was asked for is said; what an action refuses has a page of its own. */
export async function orSaid(visit: MemberVisit, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Refused || error instanceof DoneBefore) throw error;
    return notDone(visit, 'triage_not_possible', error.message);
  }
}

/** Why nothing was done, and the way back to the list as it was. */
export function notDone(visit: MemberVisit, what: string, words?: string): Promise<Response> {
  const { phrases } = visit.reader;
  return shown(
    { visit, title: phrases('contributions_title'), status: 400 },
    <>
      <Note kind="wrong">
        <p>{phrases(what)}</p>
        {words && <p lang="en">{words}</p>}
      </Note>
      <p>
        <a href={listAddress(carried(visit.fields))}>{phrases('triage_leave')}</a>
      </p>
    </>,
  );
}
