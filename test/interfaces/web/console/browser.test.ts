import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { barriers, browserOfFile, hasChromium, inChromium, overflow, picture } from '../../../support/browser.ts';
import { linkFor, member } from '../../../support/console.ts';
import { addContribution, addPerson } from '../../../support/contributions.ts';
import { type Hearback, hearback } from '../../../support/hearback.ts';
import { addProposals } from '../../../support/proposals.ts';
import { addThread } from '../../../support/threads.ts';

/** A process under way, with what waits for Ana, and members whose names and organizations are no easy ones. */
async function underWay(): Promise<Hearback> {
  const it = await hearback();
  const { db } = it.service.core;
  await member(db, 'ana', ['organizer', 'forum', 'admin'], 'government');
  await member(db, 'ben', ['forum'], 'civil society');
  await it.rows(
    `UPDATE member SET name = 'Ana Ruiz', organization = 'https://finance.example/a-department' WHERE id = 'ana'`,
  );
  await it.rows(`UPDATE member SET name = 'بن صالح', organization = 'مؤسسة' WHERE id = 'ben'`);
  const person = await addPerson(db);
  for (const reference of ['HB-ONE', 'HB-TWO', 'HB-THREE']) await addContribution(db, person, reference);
  await it.rows('UPDATE contribution SET submitted_at = now()');
  await addProposals(db, 'ben', ['HB-ONE', 'HB-TWO']);
  await addThread(db, person, 'HB-LATE', { dueAt: new Date(Date.now() - 86_400_000) });
  await addThread(db, person, 'HB-SOON', { kind: 'disagreement' });
  return it;
}

/** Ana comes in as people do: by the link, and the button that it shows. */
async function comesIn(context: BrowserContext, it: Hearback, look?: (page: Page, name: string) => Promise<void>) {
  const page = await context.newPage();
  await page.goto(it.service.url + (await linkFor(it.service.core.db, 'ana')));
  await look?.(page, 'enter');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return page;
}

const MEMBER_PAGES = {
  home: '/console',
  contributions: '/console/contributions',
  filtered: '/console/contributions?state=received&search=HB',
  'nothing found': '/console/contributions?language=fr',
  'filter with a mistake': '/console/contributions?state=none',
  contribution: '/console/contributions/HB-ONE',
  threads: '/console/threads',
  thread: '/console/threads/HB-LATE',
  members: '/console/members',
  member: '/console/members/ben',
  sessions: '/console/sessions',
  missing: '/console/nothing',
};

/** Every page, as Ana comes by it. */
async function everyPage(context: BrowserContext, it: Hearback, look: (page: Page, name: string) => Promise<void>) {
  const outside = await context.newPage();
  await outside.goto(`${it.service.url}/console`);
  await look(outside, 'signed-out');
  await outside.goto(`${it.service.url}/console/enter/used`);
  await look(outside, 'link-used');
  const page = await comesIn(context, it, look);
  for (const [name, path] of Object.entries(MEMBER_PAGES)) {
    await page.goto(it.service.url + path);
    await look(page, name);
  }
  await page.goto(`${it.service.url}/console/contributions`);
  await page.getByLabel('Choose HB-TWO').check();
  await page.getByLabel('One or more tags').fill('bus');
  await page.getByRole('button', { name: 'Add' }).click();
  await look(page, 'what will change');
  await page.getByRole('button', { name: 'Change it' }).click();
  await look(page, 'changed');
  await page.goto(`${it.service.url}/console/threads/HB-LATE`);
  await page.getByLabel('Your answer').fill('The forum does.');
  await page.getByRole('button', { name: 'See it before it goes' }).click();
  await look(page, 'answer to be sent');
  await page.goto(`${it.service.url}/console/members`);
  await page.getByRole('button', { name: 'Add, and make a code' }).click();
  await look(page, 'mistakes');
  await page.goto(`${it.service.url}/console/members/ben`);
  await page.getByRole('button', { name: 'Make a new code', exact: true }).click();
  await look(page, 'code');
}

const WAYS: [name: string, options: Parameters<ReturnType<typeof browserOfFile>>[0], fromTheRight?: boolean][] = [
  ['wide', { viewport: { width: 1280, height: 800 } }],
  ['dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  ['at 200 percent', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ['320 pixels wide', { viewport: { width: 320, height: 640 } }],
  ['320 pixels wide and dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
  ['from right to left', { viewport: { width: 1280, height: 800 } }, true],
  ['from right to left, 320 pixels wide', { viewport: { width: 320, height: 640 } }, true],
];

describe.skipIf(!hasChromium)(`the console ${inChromium}`, () => {
  const open = browserOfFile();

  test.each(WAYS)('puts nothing in anybody’s way, and nothing out of sight: %s', async (way, options, fromTheRight) => {
    const it = await underWay();
    const context = await open(options);
    const complaints: string[] = [];
    await everyPage(context, it, async (page, name) => {
      if (fromTheRight) await page.evaluate("document.documentElement.dir = 'rtl'");
      await picture(page, `${name}, ${way}`);
      const sideways = await overflow(page);
      if (sideways > 0) complaints.push(`${name}: sticks out by ${sideways} pixels`);
      complaints.push(...(await barriers(page)).map((barrier) => `${name}: ${barrier}`));
    });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('asks no other host for anything, and breaks none of its own rules', async () => {
    const it = await underWay();
    const context = await open();
    const asked = new Set<string>();
    const said: string[] = [];
    context.on('request', (request) => asked.add(new URL(request.url()).host));
    context.on('console', (message) => message.type() === 'error' && said.push(message.text()));
    await everyPage(context, it, async () => undefined);
    expect([...asked]).toEqual([new URL(it.service.url).host]);
    // What is not found, or not taken, is told to the reader by its status as well.
    expect(said.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
    await context.close();
  });

  test('is signed in to, and a member added, by keyboard alone and without JavaScript', async () => {
    const it = await underWay();
    const context = await open({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(it.service.url + (await linkFor(it.service.core.db, 'ana')));
    await tabTo(page, 'Sign in');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console');
    await tabTo(page, 'Members');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/members');
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type('Chloé Martin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('chloe');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await tabTo(page, 'Add, and make a code');
    await page.keyboard.press('Enter');
    await page.getByText('Added as a member.').waitFor();
    expect(await page.locator('.code').textContent()).toMatch(/^[A-Z0-9]{8}$/);
    const [made] = await it.rows(`SELECT name, roles FROM member WHERE id = 'chloe'`);
    expect(made).toEqual({ name: 'Chloé Martin', roles: ['forum'] });
    await context.close();
  });

  test('speaks another language when it is chosen, and lets go of whoever signs out', async () => {
    const it = await underWay();
    const context = await open();
    const page = await comesIn(context, it);
    await page.getByLabel('Language').selectOption('fr');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await picture(page, 'home, in French');
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByRole('heading', { level: 1, name: 'Vous êtes déconnecté' }).waitFor();
    await page.goto(`${it.service.url}/console`);
    await page.getByRole('heading', { level: 1, name: 'Please sign in' }).waitFor();
    await context.close();
  });
});

/** Presses Tab until that has the focus, as somebody does who sees where it is. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.textContent())?.trim() === name) return;
  }
  throw new Error(`"${name}" is not reached by Tab.`);
}
