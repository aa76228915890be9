import { expect, test } from 'vitest';
import { createInbox } from '../../../src/store/inbox.ts';
import { audited } from '../../support/actions.ts';
import { command } from '../../support/command.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers } from '../../support/happens.ts';

test('what could not be handled is listed with what becomes of it, and shown without what people said, or with an entry of who has read that', async () => {
  const db = await freshDatabase();
  const updates = (...args: string[]) => command(['updates', ...args], { DATABASE_URL: db.url });
  expect((await updates('list')).out).toBe('Everything that came in was handled.\n');

  const raw = { update_id: 77, message: { type: 'story', from: { id: 4711, first_name: 'Ana' }, text: 'my secret' } };
  await createInbox(db.pool).keepUnreadable('telegram:1:77', JSON.stringify(raw), 'TypeError: no such kind');
  const { out } = await updates('list');
  expect(out).toMatch(/^id +came +state +why\ntelegram:1:77 .* unreadable +TypeError: no such kind\n/);
  expect(out).toContain('unreadable: nobody here reads it, and it goes after 30 days.');
  expect(out).not.toContain('failed:');
  expect(JSON.parse((await updates('list', '--json')).out)).toMatchObject([
    { id: 'telegram:1:77', state: 'unreadable' },
  ]);

  const shown = (await updates('show', 'telegram:1:77')).out;
  expect(shown).toMatch(/^telegram:1:77: unreadable, came .*\. TypeError: no such kind\n\{/);
  expect(shown).toContain('"type": "story"');
  expect(shown).toContain('"text": "(9 characters)"');
  expect(shown).not.toMatch(/secret|Ana|4711/);
  expect(await audited(db)).toEqual([]);
  expect((await updates('show', 'telegram:1:77', '--whole')).out).toContain('"text": "my secret"');
  await addMembers(db.pool, { lea: ['liaison'] });
  const refused = await updates('show', 'telegram:1:77', '--whole', '--as', 'lea');
  expect(refused).toMatchObject({ out: '', err: expect.stringMatching(/^lea may not read what came in/) });
  expect(await audited(db)).toEqual(['operator updates.show done', 'lea updates.show refused']);
  expect((await updates('show', 'nothing')).err).toMatch(
    /^No update nothing was put aside\. `npx hearback updates list`/,
  );
});
