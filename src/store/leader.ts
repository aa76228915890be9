import { createHash } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import { statement } from './statement.ts';

export interface Leader {
  /** Whether this process leads; tries again each time it did not. */
  holds(): Promise<boolean>;
  close(): Promise<void>;
}

const PATIENCE_MS = 5_000;

export const TRY = statement({ held: z.boolean() }, 'SELECT pg_try_advisory_lock($1, 1) AS held');

/**
 * Elects one process of all on this database, by an advisory lock that ends with its connection: for what a platform
 * allows only once, such as Telegram's getUpdates.
 */
export function createLeader(url: string, name: string): Leader {
  const key = createHash('sha256').update(name).digest().readInt32BE(0);
  let client: pg.Client | null = null;
  let held = false;

  /** A late event of an earlier connection says nothing about this one. */
  function forget(lost: pg.Client): void {
    if (client !== lost) return;
    client = null;
    held = false;
  }

  const connected = async (): Promise<pg.Client> => (client ??= await connect(url, forget));

  async function ask(own: pg.Client): Promise<void> {
    try {
      held = (await TRY.first(own, [key]))?.held === true;
    } catch (error) {
      // It may hold the lock without our knowing: it must be closed.
      forget(own);
      void own.end().catch(() => undefined);
      throw error;
    }
  }

  return {
    async holds() {
      try {
        const own = await connected();
        if (!held) await ask(own);
        return held && client === own;
      } catch {
        return false; // the database cannot be reached: nobody leads until it is back
      }
    },
    async close() {
      const own = client;
      if (own) forget(own);
      await own?.end();
    },
  };
}

/** @param lost called when the connection has ended, however it ends */
async function connect(url: string, lost: (client: pg.Client) => void): Promise<pg.Client> {
  const limits = { connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS };
  const client = new pg.Client({ connectionString: url, keepAlive: true, ...limits });
  client.on('error', () => lost(client));
  client.on('end', () => lost(client));
  await client.connect();
  return client;
}
