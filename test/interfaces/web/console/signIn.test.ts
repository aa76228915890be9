import { expect, test } from 'vitest';
import { atTerminal } from '../../../../src/people/actor.ts';
import { acting, audited } from '../../../support/actions.ts';
import { linkFor, member, signedIn, visitor } from '../../../support/console.ts';
import { type Hearback, hearback } from '../../../support/hearback.ts';
import { hears } from '../../../support/people.ts';
import { startSlackService } from '../../../support/slackService.ts';

const started = async (env: Record<string, string> = {}): Promise<Hearback> => {
  const it = await hearback(env);
  await member(it.service.core.db, 'ana', ['organizer', 'forum', 'admin'], 'government');
  await member(it.service.core.db, 'ben', ['forum'], 'civil society');
  return it;
};

test('whoever is not signed in reads how to come in, in the language of their browser', async () => {
  const it = await started();
  const stranger = visitor(it.service.url);
  const page = await stranger.get('/console');
  expect(page.status).toBe(401);
  expect(page.text).toContain('Send /console to the bot');
  const french = await stranger.get('/console/members', { 'accept-language': 'de;q=0.9, fr-CH;q=0.8, en;q=0.2' });
  expect(french.status).toBe(401);
  expect(french.html).toContain('<html lang="fr" dir="ltr">');
  expect((await stranger.get('/console/nothing-here')).status).toBe(404);
});

test('a link lets its member in once; looking where it leads uses nothing up', async () => {
  const it = await started();
  const { db } = it.service.core;
  const link = await linkFor(db, 'ana');
  const browser = visitor(it.service.url);
  for (const method of ['HEAD', 'GET', 'GET'])
    expect((await fetch(it.service.url + link, { method })).status).toBe(200);
  const asked = await browser.get(link);
  expect(asked.text).toContain('This link is for ana of the city');
  expect((await browser.send(asked, '/console/enter')).status).toBe(303);
  expect((await browser.get('/console')).text).toContain('What waits for you');
  expect((await browser.send(asked, '/console/enter')).status).toBe(404);
  const again = await visitor(it.service.url).get(link);
  expect([again.status, again.text]).toEqual([404, expect.stringContaining('does not work any more')]);
  expect(await audited(db)).toEqual(['operator console.link done', 'ana console.enter done']);
});

test('of ten who come with one link at once, one is let in', async () => {
  const it = await started();
  const asked = await visitor(it.service.url).get(await linkFor(it.service.core.db, 'ana'));
  const all = Array.from({ length: 10 }, () => visitor(it.service.url).send(asked, '/console/enter'));
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([303, ...Array(9).fill(404)]);
});

test('a link does not work after ten minutes, nor one that nobody made', async () => {
  const it = await started();
  const { db } = it.service.core;
  const old = await linkFor(db, 'ana', () => Date.now() - 11 * 60_000);
  for (const path of [old, '/console/enter/x', `/console/enter/${'A'.repeat(43)}`, '/console/enter/%00'])
    expect((await visitor(it.service.url).get(path)).status, path).toBe(404);
});

test('links and sessions are kept as hashes alone', async () => {
  const it = await started();
  const { db } = it.service.core;
  const link = await linkFor(db, 'ana');
  const ben = await signedIn(it.service.url, db, 'ben');
  const kept = JSON.stringify([
    await it.rows('SELECT * FROM console_link'),
    await it.rows('SELECT * FROM console_session'),
  ]);
  expect(kept).toContain('"member_id":"ben"');
  expect(kept).not.toContain(link.split('/').at(-1));
  expect(kept).not.toContain(ben.cookies().split('=')[1]);
});

