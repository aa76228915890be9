import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabaseUrl } from './database.ts';

/** Time that stands still until the test moves it, or somebody pauses: here and in a database alike. */
export interface Time {
  clock(): number;
  /** Moves it on by as much as was to be waited. */
  pause(ms: number): Promise<void>;
}

/** A new database in whose statements it is as late as the test says. Closed when the test ends. */
export async function databaseInTime(): Promise<{ database: Database; time: Time }> {
  const url = await freshDatabaseUrl();
  await inTime(url);
  const database = await openDatabase(url);
  onTestFinished(() => database.close());
  return { database, time: await timeOf(database) };
}

/** From the next connection on, a database's `now()` is that of a table; it begins where nothing else is said as the present. */
export async function inTime(url: string, begins: Date | null = null): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(MOVED);
  if (begins) await client.query('UPDATE moved.time SET at = $1', [begins]);
  await client.query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET search_path = public, moved, pg_catalog`);
  await client.end();
}

/** Whatever names no schema finds these before PostgreSQL's own. */
const MOVED = `
  CREATE SCHEMA moved;
  CREATE TABLE moved.time AS SELECT date_trunc('milliseconds', now()) AS at;
  CREATE FUNCTION moved.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM moved.time';
  CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM moved.time'`;

export async function timeOf({ pool }: Pick<Database, 'pool'>): Promise<Time> {
  const { rows } = await pool.query('SELECT at FROM moved.time');
  let now = (rows[0].at as Date).getTime();
  return {
    clock: () => now,
    async pause(ms) {
      now += Math.max(0, Math.ceil(ms));
      const at = new Date(now).toISOString();
      await pool.query('UPDATE moved.time SET at = greatest(at, $1::timestamptz)', [at]).catch((error) => {
        // Whoever pauses when the test is over is waited for by nobody.
        if (!pool.ending) throw error;
      });
    },
  };
}
