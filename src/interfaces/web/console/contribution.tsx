import { DoneBefore, Refused } from '../../../actions/refused.ts';
import type { Note as WrittenNote } from '../../../contributions/triage.ts';
import { UserError } from '../../../core/errors.ts';
import { ROLES } from '../../../people/member.ts';
import { ELEMENTS, type StoredResponse } from '../../../responses/decision.ts';
import type { DecidedContribution } from '../../../responses/sheet/sheet.ts';
import { at } from './address.ts';
import type { MemberVisit, Route } from './context.ts';
import { questionWords, valueWords } from './filters.tsx';
import { Form, Note, shown } from './layout.tsx';
import { momentIn } from './moments.ts';
import { problemPage } from './problems.tsx';
import { isFor, TRIAGE_WRITERS } from './roles.ts';
import { contributionAddress, TriageWords, Words } from './row.tsx';
import { Deeds } from './triageForm.tsx';
import { Linked } from './words.tsx';

/** One contribution: the person's words first, then what members have made of it. */
export const CONTRIBUTION: readonly Route[] = [
  { method: 'GET', path: '/contributions/:reference', by: ROLES, answer: onOne((visit, row) => page(visit, row)) },
  { method: 'POST', path: '/contributions/:reference/notes', by: TRIAGE_WRITERS, answer: onOne(write) },
];

const MOST_ALIKE = 20;

function onOne(answer: (visit: MemberVisit, row: DecidedContribution) => Promise<Response>) {
  return async (visit: MemberVisit): Promise<Response> => {
    const reference = visit.c.req.param('reference') ?? '';
    const contributions = await visit.parts.views.contributions();
    // A search for a reference finds those that begin with it as well.
    const found = await contributions.page(null, MOST_ALIKE, { search: reference });
    const row = found.find(({ contribution }) => contribution.reference === reference);
    return row ? answer(visit, row) : problemPage(visit, 'missing');
  };
}

/** Longer words were refused when they came. */
const ALL_WORDS = 1_000_000;

async function page(visit: MemberVisit, row: DecidedContribution, wrong?: string): Promise<Response> {
  const { phrases } = visit.reader;
  const { reference } = row.contribution;
  const notes = await (await visit.parts.views.triage()).notes(reference);
  const writes = isFor(TRIAGE_WRITERS, visit.desk.signedIn.member);
  return shown(
    { visit, title: reference, status: wrong ? 400 : 200 },
    <>
      {wrong && (
        <Note kind="wrong">
          <p lang="en">{wrong}</p>
        </Note>
      )}
      <Words row={row} most={ALL_WORDS} />
      <Facts visit={visit} row={row} />
      {row.response && <Decision visit={visit} response={row.response} />}
      <h2>{phrases('triage_title')}</h2>
      <TriageWords visit={visit} triage={row.triage} />
      {writes && (
        <Form visit={visit} action="/contributions/change">
          <input type="hidden" name="reference" value={reference} />
          <input type="hidden" name="one" value="yes" />
          {await Deeds({ visit })}
        </Form>
      )}
      <Notes visit={visit} notes={notes} />
      {writes && <NoteForm visit={visit} reference={reference} />}
      <p class="after">
        <a href={at('/contributions')}>{phrases('contributions_back')}</a>
      </p>
    </>,
  );
}

/** What the shipped flows ask for besides the words; a flow of somebody's own may ask for more. */
const FIELDS = ['problem', 'affected', 'place'];

/** Who they are is nobody's business here but where they chose to be named. */
function Facts({ visit, row: { contribution: it } }: { visit: MemberVisit; row: DecidedContribution }) {
  const { phrases } = visit.reader;
  const facts: [string, string | null][] = [
    ['kind', valueWords(visit, 'kind', it.kind)],
    ['question', it.question && questionWords(visit, it.question)],
    ['theme', it.theme],
    ['language', valueWords(visit, 'language', it.language)],
    ['channel', valueWords(visit, 'channel', it.channel)],
    ['state', valueWords(visit, 'state', it.state)],
  ];
  const fields = Object.entries(it.fields).filter(([, value]) => typeof value === 'string');
  return (
    <dl class="facts">
      {facts.map(
        ([facet, words]) =>
          words !== null &&
          words !== '' && (
            <div>
              <dt>{phrases(`facet_${facet}`)}</dt>
              <dd dir="auto">{words}</dd>
            </div>
          ),
      )}
      <div>
        <dt>{phrases('given_at')}</dt>
        <dd>{momentIn(visit)(it.submittedAt)}</dd>
      </div>
      <div>
        <dt>{phrases('given_by')}</dt>
        <dd dir="auto">{it.attribution === 'nobody' ? phrases('given_unnamed') : (it.attributionName ?? '')}</dd>
      </div>
      {fields.map(([name, value]) => (
        <div>
          <dt dir="auto">{FIELDS.includes(name) ? phrases(`field_${name}`) : name}</dt>
          <dd dir="auto">
            <Linked text={String(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What was decided, and the five elements of its reasons (guidance, requirement 4.1). */
function Decision({ visit, response }: { visit: MemberVisit; response: StoredResponse }) {
  const { phrases } = visit.reader;
  return (
    <section aria-labelledby="decision">
      <h2 id="decision">{valueWords(visit, 'decision', response.decision)}</h2>
      <dl class="facts">
        {ELEMENTS.map(
          (element) =>
            response[element] && (
              <div>
                <dt>{phrases(`element_${element}`)}</dt>
                <dd dir="auto">
                  <Linked text={response[element]} />
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function Notes({ visit, notes }: { visit: MemberVisit; notes: readonly WrittenNote[] }) {
  const { phrases } = visit.reader;
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">{phrases('notes_title')}</h2>
      {notes.length === 0 && <p class="soft">{phrases('notes_none')}</p>}
      <ol class="list">
        {notes.map(({ by, text, at: moment }) => (
          <li>
            <div>
              <p class="soft">
                <bdi>{by}</bdi> · {momentIn(visit)(moment)}
              </p>
              <p class="note-words" dir="auto">
                <Linked text={text} />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

const NoteForm = ({ visit, reference }: { visit: MemberVisit; reference: string }) => (
  <Form visit={visit} action={`/contributions/${encodeURIComponent(reference)}/notes`} class="tall">
    <div>
      <label class="above" for="note">
        {visit.reader.phrases('note_label')}
      </label>
      <p class="hint" id="note-hint">
        {visit.reader.phrases('note_hint')}
      </p>
      <textarea id="note" name="note" rows={3} dir="auto" aria-describedby="note-hint" />
    </div>
    <button type="submit">{visit.reader.phrases('note_button')}</button>
  </Form>
);

async function write(visit: MemberVisit, row: DecidedContribution): Promise<Response> {
  const { reference } = row.contribution;
  try {
    await visit.parts.actions.triage.note(visit.desk.actor, reference, visit.fields.get('note') ?? '');
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Refused || error instanceof DoneBefore) throw error;
    return page(visit, row, error.message);
  }
  return visit.c.redirect(`${contributionAddress(reference)}#notes`, 303);
}
