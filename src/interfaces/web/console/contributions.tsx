import { filterText } from '../../../contributions/filterText.ts';
import type { FacetCounts } from '../../../contributions/search.ts';
import type { TriageStep } from '../../../contributions/triage.ts';
import { ROLES } from '../../../people/member.ts';
import type { DecidedContribution } from '../../../responses/sheet/sheet.ts';
import type { MemberVisit, Route } from './context.ts';
import { Filters } from './filters.tsx';
import { Form, Note, shown } from './layout.tsx';
import { type Asked, askedIn, CARRIED, listAddress, PAGE, queried } from './list.ts';
import { isFor, TRIAGE_WRITERS } from './roles.ts';
import { Row } from './row.tsx';
import { Views } from './savedViews.tsx';
import { Deeds } from './triageForm.tsx';

/** The inbox: what people have given, found and sorted before it is decided on. */
export const CONTRIBUTIONS: readonly Route[] = [{ method: 'GET', path: '/contributions', by: ROLES, answer: listed }];

interface Found {
  rows: readonly DecidedContribution[];
  counts: FacetCounts;
  /** What was done last, and can be taken back. */
  step: TriageStep | null;
}

async function listed(visit: MemberVisit): Promise<Response> {
  const asked = askedIn(visit);
  const found = await foundBy(asked, visit);
  const { phrases } = visit.reader;
  return shown(
    { visit, title: phrases('contributions_title'), status: asked.wrong.length > 0 ? 400 : 200 },
    <>
      {asked.wrong.length > 0 && (
        <Note kind="wrong">
          {asked.wrong.map((line) => (
            <p dir="auto">{line}</p>
          ))}
        </Note>
      )}
      {found.step && <Done visit={visit} asked={asked} step={found.step} />}
      {await Views({ visit, filter: asked.filter })}
      <Filters visit={visit} filter={asked.filter} counts={found.counts} />
      <p role="status" class="after">
        {phrases('contributions_found', { count: found.counts.total })}
      </p>
      <List visit={visit} asked={asked} found={found} />
    </>,
  );
}

async function foundBy({ filter, after, done }: Asked, visit: MemberVisit): Promise<Found> {
  const { views } = visit.parts;
  const query = queried(filter, visit);
  const store = await views.contributions();
  return {
    rows: await store.page(after, PAGE, query),
    counts: await store.facets(query),
    step: done === null ? null : await (await views.triage()).step(done),
  };
}

/** What has just been done to how many, and the way back. */
function Done({ visit, asked, step }: { visit: MemberVisit; asked: Asked; step: TriageStep }) {
  const { phrases } = visit.reader;
  return (
    <Note kind="done">
      <p>{phrases('triage_done', { count: step.changes.length })}</p>
      <Form visit={visit} action="/contributions/undo">
        <input type="hidden" name={CARRIED} value={filterText(asked.filter)} />
        <input type="hidden" name="step" value={step.id} />
        <button type="submit">{phrases('triage_undo')}</button>
      </Form>
    </Note>
  );
}

/** The selection stays what it was: whoever has tagged some can go on to assign the same. */
function List({ visit, asked, found }: { visit: MemberVisit; asked: Asked; found: Found }) {
  const { phrases } = visit.reader;
  const { rows, step } = found;
  const last = rows.at(-1)?.contribution;
  const writes = isFor(TRIAGE_WRITERS, visit.desk.signedIn.member);
  const chosen = new Set(step?.changes.map(({ reference }) => reference));
  const list = (
    <ol class="list contributions">
      {rows.map((row) => (
        <Row visit={visit} row={row} chosen={writes ? chosen.has(row.contribution.reference) : null} />
      ))}
    </ol>
  );
  return (
    <>
      {rows.length === 0 && <p>{phrases('contributions_none')}</p>}
      {writes && rows.length > 0 ? (
        <Form visit={visit} action="/contributions/change">
          <input type="hidden" name={CARRIED} value={filterText(asked.filter)} />
          {list}
          <Deeds visit={visit} />
        </Form>
      ) : (
        list
      )}
      {last && rows.length === PAGE && (
        <p class="after">
          <a rel="next" href={listAddress(asked.filter, { after: last })}>
            {phrases('contributions_more')}
          </a>
        </p>
      )}
    </>
  );
}
