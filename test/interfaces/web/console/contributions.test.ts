import { expect, test } from 'vitest';
import { createIndexer } from '../../../../src/contributions/searchIndex.ts';
import { createSearchIndex } from '../../../../src/store/searchIndex.ts';
import { hiddenIn, member, type Page, signedIn } from '../../../support/console.ts';
import { addContribution, addPerson } from '../../../support/contributions.ts';
import { hearback } from '../../../support/hearback.ts';

const LIST = '/console/contributions';

async function started() {
  const it = await hearback();
  const { db } = it.service.core;
  await member(db, 'ana', ['forum'], 'civil society');
  await member(db, 'vic', ['viewer']);
  const person = await addPerson(db);
  await addContribution(db, person, 'HB-BUS', { text: 'Night buses until two' });
  await addContribution(db, person, 'HB-FARE', { text: 'Lower fares for students' });
  await addContribution(db, person, 'HB-LUZ', { text: 'Más farolas en mi calle', language: 'es' });
  await createIndexer(createSearchIndex(db.pool))();
  return { it, db, person, ana: await signedIn(it.service.url, db, 'ana') };
}

const references = ({ html }: Page): string[] =>
  [...html.matchAll(/<a href="\/console\/contributions\/([^"]+)"/g)].map(([, reference = '']) => reference);
const chosen = ({ html }: Page): string[] =>
  [...html.matchAll(/name="reference" value="([^"]+)"[^>]*checked/g)].map(([, reference = '']) => reference);
const next = (page: Page): string => page.headers.get('location') ?? '';

test('members find contributions by words and by filters, with how many there are of each', async () => {
  const { ana } = await started();
  const all = await ana.get(LIST);
  expect(references(all)).toEqual(['HB-BUS', 'HB-FARE', 'HB-LUZ']);
  expect(all.text).toContain('3 contributions found');
  expect(references(await ana.get(`${LIST}?search=farola`))).toEqual(['HB-LUZ']);
  const spanish = await ana.get(`${LIST}?language=es`);
  expect(references(spanish)).toEqual(['HB-LUZ']);
  expect(spanish.text).toContain('English 2');
  expect(references(await ana.get(`${LIST}?search=&since=&theme=nothing`))).toEqual([]);
});

test('what is done to many is shown before it is done, keeps filter and selection, and is undone as one', async () => {
  const { ana } = await started();
  const list = await ana.get(`${LIST}?language=en`);
  const looked = await ana.send(list, `${LIST}/change`, {
    ...{ reference: ['HB-BUS', 'HB-FARE'], tags: 'Transport, night', deed: 'tag' },
  });
  expect(looked.text).toContain('2 contributions will change');
  expect((await ana.get(`${LIST}?tag=transport`)).text).toContain('Nothing found');
  const boxes = [...looked.html.matchAll(/name="reference" value="([^"]+)"/g)].map(([, reference = '']) => reference);
  const done = await ana.send(looked, `${LIST}/change`, { reference: boxes });
  expect(done.status).toBe(303);
  const after = await ana.get(next(done));
  expect(references(after)).toEqual(['HB-BUS', 'HB-FARE']);
  expect(chosen(after)).toEqual(['HB-BUS', 'HB-FARE']);
  expect(after.text).toContain('2 contributions changed.');
  expect(after.text).toContain('night transport');
  const undone = await ana.send(after, `${LIST}/undo`);
  expect(next(undone)).toContain('language=en');
  expect((await ana.get(`${LIST}?tag=transport`)).text).toContain('Nothing found');
});

test('nothing chosen, a tag that is none, and a look that is out of date are said, and nothing is done', async () => {
  const { ana } = await started();
  const list = await ana.get(LIST);
  expect((await ana.send(list, `${LIST}/change`, { tags: 'bus', deed: 'tag' })).text).toContain('have not chosen');
  const none = await ana.send(list, `${LIST}/change`, { reference: 'HB-BUS', tags: '', deed: 'tag' });
  expect([none.status, none.text]).toEqual([400, expect.stringContaining('Nothing was done')]);
  const looked = await ana.send(list, `${LIST}/change`, { reference: 'HB-BUS', tags: 'bus', deed: 'tag' });
  const fresh = await ana.get(`${LIST}/HB-BUS`);
  await ana.send(fresh, `${LIST}/change`, { tags: 'bus, late', deed: 'tag' });
  const late = await ana.send(looked, `${LIST}/change`);
  expect([late.status, late.text]).toEqual([409, expect.stringContaining('cannot be done now')]);
});

