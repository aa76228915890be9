import { expect, test } from 'vitest';
import { member, type Page, signedIn } from '../../../support/console.ts';
import { addContribution, addPerson } from '../../../support/contributions.ts';
import { type Hearback, hearback } from '../../../support/hearback.ts';
import { addProposals } from '../../../support/proposals.ts';
import { addThread } from '../../../support/threads.ts';

/** The number that stands above these words. */
function figure({ html }: Page, words: string): number {
  const [, count] = new RegExp(`<dt>${words}</dt><dd>(\\d+)</dd>`).exec(html) ?? [];
  if (count === undefined) throw new Error(`No figure "${words}" in:\n${html}`);
  return Number(count);
}

async function underWay(): Promise<Hearback> {
  const it = await hearback();
  const { db } = it.service.core;
  await member(db, 'ana', ['forum'], 'government');
  await member(db, 'ben', ['forum'], 'civil society');
  await member(db, 'vera', ['viewer']);
  const [one, two] = [await addPerson(db), await addPerson(db)];
  const states = ['received', 'received', 'decided', 'released', 'delivered', 'withdrawn'] as const;
  for (const [index, state] of states.entries())
    await addContribution(db, index % 2 ? one : two, `HB-${index}`, { state });
  await it.rows(
    `UPDATE contribution SET submitted_at = now() - interval '6 days' WHERE reference IN ('HB-0', 'HB-1', 'HB-2')`,
  );
  await addProposals(db, 'ben', ['HB-0']);
  await addThread(db, one, 'HB-LATE', { dueAt: new Date(Date.now() - 86_400_000) });
  await addThread(db, two, 'HB-SOON', { kind: 'disagreement' });
  return it;
}

test('the first page says what people are owed, what came in this week, and what waits for whoever reads it', async () => {
  const it = await underWay();
  const home = await (await signedIn(it.service.url, it.service.core.db, 'ana')).get('/console');
  expect(figure(home, 'people wait for an answer')).toBe(2);
  expect(figure(home, 'proposed decision to confirm')).toBe(1);
  expect(home.text).toContain('Question HB-LATE overdue since');
  expect(home.text).toContain('Disagreement with an answer HB-SOON due');
  expect(figure(home, 'contributions without a decision')).toBe(2);
  expect(figure(home, 'decision not released')).toBe(1);
  expect(figure(home, 'answer on its way')).toBe(1);
  expect(figure(home, 'of these is overdue')).toBe(1);
  expect(home.text).toContain('People were promised an answer by Wednesday 30 June');
  expect(figure(home, 'contributions')).toBe(3);
  expect(figure(home, 'people who gave them')).toBe(2);
  expect(home.text).toContain('All 6 contributions, by state');
  expect(figure(home, 'taken back by their author')).toBe(1);
  expect(home.text).toMatch(/Next dates “Ideas from everyone” opens Monday 1 February Opening meeting/);
});

test('a viewer reads the same, and nothing waits for them; whoever proposed confirms nothing', async () => {
  const it = await underWay();
  const { url, core } = it.service;
  const vera = await (await signedIn(url, core.db, 'vera')).get('/console');
  expect(vera.text).toContain('Nothing waits for you now.');
  expect(figure(vera, 'contributions without a decision')).toBe(2);
  const ben = await (await signedIn(url, core.db, 'ben')).get('/console');
  expect(ben.html).not.toContain('to confirm');
});

test('it speaks the language of the member’s chat, until they choose another for this browser', async () => {
  const it = await underWay();
  const { url, core } = it.service;
  await addPerson(core.db, { key: 'telegram:1:ana', language: 'es' });
  await it.rows(`INSERT INTO member_identity (identity_key, member_id) VALUES ('telegram:1:ana', 'ana')`);
  const ana = await signedIn(url, core.db, 'ana');
  const page = await ana.get('/console', { 'accept-language': 'fr' });
  expect(page.html).toContain('<html lang="es" dir="ltr">');
  expect((await ana.send(page, '/console/language', { language: 'fr' })).status).toBe(303);
  expect((await ana.get('/console')).html).toContain('<html lang="fr" dir="ltr">');
  const other = await ana.get('/console');
  expect((await ana.send(other, '/console/language', { language: 'tlh' })).status).toBe(404);
});
