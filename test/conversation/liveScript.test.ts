import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLiveScript, readScript } from '../../src/conversation/liveScript.ts';
import type { Facts, Log } from '../../src/core/log.ts';
import { silentLog } from '../../src/core/log.ts';
import { createScripts } from '../../src/store/flowVersions.ts';
import { freshDatabase } from '../support/database.ts';
import { flowsWith } from '../support/folder.ts';

const HELLO = 'Thank you. It goes to the forum.';

/** A deployment of several processes, each with a folder of its own. */
async function deployment(count: number) {
  const db = await freshDatabase();
  return Promise.all(
    Array.from({ length: count }, async () => {
      const folder = await flowsWith({});
      const lines: [string, Facts | undefined][] = [];
      const log: Log = { ...silentLog, warn: (event, facts) => void lines.push([event, facts]) };
      let changes = 0;
      const script = await createLiveScript(await readScript(folder), {
        ...{ scripts: createScripts(db.pool), languages: () => ['en'], log },
        changed: () => (changes += 1),
      });
      const change = async (file: string, edit: (text: string) => string) => {
        const whole = path.join(folder, file);
        await writeFile(whole, edit(await readFile(whole, 'utf8')));
      };
      const settle = async () => {
        await script.look();
        await script.look();
      };
      const says = () => script.catalog('chat')('en')('slack_suggested');
      return { db, script, change, settle, says, lines, changes: () => changes };
    }),
  );
}

const otherWords = (words: string) => (text: string) =>
  text.replace(/^slack_suggested:[\s\S]*?(?=^\w)/m, `slack_suggested: { en: "${words}", es: "Sí", fr: "Oui" }\n`);

test('a text that is saved in one folder is said by every process of the deployment', async () => {
  const [one, other] = await deployment(2);
  if (!one || !other) throw new Error('two were asked for');
  const before = one.says();
  await one.change('chat.yaml', otherWords(HELLO));
  await one.script.look();
  expect(one.says()).toBe(before);
  await one.script.look();
  expect(one.says()).toBe(HELLO);
  await other.script.look();
  expect([other.says(), one.changes(), other.changes()]).toEqual([HELLO, 1, 1]);
  // The folder of the other has not changed: it does not come back by itself.
  await other.settle();
  await one.settle();
  expect([one.says(), other.says(), one.changes()]).toEqual([HELLO, HELLO, 1]);
});

test('a flow that is saved is the one that people begin, in a version of its own', async () => {
  const [one, other] = await deployment(2);
  if (!one || !other) throw new Error('two were asked for');
  const before = one.script.registry().get('idea')?.version;
  await one.change('idea.flow.yaml', (text) => text.replace(/^version: .*/m, 'version: 77'));
  await one.settle();
  await other.script.look();
  const versions = [one, other].map(({ script }) => script.registry().get('idea')?.version);
  expect(versions[0]).toMatch(/^77-/);
  expect(versions).toEqual([versions[0], versions[0]]);
  expect(versions[0]).not.toBe(before);
});

test('what is saved with errors changes nothing, is told in one line, and is in force once it is fixed', async () => {
  const [one, other] = await deployment(2);
  if (!one || !other) throw new Error('two were asked for');
  const before = one.says();
  await one.change('chat.yaml', (text) => `${otherWords(HELLO)(text)}\nwrong: [\n`);
  await one.settle();
  await one.settle();
  await other.settle();
  expect([one.says(), other.says()]).toEqual([before, before]);
  expect(one.lines).toEqual([
    [
      expect.stringContaining('has errors'),
      { errors: expect.any(Number), first: expect.stringMatching(/^chat\.yaml:\d+$/) },
    ],
  ]);
  expect(other.lines).toEqual([]);
  await one.change('chat.yaml', (text) => text.replace('\nwrong: [\n', ''));
  await one.settle();
  await other.settle();
  expect([one.says(), other.says()]).toEqual([HELLO, HELLO]);
});

test('the same files again, also of a process that is started again, put nothing else in force', async () => {
  const [one] = await deployment(3);
  if (!one) throw new Error('one was asked for');
  await one.change('chat.yaml', (text) => text);
  await one.settle();
  expect(one.changes()).toBe(0);
});

test('what is saved while the database does not take it is in force as soon as it does', async () => {
  const [one] = await deployment(1);
  if (!one) throw new Error('one was asked for');
  const { pool } = one.db;
  await pool.query(`CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''disk''; END'`);
  await pool.query('CREATE TRIGGER no BEFORE INSERT ON script FOR EACH ROW EXECUTE FUNCTION no()');
  await one.change('chat.yaml', otherWords(HELLO));
  await one.script.look();
  await expect(one.script.look()).rejects.toThrow('disk');
  await pool.query('DROP TRIGGER no ON script');
  await one.script.look();
  expect(one.says()).toBe(HELLO);
});
