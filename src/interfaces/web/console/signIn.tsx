import { browserName, isToken, tokenHash } from '../../../people/console.ts';
import type { Member } from '../../../people/member.ts';
import { at } from './address.ts';
import type { Route, Visit } from './context.ts';
import { dropSession, keepSession } from './cookie.ts';
import { shown } from './layout.tsx';
import { Name } from './words.tsx';

/** A link lets nobody in by being opened: programs that look where links lead would use it up. */
export const SIGN_IN: readonly Route[] = [
  { method: 'GET', path: '/enter/:link', by: 'anybody', answer: asked },
  { method: 'POST', path: '/enter', by: 'anybody', answer: entered },
];

async function asked(visit: Visit): Promise<Response> {
  const link = visit.c.req.param('link') ?? '';
  const sessions = await visit.parts.views.consoleSessions();
  const member = isToken(link) ? await sessions.linkOf(tokenHash(link), new Date(visit.parts.clock())) : null;
  return member === null ? used(visit) : confirming(visit, member, link);
}

function confirming(visit: Visit, { name }: Member, link: string): Promise<Response> {
  const { phrases } = visit.reader;
  return shown(
    { visit, title: phrases('enter_title') },
    <form method="post" action={at('/enter')}>
      <input type="hidden" name="link" value={link} />
      <p class="lead">
        {phrases('enter_as')} <Name>{name}</Name>
      </p>
      <p>{phrases('enter_words')}</p>
      <button type="submit" class="main">
        {phrases('enter_button')}
      </button>
    </form>,
  );
}

const used = (visit: Visit): Promise<Response> =>
  shown(
    { visit, title: visit.reader.phrases('link_used'), status: 404 },
    <>
      <p class="lead">{visit.reader.phrases('link_used_words')}</p>
      <p>{visit.reader.phrases('sign_in_terminal')}</p>
    </>,
  );

async function entered(visit: Visit): Promise<Response> {
  const { c, parts, fields } = visit;
  const link = fields.get('link') ?? '';
  const browser = browserName(c.req.header('user-agent') ?? '');
  const come = isToken(link) ? await parts.actions.console.enter(link, browser) : null;
  if (come === null) return used(visit);
  keepSession(c, come.token, parts.publicUrl());
  return c.redirect(at(''), 303);
}

/** Whoever is signed in and leaves. */
export function left(visit: Visit): Promise<Response> {
  const { c, parts, reader } = visit;
  dropSession(c, parts.publicUrl());
  return shown(
    { visit: { ...visit, desk: null }, title: reader.phrases('left_title') },
    <p class="lead">{reader.phrases('problem_signed_out_words')}</p>,
  );
}
