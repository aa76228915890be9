import { expect, test } from 'vitest';
import { member, type Page, signedIn } from '../../../support/console.ts';
import { addContribution, addPerson } from '../../../support/contributions.ts';
import { hearback } from '../../../support/hearback.ts';
import { addThread } from '../../../support/threads.ts';

const LIST = '/console/threads';

async function asked() {
  const it = await hearback();
  const { db } = it.service.core;
  await member(db, 'org', ['organizer'], 'government');
  await member(db, 'fay', ['forum'], 'civil society');
  const person = await addPerson(db, { language: 'es' });
  await addContribution(db, person, 'HB-BUS', { text: 'Night buses until two' });
  await addThread(db, person, 'HB-Q1', { text: '¿Quién lee esto?' });
  return { it, db, org: await signedIn(it.service.url, db, 'org'), fay: await signedIn(it.service.url, db, 'fay') };
}

const next = (page: Page): string => page.headers.get('location') ?? '';

test('who waits for an answer is listed, read, and answered once the answer was looked at', async () => {
  const { it, org } = await asked();
  expect((await org.get(LIST)).text).toContain('¿Quién lee esto?');
  const thread = await org.get(`${LIST}/HB-Q1`);
  expect(thread.text).toContain('They read Spanish.');
  const looked = await org.send(thread, `${LIST}/HB-Q1/answer`, { answer: 'El foro. <b>Gracias</b>' });
  expect(looked.html).toContain('El foro. &lt;b&gt;Gracias&lt;/b&gt;');
  expect(await it.rows('SELECT FROM thread_message WHERE by IS NOT NULL')).toEqual([]);
  const sent = await org.send(looked, `${LIST}/HB-Q1/answer`, { answer: 'El foro. Gracias' });
  expect(next(sent)).toBe(`${LIST}/HB-Q1?done`);
  expect(await it.rows('SELECT by, text FROM thread_message WHERE by IS NOT NULL')).toEqual([
    { by: 'org', text: 'El foro. Gracias' },
  ]);
  expect((await org.get(LIST)).text).toContain('There are none here.');
  expect((await org.get(`${LIST}?state=answered`)).text).toContain('HB-Q1');
});

test('it is handed to another member or closed; nothing is sent that has nothing in it', async () => {
  const { org, fay } = await asked();
  const empty = await org.send(await org.get(`${LIST}/HB-Q1`), `${LIST}/HB-Q1/answer`, { answer: '  ' });
  expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('There is nothing in the answer')]);
  const handed = await org.send(await org.get(`${LIST}/HB-Q1`), `${LIST}/HB-Q1/hand`, { to: 'fay' });
  expect(next(handed)).toBe(`${LIST}/HB-Q1?done`);
  expect((await fay.get('/console')).html).toContain(`href="${LIST}/HB-Q1"`);
  const nobody = await fay.send(await fay.get(`${LIST}/HB-Q1`), `${LIST}/HB-Q1/hand`, { to: 'nobody' });
  expect(nobody.status).toBe(400);
  await fay.send(await fay.get(`${LIST}/HB-Q1`), `${LIST}/HB-Q1/close`);
  expect((await fay.get(`${LIST}?state=closed`)).text).toContain('HB-Q1');
  expect((await fay.get(`${LIST}/HB-NONE`)).status).toBe(404);
});
