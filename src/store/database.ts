import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrate.ts';

export interface Database {
  url: string;
  /** For the two hot ways through the code: plain SQL. */
  pool: pg.Pool;
  /** For everything else; shares the pool. */
  prisma: PrismaClient;
  close(): Promise<void>;
}

/** Migrates, then connects. A lost connection is replaced by the pool; statements under way reject. */
export async function openDatabase(url: string, options: { connections?: number } = {}): Promise<Database> {
  await migrate(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 16,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  });
  // An idle client whose server went away; the next query gets a fresh one.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  let closing: Promise<void> | null = null;
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { url, pool, prisma, close: () => (closing ??= close()) };
}

/** Whether an error means "the database is not there now": the work may be tried again, nothing was decided. */
export function isOutage(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return (
    /^(08|57P0|53)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '40001', '40P01'].includes(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(message)
  );
}
