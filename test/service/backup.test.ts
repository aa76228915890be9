import { execFile } from 'node:child_process';
import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { expect, test } from 'vitest';
import { join } from '../../src/sandbox/people.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { after, asks, type Hearback, hearback, receipt, referenceIn } from '../support/hearback.ts';
import { temporaryFolder } from '../support/ownServer.ts';
import { hasPostgres, onSystemPostgres, systemPostgres } from '../support/systemPostgres.ts';

const run = promisify(execFile);

/** Somebody contributes; gives a look at whether they still find it, and lets them have themselves erased. */
async function somethingSaid({ telegram }: Hearback) {
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  const reference = referenceIn(await after(ana, () => ana.say('A bench in the park'), receipt));
  expect(reference).not.toBe('');
  const isFound = async () => (await after(ana, () => ana.command('/mine'), asks)).text.includes(reference);
  async function erase(): Promise<void> {
    await after(ana, () => ana.command('/erase'), asks);
    await after(ana, () => ana.press('Erase my words too'), asks);
    await after(ana, () => ana.press('Yes, erase everything'));
  }
  return { isFound, erase };
}

/** What is left of whoever has contributed. */
const known = async ({ rows }: Hearback) =>
  (await rows('SELECT i.status, c.text FROM identity i JOIN contribution c ON c.identity_id = i.id'))[0];

/** Each table with its rows, as one number. */
async function everything(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const found: Record<string, string> = {};
  for (const { name } of rows) {
    const whole = `SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') AS is FROM "${name}" t`;
    found[name] = (await client.query<{ is: string }>(whole)).rows[0]?.is ?? '';
  }
  await client.end();
  expect(Number.parseInt(found.contribution ?? '', 10)).toBe(1);
  return found;
}

async function everythingIn(home: string): Promise<Record<string, string>> {
  const server = await openEmbedded(home, { existing: true });
  try {
    return await everything(server.url);
  } finally {
    await server.close();
  }
}

test('the embedded database is backed up as a folder of a stopped service, and restored into an empty one without whoever was erased since', async () => {
  const [one, other] = [await temporaryFolder(), await temporaryFolder()];
  const DATA_DIR = path.join(one, '.data');
  const stage = await hearback({ DATABASE_URL: '', DATA_DIR });
  const { isFound, erase } = await somethingSaid(stage);
  await stage.service.stop();
  const before = await everythingIn(DATA_DIR);
  await run('tar', ['-czf', path.join(one, 'backup.tgz'), '-C', one, '.data']);
  await run('tar', ['-xzpf', path.join(one, 'backup.tgz'), '-C', other]);
  expect(await readdir(other)).toEqual(['.data']);
  const restored = path.join(other, '.data');
  expect(await everythingIn(restored)).toEqual(before);
  await stage.restart({ DATABASE_URL: '', DATA_DIR: restored });
  expect(await isFound()).toBe(true);
  await stage.restart();
  await erase();
  await stage.service.stop();
  await copyFile(path.join(DATA_DIR, 'erased.list'), path.join(restored, 'erased.list'));
  await stage.restart({ DATABASE_URL: '', DATA_DIR: restored });
  expect(await known(stage)).toEqual({ status: 'erased', text: '' });
});

test.runIf(hasPostgres)(
  `a database ${onSystemPostgres} is dumped, and restored into an empty one without whoever was erased since`,
  async () => {
    const server = await systemPostgres();
    const stage = await hearback({ DATABASE_URL: server.url('postgres') });
    const { isFound, erase } = await somethingSaid(stage);
    const file = path.join(await temporaryFolder(), 'hearback.dump');
    await stage.service.stop();
    await server.run('pg_dump', [server.url('postgres'), '--format=custom', `--file=${file}`]);
    await server.run('createdb', [`--maintenance-db=${server.url('postgres')}`, 'restored']);
    await server.run('pg_restore', ['--no-owner', `--dbname=${server.url('restored')}`, file]);
    expect(await everything(server.url('restored'))).toEqual(await everything(server.url('postgres')));
    await stage.restart({ DATABASE_URL: server.url('restored') });
    expect(await isFound()).toBe(true);
    await stage.restart();
    await erase();
    await stage.restart({ DATABASE_URL: server.url('restored') });
    expect(await known(stage)).toEqual({ status: 'erased', text: '' });
  },
);
