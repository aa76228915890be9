import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

test('a migrated database serves plain SQL and Prisma alike', async () => {
  const database = await freshDatabase();
  await database.pool.query(`INSERT INTO setting (key, value) VALUES ('a', 'b')`);
  expect(await database.prisma.setting.findMany()).toEqual([{ key: 'a', value: 'b' }]);
});
