import { atTerminal } from '../../src/people/actor.ts';
import type { Role, Side } from '../../src/people/member.ts';
import type { Database } from '../../src/store/database.ts';
import { createMembers } from '../../src/store/members.ts';
import { acting } from './actions.ts';

/** Somebody with a browser that keeps cookies, and runs no script. */
export interface Visitor {
  /** Follows no redirection. */
  get(path: string, headers?: Record<string, string>): Promise<Page>;
  /** As a form of our page does, or as the headers say: an empty one is left out. */
  post(path: string, fields?: Record<string, string | string[]>, headers?: Record<string, string>): Promise<Page>;
  /** Fills in the first form of a page that is sent there. */
  send(page: Page, action: string, fields?: Record<string, string | string[]>): Promise<Page>;
  cookies(): string;
}

export interface Page {
  status: number;
  headers: Headers;
  /** Its HTML. */
  html: string;
  /** What is read of it. */
  text: string;
}

export function visitor(url: string): Visitor {
  const jar = new Map<string, string>();
  const kept = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  async function asked(
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers: Record<string, string> },
  ): Promise<Page> {
    const headers = Object.entries({ cookie: kept(), ...init.headers }).filter(([, value]) => value !== '');
    const answer = await fetch(url + path, { redirect: 'manual', ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const html = await answer.text();
    return { status: answer.status, headers: answer.headers, html, text: readable(html) };
  }
  const self: Visitor = {
    get: (path, headers = {}) => asked(path, { headers }),
    post: (path, fields = {}, headers = {}) =>
      asked(path, {
        method: 'POST',
        body: encoded(fields),
        headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
    send: (page, action, fields = {}) => self.post(action, { ...hiddenIn(page, action), ...fields }),
    cookies: kept,
  };
  return self;
}

function encoded(fields: Record<string, string | string[]>): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) pairs.append(name, each);
  return pairs.toString();
}

/** What a form has beside what is filled in. */
export function hiddenIn({ html }: Page, action: string): Record<string, string> {
  const form = html.split('<form ').find((each) => each.startsWith(`method="post" action="${action}"`));
  if (form === undefined) throw new Error(`There is no form for ${action} in:\n${html}`);
  const inputs = form.split('</form>')[0]?.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g) ?? [];
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}

const readable = (html: string): string =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** A member who is not signed in. */
export async function member(
  { pool }: Pick<Database, 'pool'>,
  id: string,
  roles: Role[],
  side: Side | null = null,
): Promise<void> {
  await createMembers(pool).sync([{ id, name: `${id} of the city`, roles, organization: null, side }]);
}

/** The path of a link that lets a member in, made at the terminal. */
export async function linkFor(db: Database, id: string, clock?: () => number): Promise<string> {
  const { token } = await acting(db, clock ? { clock } : {}).console.link(atTerminal(), id);
  return `/console/enter/${token}`;
}

/** A member in their browser. */
export async function signedIn(url: string, db: Database, id: string): Promise<Visitor> {
  const browser = visitor(url);
  const asked = await browser.get(await linkFor(db, id));
  const entered = await browser.send(asked, '/console/enter');
  if (entered.status !== 303) throw new Error(`${id} was not let in: ${entered.status} ${entered.text}`);
  return browser;
}
