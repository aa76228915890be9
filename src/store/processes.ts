import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

const ID = 'process';

/** The one process of this installation. Definitions are stored as they were checked; the caller knows their shape. */
export function createProcesses<T>(database: Database) {
  return {
    async current(): Promise<T | null> {
      const row = await (await database.prisma()).process.findUnique({ where: { id: ID } });
      return row ? (row.definition as unknown as T) : null;
    },
    async published(): Promise<number | null> {
      const { rows } = await database.pool.query<{ number: number | null }>(
        'SELECT max(number) AS number FROM timeline',
      );
      return rows[0]?.number ?? null;
    },
    /** Whether anything changed. */
    async apply(definition: T): Promise<boolean> {
      const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
      const { rowCount } = await database.pool.query(
        `INSERT INTO process (id, definition, hash) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET definition = $2, hash = $3, updated_at = now() WHERE process.hash <> $3`,
        [ID, JSON.stringify(definition), hash],
      );
      return (rowCount ?? 0) > 0;
    },
  };
}
