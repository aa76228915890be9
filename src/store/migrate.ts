import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import { applied, MIGRATIONS, migrationNames } from './migrations.ts';
import { statement } from './statement.ts';

/** Any number will do, as long as all processes use the same. */
const MIGRATION_LOCK = 4_711_001;

/**
 * Brings the database to the schema of this version. Several processes may call it at once; one migrates, the others
 * wait.
 * @throws UserError when this user may not create tables, or an earlier version stopped in the middle of a migration
 */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that is lost between two statements shows at the next.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await applied(client);
    const missing = (await migrationNames()).filter((name) => !done.has(name));
    if (missing.length === 0) return;
    await mayMakeTables(client);
    await client.query(RECORD);
    await refuseUnfinished(client);
    for (const name of missing) await apply(client, name);
  } finally {
    await client.end();
  }
}

export const MAY_MAKE_TABLES = statement(
  { may: z.boolean() },
  `SELECT has_schema_privilege('public', 'CREATE') AS may`,
);

async function mayMakeTables(client: pg.Client): Promise<void> {
  if (!(await MAY_MAKE_TABLES.first(client))?.may)
    throw new UserError(
      'DATABASE_URL: this user may not make tables in the database. Let it own the database: ALTER DATABASE name OWNER TO user.',
    );
}

/** As Prisma keeps it, so that its own tools can read it. */
const RECORD = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

export const UNFINISHED = statement(
  { name: z.string() },
  `
  SELECT migration_name AS name FROM _prisma_migrations r
  WHERE finished_at IS NULL AND rolled_back_at IS NULL AND NOT EXISTS (
    SELECT FROM _prisma_migrations f WHERE f.migration_name = r.migration_name AND f.finished_at IS NOT NULL)`,
);

/** Other tools do not migrate in one transaction: what they left half done cannot be continued. */
async function refuseUnfinished(client: pg.Client): Promise<void> {
  const unfinished = await UNFINISHED.first(client);
  if (unfinished)
    throw new UserError(
      `The database stopped in the middle of the migration ${unfinished.name}. Restore the backup from before the update, and start again.`,
    );
}

/** One migration and its record: both, or neither. */
async function apply(client: pg.Client, name: string): Promise<void> {
  const sql = await readFile(path.join(MIGRATIONS, name, 'migration.sql'), 'utf8');
  const checksum = createHash('sha256').update(sql).digest('hex');
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    throw new Error(`The migration ${name} failed; the database is as it was before it.`, { cause });
  }
}
