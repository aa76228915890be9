import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createKeeping } from '../../src/store/canKeep.ts';
import { freshDatabaseUrl } from '../support/database.ts';
import { FAR_MS } from '../support/wait.ts';

/** Tries on a database with this setting. */
async function triedWith(setting: string): Promise<string | null> {
  const url = await freshDatabaseUrl();
  const name = new URL(url).pathname.slice(1);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} SET ${setting}`);
  await admin.end();
  return tried(url);
}

async function tried(url: string, patienceMs = FAR_MS): Promise<string | null> {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());
  return createKeeping(pool, patienceMs)();
}

it('finds that words can be kept, again and again', async () => {
  const url = await freshDatabaseUrl();
  expect([await tried(url), await tried(url)]).toEqual([null, null]);
});

it('finds a database that only reads, though it answers', async () => {
  expect(await triedWith('default_transaction_read_only = on')).toBe('takes no writes: it is read only');
});

it('finds a disk without room, though a row would still fit', async () => {
  expect(await triedWith("temp_file_limit = '100kB'")).toBe('a limit of the server is reached');
});

it('finds a server that is away', async () => {
  expect(await tried('postgres://user@127.0.0.1:1/db')).toBe('does not answer (ECONNREFUSED)');
});

it('finds one that accepts and says nothing', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as AddressInfo;
  expect(await tried(`postgres://user@127.0.0.1:${port}/db`, 50)).toBe('does not answer');
  for (const socket of sockets) socket.destroy();
  silent.close();
});