test('the cookie is for the console and no script; behind TLS no neighbouring host can set it', async () => {
  const plain = await started();
  const cookieOf = async (it: Hearback, origin: string) => {
    const browser = visitor(it.service.url);
    const asked = await browser.get(await linkFor(it.service.core.db, 'ana'));
    const link = /value="([\w-]{43})"/.exec(asked.html)?.[1] ?? '';
    const entered = await browser.post('/console/enter', { link }, { origin });
    return { line: entered.headers.getSetCookie()[0], browser };
  };
  expect((await cookieOf(plain, plain.service.url)).line).toMatch(
    /^hearback=[\w-]{43}; Max-Age=604800; Path=\/console; HttpOnly; SameSite=Lax$/,
  );
  const tls = await started({ PUBLIC_URL: 'https://hear.example' });
  const { line, browser } = await cookieOf(tls, 'https://hear.example');
  expect(line).toMatch(/^__Host-hearback=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  expect((await browser.get('/console')).status).toBe(200);
});

test('a session ends when nobody used it for twelve hours, and after seven days', async () => {
  const it = await started();
  const ana = await signedIn(it.service.url, it.service.core.db, 'ana');
  const set = (column: string, ago: string) =>
    it.rows(`UPDATE console_session SET ${column} = now() - interval '${ago}'`);
  await set('seen_at', '11 hours 59 minutes');
  expect((await ana.get('/console')).status).toBe(200);
  // Being there counts as use.
  const [seen] = await it.rows(`SELECT seen_at > now() - interval '1 minute' AS now FROM console_session`);
  expect(seen).toEqual({ now: true });
  await set('seen_at', '12 hours');
  expect((await ana.get('/console')).status).toBe(401);
  await set('seen_at', '1 minute');
  await set('started_at', '7 days');
  expect((await ana.get('/console')).status).toBe(401);
});

test('members see where they are signed in, and end one session or all; of others’ they learn nothing', async () => {
  const it = await started();
  const { url, core } = it.service;
  const [one, two, ben] = [
    await signedIn(url, core.db, 'ana'),
    await signedIn(url, core.db, 'ana'),
    await signedIn(url, core.db, 'ben'),
  ];
  const page = await one.get('/console/sessions');
  const ends = [...page.html.matchAll(/action="(\/console\/sessions\/[\w-]+\/end)"/g)].map(([, action = '']) => action);
  expect(ends).toHaveLength(1);
  const [end = ''] = ends;
  const foreign = await ben.get('/console/sessions');
  expect((await ben.post(end, hiddenOf(foreign))).status).toBe(404);
  expect((await ben.post('/console/sessions/none/end', hiddenOf(foreign))).status).toBe(404);
  expect((await two.get('/console')).status).toBe(200);
  expect((await one.send(page, end)).status).toBe(303);
  expect((await two.get('/console')).status).toBe(401);
  expect((await ben.get('/console')).status).toBe(200);
  const out = await one.send(await one.get('/console/sessions'), '/console/sessions/end');
  expect([out.status, out.text]).toEqual([200, expect.stringContaining('You are signed out')]);
  expect(one.cookies()).toBe('');
});

const hiddenOf = ({ html }: { html: string }) => ({ token: /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '' });

test('who signs out is out; who is removed is out at once, and does not come back in by an old link or session', async () => {
  const it = await started();
  const { url, core } = it.service;
  const ana = await signedIn(url, core.db, 'ana');
  const copy = ana.cookies();
  expect((await ana.send(await ana.get('/console'), '/console/leave')).status).toBe(200);
  expect((await ana.get('/console', { cookie: copy })).status).toBe(401);
  const ben = await signedIn(url, core.db, 'ben');
  const link = await linkFor(core.db, 'ben');
  await acting(core.db).members.remove(atTerminal(), 'ben');
  expect((await ben.get('/console')).status).toBe(401);
  await member(core.db, 'ben', ['forum']);
  expect((await ben.get('/console')).status).toBe(401);
  expect((await visitor(url).get(link)).status).toBe(404);
});

test('a member makes links for nobody else; whoever is at the terminal does for everybody', async () => {
  const it = await started();
  const { console } = acting(it.service.core.db);
  await expect(console.link(atTerminal('ben'), 'ana')).rejects.toThrow('ben may make links for themselves alone');
  await expect(console.link(atTerminal(), 'anna')).rejects.toThrow('There is no member "anna". Did you mean "ana"?');
});

test('on Telegram /console gives a member a link into their own chat; to others it is no command', async () => {
  const it = await started();
  const [ana, eve] = [it.telegram.user(1), it.telegram.user(2)];
  await ana.say('/start');
  await hears(ana, () => true);
  await it.rows(TIE);
  const from = ana.chat.length;
  await ana.say('/console');
  const { text } = await hears(ana, '/console/enter/', from);
  expect(text).toContain('within 10 minutes');
  const link = new URL(/http\S+/.exec(text)?.[0] ?? '');
  expect(link.origin).toBe(it.service.url);
  const browser = visitor(it.service.url);
  expect((await browser.send(await browser.get(link.pathname), '/console/enter')).status).toBe(303);
  await eve.say('/console');
  await hears(eve, 'I do not know that command');
});

const TIE = `INSERT INTO member_identity (identity_key, member_id) SELECT key, 'ana' FROM identity`;

test('on Slack a member has it by /hearback console', async () => {
  const { slack, service } = await startSlackService('socket');
  const { db } = service.core;
  await member(db, 'ana', ['viewer']);
  const [ana, eve] = [slack.user('UANA'), slack.user('UEVE')];
  await ana.slash('start');
  await hears(ana, () => true);
  await db.pool.query(TIE);
  await ana.slash('console');
  expect((await hears(ana, '/console/enter/')).text).toContain(service.url);
  await eve.slash('console');
  await hears(eve, 'I do not know that command');
});
