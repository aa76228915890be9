import { chmod, chown, copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openBase } from '../../src/compose/base.ts';
import { readConfig } from '../../src/config.ts';
import { silentLog } from '../../src/core/log.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { temporaryFolder } from '../support/ownServer.ts';

const TLS = path.join('test', 'fixtures', 'tls');

/** A server with a certificate that nobody vouches for; gives its port and somebody to ask as. */
async function encryptedServer() {
  const home = await temporaryFolder();
  const server = await openEmbedded(home);
  onTestFinished(() => server.close({ force: true }));
  const folder = path.join(home, 'postgres');
  const { uid, gid } = await stat(folder);
  for (const name of ['server.crt', 'server.key']) {
    const file = path.join(folder, name);
    await copyFile(path.join(TLS, name), file);
    await chown(file, uid, gid);
    await chmod(file, 0o600);
  }
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('ALTER SYSTEM SET ssl = on');
  await client.query('SELECT pg_reload_conf()');
  return { client, port: new URL(server.url).port };
}

test('a server that encrypts with a certificate of its own, and a password as it is typed, serve store and queue', async () => {
  const { client, port } = await encryptedServer();
  await client.query(`CREATE ROLE ana LOGIN PASSWORD 'p@ss/w#rd?100%'`);
  await client.query('CREATE DATABASE plan OWNER ana');
  const url = `postgresql://ana:p@ss/w#rd?100%@127.0.0.1:${port}/plan?schema=public`;
  const core = await openBase(readConfig({ DATABASE_URL: `${url}&sslmode=require` }), silentLog, { service: true });
  onTestFinished(core.close);
  await core.queue.start();
  await core.queue.startNotice('none', 60_000);
  const { rows } = await client.query(
    `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'ana'`,
  );
  expect(rows).toEqual([{ ssl: true }]);
  const where = `SELECT schemaname FROM pg_tables WHERE tablename IN ('contribution', 'job') ORDER BY 1`;
  expect((await core.db.pool.query(where)).rows).toEqual([{ schemaname: 'bullmq' }, { schemaname: 'public' }]);
  const strict = readConfig({ DATABASE_URL: `${url}&sslmode=verify-full` });
  await expect(openBase(strict, silentLog, { service: true })).rejects.toThrow(
    /^DATABASE_URL: .*self-signed certificate.*sslmode/,
  );
});

test('somebody who may make no tables, or no schema for the queue, is told how they may', async () => {
  const { client, port } = await encryptedServer();
  await client.query(`CREATE ROLE ben LOGIN PASSWORD 'secret'`);
  await client.query('CREATE DATABASE plan');
  const open = () =>
    openBase(readConfig({ DATABASE_URL: `postgresql://ben:secret@127.0.0.1:${port}/plan` }), silentLog, {
      service: true,
    });
  await expect(open()).rejects.toThrow(
    /^DATABASE_URL: .* may not make tables in .* ALTER DATABASE name OWNER TO user\.$/,
  );
  await client.query('ALTER ROLE ben SUPERUSER');
  await (await open()).close();
  await client.query('ALTER ROLE ben NOSUPERUSER');
  const core = await open();
  onTestFinished(core.close);
  await expect(core.queue.start()).rejects.toThrow(
    /^DATABASE_URL: this user is not allowed to create a schema for the queue.*REDIS_URL\.$/,
  );
});