test('one contribution shows the words first, is tagged and assigned at once, and has notes', async () => {
  const { ana } = await started();
  const path = `${LIST}/HB-LUZ`;
  const page = await ana.get(path);
  expect(page.html).toMatch(/<p class="words" lang="es" dir="auto">Más farolas en mi calle<\/p>/);
  expect(page.text).toContain('somebody who did not want to be named');
  const tagged = await ana.send(page, `${LIST}/change`, { deed: 'assign', member: 'ana', dueOn: '2027-03-14' });
  expect(next(tagged)).toBe(path);
  const noted = await ana.send(await ana.get(path), `${path}/notes`, { note: 'See also HB-BUS, @ana <b>' });
  expect(noted.status).toBe(303);
  const after = await ana.get(path);
  expect(after.text).toContain('Assigned to ana');
  expect(after.html).toContain('See also HB-BUS, @ana &lt;b&gt;');
  const empty = await ana.send(after, `${path}/notes`, { note: ' ' });
  expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('A note has nothing in it')]);
  expect((await ana.get(`${LIST}/HB-NONE`)).status).toBe(404);
});

test('who is named with nothing but a day is refused, and with nothing at all nobody has it any more', async () => {
  const { ana } = await started();
  const path = `${LIST}/HB-BUS`;
  const assign = async (to: Record<string, string>) =>
    ana.send(await ana.get(path), `${LIST}/change`, { deed: 'assign', ...to });
  await assign({ member: 'ana' });
  const day = await assign({ dueOn: '2027-03-14' });
  expect([day.status, day.text]).toEqual([400, expect.stringContaining('Nobody is named')]);
  expect((await ana.get(path)).text).toContain('Assigned to ana');
  await assign({});
  expect((await ana.get(path)).text).not.toContain('Assigned to ana');
});

test('a reference that begins like another leads to its own contribution', async () => {
  const { db, person, ana } = await started();
  await addContribution(db, person, 'HB-BU', { text: 'Fewer cars', fields: { problem: 'Noise' } });
  const page = await ana.get(`${LIST}/HB-BU`);
  expect(page.text).toContain('Fewer cars');
  expect(page.text).toContain('The problem Noise');
});

test('a filter is kept by a name, for oneself or for all, and removed', async () => {
  const { it, db, ana } = await started();
  const list = await ana.get(`${LIST}?language=es`);
  await ana.send(list, '/console/views', { name: 'En español', all: 'yes' });
  const vic = await signedIn(it.service.url, db, 'vic');
  const theirs = await vic.get(LIST);
  expect(theirs.html).toContain(`<a href="${LIST}?language=es"><bdi>En español</bdi></a>`);
  const here = await ana.get(`${LIST}?language=es`);
  await ana.send(here, '/console/views/remove');
  expect((await vic.get(LIST)).text).not.toContain('En español');
});

test('who may only read sees no boxes and no forms, and is refused', async () => {
  const { it, db } = await started();
  const vic = await signedIn(it.service.url, db, 'vic');
  for (const path of [LIST, `${LIST}/HB-BUS`]) {
    const page = await vic.get(path);
    expect(page.status).toBe(200);
    expect(page.html).not.toMatch(/type="checkbox" id="choose|method="post" action="\/console\/contributions/);
  }
  const token = hiddenIn(await vic.get(LIST), '/console/language');
  const refused = await vic.post(`${LIST}/change`, { ...token, reference: 'HB-BUS', tags: 'x', deed: 'tag' });
  expect(refused.status).toBe(403);
});

const WRONG = [
  'state=none',
  'color=red',
  'since=yesterday',
  'search=%00',
  'files=perhaps',
  `search=${'x'.repeat(5000)}`,
];

test('what cannot be read of an address is said, and all are shown', async () => {
  const { ana } = await started();
  for (const query of WRONG) {
    const page = await ana.get(`${LIST}?${query}`);
    expect(page.status, query).toBe(400);
    expect(references(page), query).toHaveLength(3);
  }
  expect((await ana.get(`${LIST}?after=nonsense&done=nothing`)).status).toBe(200);
});

test('a long list goes on page by page, each of them small, whatever people have written', async () => {
  const { db, person, ana } = await started();
  const words = '<script>alert(1)</script> “quoted” \u202Eoverride & more. '.repeat(60);
  for (let index = 0; index < 60; index++) await addContribution(db, person, `HB-N${index + 100}`, { text: words });
  const seen: string[] = [];
  for (let address: string | undefined = LIST; address !== undefined; ) {
    const page = await ana.get(address);
    expect(page.html.length).toBeLessThan(60_000);
    expect(page.html).not.toContain('<script');
    seen.push(...references(page));
    address = /rel="next" href="([^"]+)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(seen).toHaveLength(63);
  expect(new Set(seen).size).toBe(63);
});
