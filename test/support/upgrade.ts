import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { MIGRATIONS, migrationNames } from '../../src/store/migrations.ts';

/** A database as it was before a migration, and what brings it from there to today's. Call inside a test. */
export async function databaseBefore(migration: string): Promise<{ client: pg.Client; upgrade(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const server = new pg.Client({ connectionString: inject('serverUrl') });
  await server.connect();
  await server.query(`CREATE DATABASE ${name}`);
  await server.end();
  const client = new pg.Client({ connectionString: inject('serverUrl').replace(/postgres$/, name) });
  await client.connect();
  onTestFinished(() => client.end());
  const all = await migrationNames();
  const at = all.findIndex((one) => one.endsWith(migration));
  if (at < 0) throw new Error(`There is no migration ${migration}.`);
  const run = async (names: string[]) => {
    for (const one of names) await client.query(await readFile(path.join(MIGRATIONS, one, 'migration.sql'), 'utf8'));
  };
  await run(all.slice(0, at));
  return { client, upgrade: () => run(all.slice(at)) };
}
