import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

const ID = 'process';

/** A process as it was applied. */
export interface ProcessVersion<T> {
  number: number;
  definition: T;
  /** A member's id; null: nobody said who. */
  by: string | null;
  at: Date;
}

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
    /** Each that was applied, the oldest first. */
    async versions(): Promise<ProcessVersion<T>[]> {
      const { rows } = await database.pool.query(
        'SELECT number, definition, by, at FROM process_version ORDER BY number',
      );
      return rows;
    },
    /** Whether anything changed; then it is kept as a version, with the member who did it. */
    async apply(definition: T, by: string | null = null): Promise<boolean> {
      const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
      const { rowCount } = await database.pool.query(
        `WITH applied AS (
           INSERT INTO process (id, definition, hash) VALUES ($1, $2, $3)
           ON CONFLICT (id) DO UPDATE SET definition = $2, hash = $3, updated_at = now() WHERE process.hash <> $3
           RETURNING definition
         )
         INSERT INTO process_version (definition, by) SELECT definition, $4 FROM applied`,
        [ID, JSON.stringify(definition), hash, by],
      );
      return (rowCount ?? 0) > 0;
    },
  };
}
