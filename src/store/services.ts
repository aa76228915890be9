import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { z } from 'zod';
import { statement } from './statement.ts';

/** What the server calls the connections of a service, so that others see it: `hearback all 4711@host`. */
export const serviceName = (role: string): string =>
  `hearback ${role} ${process.pid}@${hostname()}`.slice(0, MOST_BYTES);

/** PostgreSQL cuts what is longer. */
const MOST_BYTES = 63;

/** The services that run on this database, of all machines: `all 4711@host`. */
export async function runningServices(pool: Pool): Promise<string[]> {
  return (await RUNNING.rows(pool)).map(({ name }) => name);
}

export const RUNNING = statement(
  { name: z.string() },
  `
  SELECT DISTINCT substr(application_name, 10) AS name FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE 'hearback %' ORDER BY 1`,
);
