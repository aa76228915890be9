import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database } from './database.ts';
import { statement } from './statement.ts';

const ID = 'process';

/** A process as it was applied. */
export interface ProcessVersion<T> {
  number: number;
  definition: T;
  /** A member's id; null: nobody said who. */
  by: string | null;
  at: Date;
}

export const PUBLISHED = statement({ number: z.int().nullable() }, 'SELECT max(number) AS number FROM timeline');

/** The one process of this installation. Definitions are stored as they were checked; the caller knows their shape. */
export function createProcesses<T>(database: Database) {
  return {
    async current(): Promise<T | null> {
      const row = await (await database.prisma()).process.findUnique({ where: { id: ID } });
      return row ? (row.definition as unknown as T) : null;
    },
    async published(): Promise<number | null> {
      return (await PUBLISHED.first(database.pool))?.number ?? null;
    },
    /** Each that was applied, the oldest first. */
    async versions(): Promise<ProcessVersion<T>[]> {
      const rows = await (await database.prisma()).processVersion.findMany({ orderBy: { number: 'asc' } });
      return rows.map((row) => ({ ...row, definition: row.definition as unknown as T }));
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
