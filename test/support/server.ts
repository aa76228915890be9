import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { temporaryRoom } from './room.ts';

declare module 'vitest' {
  interface ProvidedContext {
    serverUrl: string;
  }
}

/** One PostgreSQL for the run, with a migrated template: each test clones a database of its own from it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(temporaryRoom(), 'hearback-test-'));
  const server = await openEmbedded(folder);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  // Nothing here is to outlive the machine, or grows old; tests of crashes have servers of their own.
  for (const care of ['fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum'])
    await client.query(`ALTER SYSTEM SET ${care} = off`);
  // Connections are short: a statement is planned once on each, not anew for the first values.
  await client.query('ALTER SYSTEM SET plan_cache_mode = force_generic_plan');
  await client.query('SELECT pg_reload_conf()');
  // Thousands of connections let themselves in: what makes a password hard to guess would cost each of them milliseconds.
  await client.query('SET scram_iterations = 1');
  await client.query(`ALTER USER postgres PASSWORD '${new URL(server.url).password}'`);
  await client.query('CREATE DATABASE template_hearback');
  await client.end();
  await migrate(server.url.replace(/postgres$/, 'template_hearback'));
  project.provide('serverUrl', server.url);
  return async () => {
    await server.close({ force: true });
    await rm(folder, { recursive: true, force: true });
  };
}
