import { expect, onTestFinished, test } from 'vitest';
import { hiddenIn, member, type Page, signedIn } from '../../../support/console.ts';
import { hearback } from '../../../support/hearback.ts';

const FORM = 'application/x-www-form-urlencoded';

async function started(env: Record<string, string> = {}) {
  const it = await hearback(env);
  const { db } = it.service.core;
  await member(db, 'ana', ['admin'], 'government');
  const ana = await signedIn(it.service.url, db, 'ana');
  const page = await ana.get('/console/members');
  const fields = { ...hiddenIn(page, '/console/members'), id: 'zoe', name: 'Zoé', roles: 'viewer' };
  const members = async () => (await it.rows<{ id: string }>('SELECT id FROM member ORDER BY id')).map(({ id }) => id);
  return { it, ana, page, fields, members, before: await members() };
}

const FOREIGN: [what: string, headers: Record<string, string>][] = [
  ['another site', { origin: 'https://evil.example' }],
  ['another site that says it is the same', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
  ['a page without an origin', { origin: 'null' }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['a neighbour’s page', { origin: '', 'sec-fetch-site': 'same-site' }],
  ['somewhere that is not said', { origin: '' }],
];
const TYPES = [FORM, 'application/json', 'text/plain', 'multipart/form-data; boundary=x', 'nonsense', ''];

test('what comes from elsewhere is refused in plain words and does nothing, whatever its content type', async () => {
  const { it, ana, fields, members, before } = await started();
  for (const [what, headers] of FOREIGN)
    for (const type of TYPES) {
      const refused = await ana.post('/console/members', fields, { ...headers, 'content-type': type });
      expect([refused.status, refused.text], `${what} ${type}`).toEqual([
        403,
        expect.stringContaining('Nothing was done'),
      ]);
    }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    expect((await fetch(`${it.service.url}/console/members`, { method })).status, method).toBe(403);
  expect(await members()).toEqual(before);
});

test('from our own page only a form of this session is taken', async () => {
  const { it, ana, fields, members, before } = await started();
  await member(it.service.core.db, 'cem', ['admin']);
  const cem = await signedIn(it.service.url, it.service.core.db, 'cem');
  const theirs = hiddenIn(await cem.get('/console/members'), '/console/members').token ?? '';
  const refusals: [number, Promise<Page>][] = [
    [403, ana.post('/console/members', { ...fields, token: '' })],
    [403, ana.post('/console/members', { ...fields, token: theirs })],
    [403, ana.post('/console/members', { ...fields, token: 'x'.repeat(43) })],
    [415, ana.post('/console/members', fields, { 'content-type': 'application/json' })],
    [415, ana.post('/console/members', fields, { 'content-type': 'text/plain' })],
    [401, ana.post('/console/members', fields, { cookie: 'hearback=none' })],
  ];
  for (const [status, page] of refusals) expect((await page).status).toBe(status);
  expect(await members()).toEqual([...before, 'cem'].sort());
});

test('browsers that name no origin are believed where they say it is the same; on the machine itself its names are one', async () => {
  const { it, ana, fields, members } = await started();
  const same = { origin: '', 'sec-fetch-site': 'same-origin' };
  expect((await ana.post('/console/members', fields, same)).status).toBe(200);
  const local = { origin: it.service.url.replace('127.0.0.1', 'localhost') };
  const more = { ...fields, ...hiddenIn(await ana.get('/console/members'), '/console/members'), id: 'lia' };
  expect((await ana.post('/console/members', more, local)).status).toBe(200);
  expect(await members()).toEqual(expect.arrayContaining(['zoe', 'lia']));
});

test('a form that is sent twice is done once', async () => {
  const { it, ana, fields } = await started();
  expect((await ana.post('/console/members', fields)).status).toBe(200);
  const code = () => it.rows('SELECT code_hash FROM member WHERE id = $1', ['zoe']);
  const before = await code();
  const page = await ana.get('/console/members/zoe');
  const form = hiddenIn(page, '/console/members/zoe/code');
  expect((await ana.post('/console/members/zoe/code', form)).status).toBe(200);
  const after = await code();
  expect(after).not.toEqual(before);
  const again = await ana.post('/console/members/zoe/code', form);
  expect([again.status, again.text]).toEqual([409, expect.stringContaining('This was done already')]);
  expect(await code()).toEqual(after);
});

const HUGE = 'x'.repeat(100_000);
const NASTY: [what: string, value: string][] = [
  ['markup', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['control characters', 'Zoé\u0000\u0007\r\nSet-Cookie: a=b'],
  ['a right-to-left override', 'Zoé \u202Egnp.exe'],
  ['a formula', '=HYPERLINK("http://evil.example")'],
  ['a link that runs something', 'javascript:alert(1)'],
  ['a lone half of a character', 'Zoé %ED%A0%80 \uD83D'],
];

test('whatever stands in a field is shown literally or refused with words, and is never a fault of ours', async () => {
  const { ana, fields } = await started();
  for (const name of ['id', 'name', 'organization', 'roles', 'side']) {
    const refused = await ana.post('/console/members', { ...fields, [name]: HUGE });
    expect([200, 400], name).toContain(refused.status);
    expect(refused.html.length, name).toBeLessThan(60_000);
  }
  const much = await ana.post('/console/members', { ...fields, name: 'x'.repeat(300_000) });
  expect([much.status, much.text]).toEqual([413, expect.stringContaining('too large')]);
  for (const [index, [what, value]] of NASTY.entries()) {
    const id = `n${index}`;
    const once = hiddenIn(await ana.get('/console/members'), '/console/members');
    const added = await ana.post('/console/members', { ...fields, ...once, id, name: value, organization: value });
    expect(added.status, what).toBe(200);
    expect((await ana.post('/console/members', { ...fields, ...once, id: value })).status, what).toBe(400);
  }
  const { html } = await ana.get('/console/members');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|<img|href="javascript:|onerror="/);
});

test('a fault of ours shows no more than that there is one', async () => {
  const { it, ana } = await started();
  await it.rows('ALTER TABLE thread RENAME TO lost');
  onTestFinished(() => void it.rows('ALTER TABLE lost RENAME TO thread').catch(() => undefined));
  const page = await ana.get('/console');
  expect([page.status, page.text]).toEqual([500, expect.stringContaining('Something went wrong on our side')]);
  expect(page.html).not.toMatch(/relation|\.ts|at \w+ \(/);
});

test('every page goes with headers that let it run nothing, load nothing of others and be framed by nobody', async () => {
  const { it, ana } = await started();
  for (const path of ['/console', '/console/members', '/console/none', '/console/enter/x']) {
    const { headers, html } = await ana.get(path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(html).not.toMatch(/<script|<style|style="|\son\w+="|https?:\/\//);
  }
  const [, sheet = ''] = /href="(\/console\/style-[^"]+)"/.exec((await ana.get('/console')).html) ?? [];
  const answer = await fetch(it.service.url + sheet);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(await answer.text()).not.toMatch(/url\(|@import/);
});
