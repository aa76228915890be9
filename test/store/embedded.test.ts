import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openEmbedded } from '../../src/store/embedded.ts';
import { freshDatabase } from '../support/database.ts';

async function folder(): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'hearback-embedded-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows[0];
}

test('a second opening of one folder joins the running server, and data outlives a kill -9 of it', async () => {
  const home = await folder();
  const first = await openEmbedded(home);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  expect((await openEmbedded(home)).url).toBe(first.url);
  const pid = Number((await readFile(path.join(home, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  const again = await openEmbedded(home);
  expect(await ask(again.url, 'SELECT answer FROM kept')).toEqual({ answer: 42 });
  await again.close();
  await expect(ask(again.url, 'SELECT 1')).rejects.toThrow();
});

/** A folder below one that only its owner may enter, as `/root` is. */
async function behindClosedDoors(): Promise<string> {
  const outer = await folder();
  await chmod(outer, 0o700);
  const home = path.join(outer, 'mi proyecto ñandú "de datos"', 'data');
  await mkdir(home, { recursive: true, mode: 0o700 });
  return home;
}

test('a database is made, stopped and opened again below a folder that only its owner may enter, whose rights stay', async () => {
  const home = await behindClosedDoors();
  const first = await openEmbedded(home);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await ask(first.url, 'CREATE DATABASE another');
  await first.close();
  const again = await openEmbedded(home);
  expect(await ask(again.url, 'SELECT answer FROM kept')).toEqual({ answer: 42 });
  await again.close({ force: true });
  for (const above of ['.', '..', '../..']) expect((await stat(path.resolve(home, above))).mode & 0o777).toBe(0o700);
});

test.runIf(userInfo().uid === 0)(
  'a database that was copied without its owner is told, with the way to give it back',
  async () => {
    const home = await folder();
    await (await openEmbedded(home)).close();
    await chown(path.join(home, 'postgres'), 0, 0);
    await expect(openEmbedded(home)).rejects.toThrow(
      /^DATA_DIR: .*postgres belongs to root, .* chown -R postgres:postgres/,
    );
  },
);

test('two who open one new folder at the same time get the same server', async () => {
  const home = await folder();
  const [one, two] = await Promise.all([openEmbedded(home), openEmbedded(home)]);
  expect(one.url).toBe(two.url);
  await one.close({ force: true });
});

test('a database that cannot start is told by its folder, in the words of its own log, and at once', async () => {
  const home = await folder();
  const server = await openEmbedded(home);
  await server.close();
  await writeFile(path.join(home, 'postgres/PG_VERSION'), '9\n');
  await expect(openEmbedded(home)).rejects.toThrow(
    /^DATA_DIR: the embedded database in .* did not start \(database files are incompatible with server\)\. .*server\.log\.$/,
  );
});

test('a migrated database serves plain SQL and Prisma alike', async () => {
  const database = await freshDatabase();
  await database.pool.query(`INSERT INTO setting (key, value) VALUES ('a', 'b')`);
  expect(await (await database.prisma()).setting.findMany()).toEqual([{ key: 'a', value: 'b' }]);
});
