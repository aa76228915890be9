import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';

/** The address of a new, migrated, empty database on the run's server. It is there until the test ends. */
export async function freshDatabaseUrl(): Promise<string> {
  const url = await lastingDatabaseUrl();
  const name = new URL(url).pathname.slice(1);
  onTestFinished(async () => void (await server().query(`DROP DATABASE ${name} WITH (FORCE)`)));
  return url;
}

/** The same for what the tests of a file share. It is there until the run ends. */
export async function lastingDatabaseUrl(): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Its files are copied, instead of being written to the log page by page.
  await server().query(`CREATE DATABASE ${name} TEMPLATE template_hearback STRATEGY FILE_COPY`);
  return inject('serverUrl').replace(/postgres$/, name);
}

/** One connection for as long as this worker lives, which it does not keep alive. */
function server(): pg.Pool {
  if (!connection) {
    connection = new pg.Pool({
      connectionString: inject('serverUrl'),
      max: 1,
      idleTimeoutMillis: 0,
      allowExitOnIdle: true,
    });
    connection.on('error', () => undefined);
  }
  return connection;
}
let connection: pg.Pool | null = null;

/** A new database, closed when the test ends. Call inside a test or a beforeEach. */
export async function freshDatabase(): Promise<Database> {
  const database = await openDatabase(await freshDatabaseUrl());
  onTestFinished(() => database.close());
  return database;
}
