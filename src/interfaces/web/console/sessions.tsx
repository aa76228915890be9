import { NoSession } from '../../../actions/console.ts';
import { type ConsoleSession, sessionEnds } from '../../../people/console.ts';
import { ROLES } from '../../../people/member.ts';
import { at } from './address.ts';
import type { MemberVisit, Route } from './context.ts';
import { Form, Note, shown } from './layout.tsx';
import { Roles, SideWord } from './memberWords.tsx';
import { momentIn } from './moments.ts';
import { problemPage } from './problems.tsx';
import { left } from './signIn.tsx';
import { Linked } from './words.tsx';

/** Who somebody is here, and where they are signed in. */
export const SESSIONS: readonly Route[] = [
  { method: 'GET', path: '/sessions', by: ROLES, answer: listed },
  { method: 'POST', path: '/sessions/end', by: ROLES, answer: endedAll },
  { method: 'POST', path: '/sessions/:id/end', by: ROLES, answer: ended },
  { method: 'POST', path: '/leave', by: ROLES, answer: leave },
  { method: 'POST', path: '/language', by: ROLES, answer: spokenTo },
];

async function listed(visit: MemberVisit): Promise<Response> {
  const { reader, parts, desk } = visit;
  const { phrases } = reader;
  const { member, id } = desk.signedIn;
  const sessions = await (await parts.views.consoleSessions()).of(member.id, new Date(parts.clock()));
  return shown(
    { visit, title: member.name },
    <>
      {visit.c.req.query('ended') !== undefined && <Note kind="done">{phrases('session_ended')}</Note>}
      <p>
        <Roles member={member} reader={reader} /> · <SideWord side={member.side} phrases={phrases} />
        {member.organization !== null && (
          <>
            {' · '}
            <bdi>
              <Linked text={member.organization} />
            </bdi>
          </>
        )}
      </p>
      <h2>{phrases('sessions_title')}</h2>
      <p>{phrases('sessions_words')}</p>
      <ul class="list">
        {sessions.map((session) => (
          <Session visit={visit} session={session} isThis={session.id === id} />
        ))}
      </ul>
      <Form visit={visit} action="/sessions/end">
        <p class="after">
          <button type="submit" class="grave">
            {phrases('sessions_end_all')}
          </button>
        </p>
      </Form>
    </>,
  );
}

function Session({ visit, session, isThis }: { visit: MemberVisit; session: ConsoleSession; isThis: boolean }) {
  const { phrases } = visit.reader;
  const moment = momentIn(visit);
  const name = session.browser ?? phrases('browser_unknown');
  return (
    <li>
      <div>
        <h3>
          {name}
          {isThis && ` (${phrases('session_this')})`}
        </h3>
        <p class="soft">
          {phrases('session_times', {
            started: moment(session.startedAt),
            seen: moment(session.seenAt),
            ends: moment(sessionEnds(session)),
          })}
        </p>
      </div>
      {!isThis && (
        <Form visit={visit} action={`/sessions/${session.id}/end`} class="line">
          <button type="submit" aria-label={phrases('session_end_of', { name })}>
            {phrases('session_end')}
          </button>
        </Form>
      )}
    </li>
  );
}

async function ended(visit: MemberVisit): Promise<Response> {
  const { c, parts, desk } = visit;
  try {
    await parts.actions.console.end(desk.actor, c.req.param('id') ?? '');
  } catch (error) {
    if (error instanceof NoSession) return problemPage(visit, 'missing');
    throw error;
  }
  return c.redirect(`${at('/sessions')}?ended`, 303);
}

async function endedAll(visit: MemberVisit): Promise<Response> {
  await visit.parts.actions.console.endAll(visit.desk.actor);
  return left(visit);
}

async function leave(visit: MemberVisit): Promise<Response> {
  await visit.parts.actions.console.end(visit.desk.actor, visit.desk.signedIn.id);
  return left(visit);
}

async function spokenTo(visit: MemberVisit): Promise<Response> {
  const { c, parts, reader, fields, desk } = visit;
  const language = fields.get('language') ?? '';
  if (!reader.languages.includes(language)) return problemPage(visit, 'missing');
  await parts.actions.console.speak(desk.actor, desk.signedIn.id, language);
  return c.redirect(at(''), 303);
}
