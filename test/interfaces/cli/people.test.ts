import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { viewsOf } from '../../../src/compose/views.ts';
import type { Attachment } from '../../../src/core/inbound.ts';
import { addPeopleCommands } from '../../../src/interfaces/cli/people.ts';
import { atTerminal } from '../../../src/people/actor.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { acting, audited } from '../../support/actions.ts';
import { command } from '../../support/command.ts';
import { addContribution, addPerson } from '../../support/contributions.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers } from '../../support/happens.ts';
import { temporaryFolder } from '../../support/ownServer.ts';
import { plan } from '../../support/plan.ts';
import { heardAt, type Typist } from '../../support/terminal.ts';

const LINDENS: Attachment = { kind: 'photo', ref: 'f', mime: 'image/jpeg', name: 'Lindens in bloom.jpg', size: null };

async function withAuthor() {
  const db = await freshDatabase();
  const home = await temporaryFolder();
  const id = await addPerson(db, { key: 'memory:bot:wilhelmina' });
  await addContribution(db, id, 'HB-LETTERS', { text: 'Plant <lindens>', attachments: [LINDENS] });
  const events = [{ id: 'w1', title: { en: 'A workshop' }, at: '2027-02-04T18:00', where: 'Here' }];
  await createProcesses(db).apply(plan({ events }));
  await db.pool.query(
    `UPDATE identity SET name = 'Wilhelmina';
     INSERT INTO attendance (event, identity_id, answer, since, at) SELECT 'w1', id, 'yes', now(), now() FROM identity;
     INSERT INTO attachment (channel, ref, identity_id, state, bytes) SELECT channel, 'f', id, 'kept', 'lindens' FROM identity`,
  );
  const people = (...args: string[]) => command(['people', ...args], { DATABASE_URL: db.url, DATA_DIR: home });
  return { db, home, people };
}

test('whoever asks by letter is given all that is held about them, and the audit has who looked', async () => {
  const { db, home, people } = await withAuthor();
  const out = path.join(home, 'letter');
  expect(await people('export', 'hb letters', '--out', out, '--json')).toMatchObject({
    code: 0,
    out: expect.stringContaining('["hearback.html","hearback.json","file-1-Lindens_in_bloom.jpg"]'),
  });
  const html = await readFile(path.join(out, 'hearback.html'), 'utf8');
  expect(html).toContain('<b>Name:</b> Wilhelmina');
  expect(html).toContain('<b>Your words:</b> Plant &lt;lindens&gt;');
  expect(html).toContain('<p>A workshop</p>\n<p>You said that you are coming</p>');
  expect(html).toContain('<p>file-1-Lindens_in_bloom.jpg</p>');
  const whole = JSON.parse(await readFile(path.join(out, 'hearback.json'), 'utf8'));
  expect(whole).toMatchObject({ identity: [{ name: 'Wilhelmina' }], contribution: [{ text: 'Plant <lindens>' }] });
  expect(await readFile(path.join(out, 'file-1-Lindens_in_bloom.jpg'), 'utf8')).toBe('lindens');
  expect((await stat(out)).mode & 0o077).toBe(0);
  await addMembers(db.pool, { lea: ['liaison'] });
  expect((await people('export', 'HB-LETTERS', '--out', out, '--as', 'lea')).err).toContain(
    'lea may not see what is held',
  );
  expect(await audited(db)).toEqual(['operator people.export done', 'lea people.export refused']);
});

test('whoever asks by letter is erased, by their reference or their pseudonym, and the audit does not name them', async () => {
  const { db, home, people } = await withAuthor();
  expect(await people('erase', 'HB-LETTERS')).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
  expect((await people('erase', 'HB-NOBODY', '--yes')).err).toContain('Nobody is known as the author of HB-NOBODY');
  const { rows } = await db.pool.query('SELECT contributor_id AS id FROM identity');
  const erased = await people('erase', rows[0].id.toUpperCase(), '--yes', '--json', '--keep-words');
  expect(JSON.parse(erased.out)).toEqual({ reference: null, remains: 'words', identities: 1, contributions: 1 });
  expect((await db.pool.query('SELECT status, name FROM identity')).rows).toEqual([{ status: 'erased', name: null }]);
  const entries = await db.pool.query(
    `SELECT subject, detail FROM audit WHERE action = 'people.erase' AND outcome = 'done'`,
  );
  expect(entries.rows).toEqual([{ subject: null, detail: { identities: 1, contributions: 1, remains: 'words' } }]);
  expect(await readFile(path.join(home, 'erased.list'), 'utf8')).toMatch(/^\S+Z words [\w-]{43}\n$/);
  expect((await people('erase', 'HB-LETTERS', '--yes')).err).toContain('they were erased already');
});

test('nobody is erased by a slip of the hand: the reference is typed again', async () => {
  const { db } = await withAuthor();
  const { people, expect: allowed } = acting(db);
  const wiring = {
    ...{
      views: viewsOf(db),
      processes: { current: async () => null },
      flowsDir: 'flows',
      close: async () => undefined,
    },
    ...{ read: async () => undefined, actions: async () => ({ people, expect: allowed }) },
  };
  const erase = (keys: string) => {
    const typist: Typist = { asked: /Type the reference/, keys };
    const add = (program: Parameters<typeof addPeopleCommands>[0], streams: object) =>
      addPeopleCommands(program, async () => wiring, streams as never);
    return heardAt(add, ['people', 'erase', 'HB-LETTERS'], typist);
  };
  expect((await erase('HB-OTHERS\r')).mistake).toContain('Nothing is done: HB-LETTERS was to be typed');
  expect((await erase('hb-letters\r')).mistake).toBeNull();
  await expect(people.erase(atTerminal(), 'HB-LETTERS', 'count')).rejects.toThrow('erased already');
});
