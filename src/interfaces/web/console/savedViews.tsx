import { filterText } from '../../../contributions/filterText.ts';
import type { ContributionFilter } from '../../../contributions/search.ts';
import type { SavedView } from '../../../contributions/triage.ts';
import { at } from './address.ts';
import type { MemberVisit, Route } from './context.ts';
import { asLine, MOST_LINE } from './fields.ts';
import { Form } from './layout.tsx';
import { CARRIED, carried, listAddress } from './list.ts';
import { orSaid } from './notDone.tsx';
import { isFor, TRIAGE_WRITERS } from './roles.ts';

/** Filters by a name, of one member or of all. */
export const SAVED_VIEWS: readonly Route[] = [
  { method: 'POST', path: '/views', by: TRIAGE_WRITERS, answer: (visit) => save(visit) },
  { method: 'POST', path: '/views/remove', by: TRIAGE_WRITERS, answer: (visit) => remove(visit) },
];

export async function Views({ visit, filter }: { visit: MemberVisit; filter: ContributionFilter }) {
  const { phrases } = visit.reader;
  const { member } = visit.desk.signedIn;
  const views = await (await visit.parts.views.triage()).savedViews(member.id);
  const here = filterText(filter);
  const writes = isFor(TRIAGE_WRITERS, member);
  if (views.length === 0 && (here === '' || !writes)) return null;
  return (
    <section class="views" aria-label={phrases('views_title')}>
      <ul class="chips">
        {views.map((view) => (
          <ViewLink view={view} isHere={view.filter === here} />
        ))}
      </ul>
      {writes && here !== '' && <Keep visit={visit} filter={here} here={views.find((view) => view.filter === here)} />}
    </section>
  );
}

function ViewLink({ view, isHere }: { view: SavedView; isHere: boolean }) {
  return (
    <li>
      <a href={at(`/contributions?${view.filter}`)} aria-current={isHere ? 'page' : undefined}>
        <bdi>{view.name}</bdi>
      </a>
    </li>
  );
}

/** The filter as it is now gets a name, or loses it. */
function Keep({ visit, filter, here }: { visit: MemberVisit; filter: string; here: SavedView | undefined }) {
  const { phrases } = visit.reader;
  if (here)
    return (
      <Form visit={visit} action="/views/remove" class="line">
        <input type="hidden" name={CARRIED} value={filter} />
        <input type="hidden" name="name" value={here.name} />
        {here.owner === null && <input type="hidden" name="all" value="yes" />}
        <button type="submit">{phrases('views_remove', { name: here.name })}</button>
      </Form>
    );
  return (
    <details>
      <summary>{phrases('views_keep')}</summary>
      <Form visit={visit} action="/views" class="line">
        <input type="hidden" name={CARRIED} value={filter} />
        <label for="view">{phrases('views_name')}</label>
        <input type="text" id="view" name="name" dir="auto" autocomplete="off" required />
        <label class="check">
          <input type="checkbox" name="all" value="yes" />
          <span>{phrases('views_all')}</span>
        </label>
        <button type="submit">{phrases('views_keep_button')}</button>
      </Form>
    </details>
  );
}

const save = (visit: MemberVisit): Promise<Response> =>
  orSaid(visit, async () => {
    const filter = carried(visit.fields);
    await visit.parts.actions.triage.saveView(visit.desk.actor, { ...named(visit), filter: filterText(filter) });
    return visit.c.redirect(listAddress(filter), 303);
  });

const remove = (visit: MemberVisit): Promise<Response> =>
  orSaid(visit, async () => {
    await visit.parts.actions.triage.removeView(visit.desk.actor, named(visit));
    return visit.c.redirect(listAddress(carried(visit.fields)), 303);
  });

function named({ fields, desk }: MemberVisit): Pick<SavedView, 'name' | 'owner'> {
  const name = asLine(fields.get('name')).slice(0, MOST_LINE);
  return { name, owner: fields.get('all') === 'yes' ? null : desk.signedIn.member.id };
}
