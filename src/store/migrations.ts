import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ClientBase, Pool } from 'pg';
import { z } from 'zod';
import { statement } from './statement.ts';

/** Found by the package's own name for it: the source and what is compiled of it are not equally deep. */
const SCHEMA = createRequire(import.meta.url).resolve('#prisma/schema.prisma');
export const MIGRATIONS = path.join(path.dirname(SCHEMA), 'migrations');

/** The names of this version's migrations, in their order. */
export async function migrationNames(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Whether the database has all of this version's migrations. */
export async function isMigrated(database: Pool | ClientBase): Promise<boolean> {
  const [wanted, done] = await Promise.all([migrationNames(), applied(database)]);
  return wanted.every((name) => done.has(name));
}

/** Whether the database has been migrated at all. */
export const hasTables = async (database: Pool): Promise<boolean> => (await applied(database)).size > 0;

const NO_SUCH_TABLE = '42P01';

export const APPLIED = statement(
  { name: z.string() },
  'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
);

/** The names of the migrations that the database has had. */
export async function applied(database: Pool | ClientBase): Promise<Set<string>> {
  try {
    return new Set((await APPLIED.rows(database)).map(({ name }) => name));
  } catch (error) {
    if ((error as { code?: string }).code !== NO_SUCH_TABLE) throw error;
    return new Set();
  }
}
