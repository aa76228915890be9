import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';

/** The address of a new, migrated, empty database on the run's server. */
export async function freshDatabaseUrl(): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: inject('serverUrl') });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE template_hearback`);
  await client.end();
  return inject('serverUrl').replace(/postgres$/, name);
}

/** A new database, closed when the test ends. Call inside a test or a beforeEach. */
export async function freshDatabase(): Promise<Database> {
  const database = await openDatabase(await freshDatabaseUrl());
  onTestFinished(() => database.close());
  return database;
}
