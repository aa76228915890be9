import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { languageName, textFor } from '../../../core/texts.ts';
import { at } from './address.ts';
import type { MemberVisit, Visit } from './context.ts';
import { ICON_PATH } from './icon.ts';
import { isFor, MEMBERS_READERS } from './roles.ts';
import { STYLE_PATH } from './style.ts';
import { Name } from './words.tsx';

/** Every page of the console. */
export function Layout({ visit, title, children }: { visit: Visit; title: string; children: Child }) {
  const { language, direction, phrases } = visit.reader;
  const process = textFor(visit.process.name, language, visit.process.languages);
  return (
    <html lang={language} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Hearback`}</title>
        <link rel="icon" href={ICON_PATH} />
        <link rel="stylesheet" href={STYLE_PATH} />
      </head>
      <body>
        <a class="skip" href="#main">
          {phrases('skip')}
        </a>
        <header>
          <p class="brand">
            <a href={at('')}>Hearback</a>
            <Name>{process}</Name>
          </p>
          {visit.desk && <Ways visit={{ ...visit, desk: visit.desk }} />}
        </header>
        <main id="main" tabindex={-1}>
          <h1>
            <Name>{title}</Name>
          </h1>
          {children}
        </main>
        {visit.desk && <Foot visit={{ ...visit, desk: visit.desk }} />}
      </body>
    </html>
  );
}

/** Where a member can go. */
function Ways({ visit }: { visit: MemberVisit }) {
  const { phrases } = visit.reader;
  const { member } = visit.desk.signedIn;
  const here = visit.c.req.path;
  const way = (path: string, label: string) => (
    <li>
      <a href={at(path)} aria-current={here === at(path) ? 'page' : undefined}>
        {label}
      </a>
    </li>
  );
  return (
    <nav aria-label={phrases('ways')}>
      <ul>
        {way('', phrases('home_title'))}
        {way('/contributions', phrases('contributions_title'))}
        {way('/threads', phrases('threads_title'))}
        {isFor(MEMBERS_READERS, member) && way('/members', phrases('members_title'))}
        {way('/sessions', member.name)}
      </ul>
    </nav>
  );
}

/** The language, and the way out. */
function Foot({ visit }: { visit: MemberVisit }) {
  const { phrases, language, languages } = visit.reader;
  return (
    <footer>
      <Form visit={visit} action="/language" class="line">
        <label for="language">{phrases('language')}</label>
        <select id="language" name="language">
          {languages.map((each) => (
            <option value={each} selected={each === language} lang={each}>
              {languageName(each, each)}
            </option>
          ))}
        </select>
        <button type="submit">{phrases('language_choose')}</button>
      </Form>
      <Form visit={visit} action="/leave" class="line">
        <span>
          {phrases('signed_in_as')} <Name>{visit.desk.signedIn.member.name}</Name>
        </span>
        <button type="submit">{phrases('leave')}</button>
      </Form>
    </footer>
  );
}

/** A form that changes something: with it goes what no page but ours knows, and a number by which it is done once. */
export function Form({
  visit,
  action,
  children,
  class: kind,
}: {
  visit: MemberVisit;
  action: string;
  children: Child;
  class?: string;
}) {
  return (
    <form method="post" action={at(action)} class={kind}>
      <input type="hidden" name={FORM_TOKEN} value={visit.desk.formToken} />
      <input type="hidden" name={FORM_NUMBER} value={visit.parts.ids.uuid()} />
      {children}
    </form>
  );
}

export const FORM_TOKEN = 'token';
export const FORM_NUMBER = 'once';

/** What a form has come to, or what is wrong, where it is read first. */
export const Note = ({ kind, children }: { kind: 'done' | 'wrong'; children: Child }) => (
  <div class={`note ${kind}`} role={kind === 'wrong' ? 'alert' : 'status'}>
    {children}
  </div>
);

export type Shown = { visit: Visit; title: string; status?: 200 | 400 | 401 | 403 | 404 | 409 | 413 | 415 | 500 };

/** A page as the answer. */
export const shown = ({ visit, title, status = 200 }: Shown, children: Child): Promise<Response> =>
  Promise.resolve(
    visit.c.html(
      html`<!doctype html>${(
        <Layout visit={visit} title={title}>
          {children}
        </Layout>
      )}`,
      status,
    ),
  );
