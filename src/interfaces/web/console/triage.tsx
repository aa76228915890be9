import type { TriageReport, TriageRequest } from '../../../actions/triage.ts';
import { type Effect, effectsMark } from '../../../contributions/triage.ts';
import type { MemberVisit, Route } from './context.ts';
import { asLine, MOST_LINE } from './fields.ts';
import { Form, shown } from './layout.tsx';
import { CARRIED, carried, listAddress } from './list.ts';
import { notDone, orSaid } from './notDone.tsx';
import { TRIAGE_WRITERS } from './roles.ts';
import { contributionAddress, TriageWords } from './row.tsx';

/** What is done to one contribution or to many: shown first where it is many, and undone as one. */
export const TRIAGE: readonly Route[] = [
  { method: 'POST', path: '/contributions/change', by: TRIAGE_WRITERS, answer: changed },
  { method: 'POST', path: '/contributions/undo', by: TRIAGE_WRITERS, answer: undone },
];

/** The mark of the effects that were read. */
const AGREED = 'agreed';

async function changed(visit: MemberVisit): Promise<Response> {
  const { fields, desk, parts } = visit;
  if (fields.getAll('reference').length === 0) return notDone(visit, 'triage_none_chosen');
  return orSaid(visit, async () => {
    const request = requestIn(fields);
    const agreed = fields.get(AGREED) ?? undefined;
    if (agreed === undefined && fields.get('one') !== 'yes')
      return looked(visit, await parts.actions.triage.outlook(desk.actor, request));
    return reported(visit, await parts.actions.triage.change(desk.actor, request, agreed));
  });
}

async function undone(visit: MemberVisit): Promise<Response> {
  const { fields, desk, parts } = visit;
  const request: TriageRequest = { kind: 'undo', step: fields.get('step') ?? '' };
  return orSaid(visit, async () => reported(visit, await parts.actions.triage.change(desk.actor, request)));
}

function requestIn(fields: URLSearchParams): TriageRequest {
  const references = fields.getAll('reference').map((each) => each.slice(0, MOST_LINE));
  const line = (name: string) => asLine(fields.get(name)) || null;
  const deed = fields.get('deed');
  if (deed === 'assign') {
    const to = { member: line('member'), workingGroup: line('workingGroup'), dueOn: line('dueOn') };
    return { kind: 'assign', references, to: Object.values(to).every((each) => each === null) ? null : to };
  }
  const tags = (line('tags') ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  return { kind: 'tag', references, ...(deed === 'untag' ? { remove: tags } : { add: tags }) };
}

/** Back where it was asked for, with what was done and the way back. */
function reported(visit: MemberVisit, { step, effects }: TriageReport): Response {
  const { fields, c } = visit;
  const [first] = effects;
  if (fields.get('one') === 'yes' && first) return c.redirect(contributionAddress(first.reference), 303);
  return c.redirect(listAddress(carried(fields), step === null ? {} : { done: step }), 303);
}

/** What it would do to which, before it is done. */
function looked(visit: MemberVisit, effects: readonly Effect[]): Promise<Response> {
  const { phrases } = visit.reader;
  const of = (what: Effect['effect']) => effects.filter(({ effect }) => effect === what);
  const changes = of('changed').length;
  return shown(
    { visit, title: phrases('triage_look', { count: changes }) },
    <>
      <p>{phrases('triage_look_others', { unchanged: of('unchanged').length, refused: of('refused').length })}</p>
      <ol class="list">
        {[...of('changed'), ...of('refused')].map((effect) => (
          <EffectRow visit={visit} effect={effect} />
        ))}
      </ol>
      <Form visit={visit} action="/contributions/change">
        {[...visit.fields].map(
          ([name, value]) =>
            ASKED.has(name) && <input type="hidden" name={name} value={value.slice(0, MOST_CARRIED)} />,
        )}
        <input type="hidden" name={AGREED} value={effectsMark(effects)} />
        <p class="after">
          {changes > 0 && (
            <button type="submit" class="main">
              {phrases('triage_do', { count: changes })}
            </button>
          )}{' '}
          <a href={listAddress(carried(visit.fields))}>{phrases('triage_leave')}</a>
        </p>
      </Form>
    </>,
  );
}

/** What the form of the list says, carried on to the one that does it. */
const ASKED = new Set([CARRIED, 'reference', 'deed', 'tags', 'member', 'workingGroup', 'dueOn']);
const MOST_CARRIED = 4000;

function EffectRow({ visit, effect: { reference, after, why } }: { visit: MemberVisit; effect: Effect }) {
  return (
    <li>
      <div>
        <a href={contributionAddress(reference)}>
          <code>{reference}</code>
        </a>
        {why !== null && (
          <p class="late" lang="en">
            {why}
          </p>
        )}
        {why === null && <TriageWords visit={visit} triage={after} />}
      </div>
    </li>
  );
}
