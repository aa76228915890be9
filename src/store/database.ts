import pg from 'pg';
import { commandLine } from '../core/commandLine.ts';
import { NoDatabase } from '../core/errors.ts';
import type { PrismaClient } from './generated/client.ts';
import { hasTables, isMigrated } from './migrations.ts';

export interface Database {
  url: string;
  /** For the two hot paths: plain SQL. */
  pool: pg.Pool;
  /**
   * For lists and pages; shares the pool. Loaded when it is first asked for: most commands do without. Its adapter takes a
   * pool and never the connection of a transaction that has begun, so what actions write together (members, groups, links,
   * the audit) is SQL.
   */
  prisma(): Promise<PrismaClient>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  connections?: number;
  /** What the server calls these connections. */
  name?: string;
  /** Only a database that has Hearback's tables: another may be somebody else's. */
  existing?: boolean;
}

/**
 * Connects, and migrates if needed. The pool replaces a lost connection; statements under way reject.
 * @throws NoDatabase when there is nothing of what should exist
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const { connections = 16, name = 'hearback', existing = false } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: connections,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  });
  // An idle client whose server went away; the next query gets a fresh one.
  pool.on('error', () => undefined);
  // And a checked-out client between two statements, when there is no query to reject.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let prisma: Promise<PrismaClient> | null = null;
  let closing: Promise<void> | null = null;
  const close = async () => {
    await (await prisma)?.$disconnect();
    await pool.end();
  };
  const database = { url, pool, prisma: () => (prisma ??= openPrisma(pool)), close: () => (closing ??= close()) };
  try {
    if (existing && !(await hasTables(pool)))
      throw new NoDatabase(
        `DATABASE_URL: the database has no tables of Hearback yet. \`${commandLine('start')}\` makes them; see that the address names the right database.`,
      );
    if (!(await isMigrated(pool))) await (await import('./migrate.ts')).migrate(url);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

async function openPrisma(pool: pg.Pool): Promise<PrismaClient> {
  const [{ PrismaClient }, { PrismaPg }] = await Promise.all([
    import('./generated/client.ts'),
    import('@prisma/adapter-pg'),
  ]);
  return new PrismaClient({ adapter: new PrismaPg(pool) });
}

const NOT_LET_IN = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
  ...['28P01', '28000', '3D000', '57P03', '53300'],
];

/** Why a database does not let us in, in a word; null when the error is about something else. */
export function notLetIn(error: unknown): string | null {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (NOT_LET_IN.includes(code)) return message === '' || code.startsWith('E') ? code : message;
  if (/^Connection terminated|^timeout exceeded/.test(message)) return 'no answer';
  return /^timeout expired$|SSL/.test(message) || /CERT|^ERR_TLS|^UNABLE_TO/.test(code) ? message : null;
}

/**
 * For statements that others wait behind: a silent connection is given up long before TCP would, and counts as an
 * outage.
 */
export const PATIENCE = { query_timeout: 20_000 };

/** Whether an error means that the database cannot be reached now: the work may be tried again. */
export function isOutage(error: unknown): boolean {
  const { code = '', message = '', meta } = error as PossibleOutage;
  const beneath = meta?.driverAdapterError?.cause;
  return (
    /^(08|57P0|53)/.test(code) ||
    CODES.includes(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|is not queryable/.test(message) ||
    (beneath !== undefined && isOutage(beneath))
  );
}

/** Whether the database could not store something because its disk is full. */
export function isDiskFull(error: unknown): boolean {
  const { code, message = '', meta } = error as PossibleOutage;
  const beneath = meta?.driverAdapterError?.cause;
  return code === '53100' || /No space left on device/.test(message) || (beneath !== undefined && isDiskFull(beneath));
}

interface PossibleOutage {
  code?: string;
  message?: string;
  /** Prisma keeps the driver's error here. */
  meta?: { driverAdapterError?: { cause?: unknown } };
}

const CODES = [
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
  ...['40001', '40P01'], // lost against another transaction
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024'], // Prisma: not reached, silent, closed, no connection free
];
