import { createHash } from 'node:crypto';
import pg from 'pg';

export interface Leader {
  /** Whether this process is the one; asks again each time it was not. */
  holds(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * One process of all on this database, by an advisory lock that dies with its connection: for what a platform allows
 * only once, such as Telegram's getUpdates.
 */
export function createLeader(url: string, name: string): Leader {
  const key = createHash('sha256').update(name).digest().readInt32BE(0);
  let client: pg.Client | null = null;
  let held = false;

  function forget(): void {
    client = null;
    held = false;
  }

  async function connected(): Promise<pg.Client> {
    if (client) return client;
    const fresh = new pg.Client({ connectionString: url, keepAlive: true });
    fresh.on('error', forget);
    fresh.on('end', forget);
    await fresh.connect();
    client = fresh;
    return fresh;
  }

  return {
    async holds() {
      try {
        const own = await connected();
        if (!held) held = (await own.query('SELECT pg_try_advisory_lock($1, 1) AS held', [key])).rows[0].held;
        return held && client !== null;
      } catch {
        forget(); // the database is away: nobody leads until it is back
        return false;
      }
    },
    async close() {
      const own = client;
      forget();
      await own?.end();
    },
  };
}
