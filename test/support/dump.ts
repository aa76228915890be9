import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { inject } from 'vitest';

/**
 * The address of a database as the version of 27 November 2026 left it when it was stopped in the middle of its work:
 * `pg_dump --inserts` of a small process, with people at every point of a conversation and deliveries in every state.
 */
export async function dumpedDatabaseUrl(): Promise<string> {
  const name = `dumped_${randomUUID().replaceAll('-', '')}`;
  const url = inject('serverUrl').replace(/postgres$/, name);
  await on(inject('serverUrl'), `CREATE DATABASE ${name}`);
  await on(url, 'DROP SCHEMA public', gunzipSync(readFileSync('test/fixtures/upgrade/main.sql.gz')).toString());
  return url;
}

async function on(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
