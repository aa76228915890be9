import { randomBytes, randomInt } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { commandLine } from '../core/commandLine.ts';
import { NoDatabase, UserError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { withLock } from './lock.ts';
import { answers, initialise, pgCtl, startServer } from './postgres.ts';
import { statement } from './statement.ts';

export interface EmbeddedDatabase {
  url: string;
  /** Checks every second that the server is running, and restarts it on the same port if it was killed. */
  keepUp(log: Log): void;
  /** Stops the server; unless forced, not while another process is still connected to it. */
  close(options?: { force: boolean }): Promise<void>;
}

interface Credentials {
  password: string;
  port: number;
}

const LOOK_EVERY_MS = 1_000;

/**
 * A real PostgreSQL in `<dataDir>/postgres`: initialised at first use, joined when it already runs (another process
 * began it, or outlived a kill -9), else started. It is a daemon of its own and survives the death of any process.
 * @throws NoDatabase when one that should exist does not, UserError for a folder that cannot hold one
 */
export async function openEmbedded(
  dataDir: string,
  { existing = false, ended }: ServerOpening = {},
): Promise<EmbeddedDatabase> {
  const home = path.resolve(dataDir);
  if (existing && !(await hasDatabase(home)))
    throw new NoDatabase(
      `DATA_DIR: there is no database in ${home} yet. \`${commandLine('start')}\` makes one; run other commands in the same folder, or set DATA_DIR.`,
    );
  try {
    await makeFolder(home);
    await access(home, constants.W_OK);
    return handle(home, await joinOrStart(home, ended));
  } catch (error) {
    throw unwritable(home, error) ?? error;
  }
}

export interface ServerOpening {
  /** Only one that is there already. */
  existing?: boolean;
  /** Aborted when it is no longer wanted: then no server is started. */
  ended?: AbortSignal | undefined;
}

/** Folder by folder: Node's recursive mkdir never returns in a place such as /proc, where none can be created. */
async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder).then(
    () => true,
    async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' && (await stat(folder)).isDirectory()) return true;
      if (error.code === 'ENOENT' && path.dirname(folder) !== folder) return false;
      throw error;
    },
  );
  if (made) return;
  await makeFolder(path.dirname(folder));
  await mkdir(folder);
}

/** Null where the error is not about this folder. */
function unwritable(home: string, error: unknown): UserError | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || !/^E[A-Z]+$/.test(code)) return null;
  const remedy = FULL.includes(code)
    ? 'Make room on its disk, or name a folder on another.'
    : 'Name a folder that this user may write to.';
  return new UserError(`DATA_DIR: ${home} cannot be written to (${code}). ${remedy}`);
}

const FULL = ['ENOSPC', 'EDQUOT'];

function handle(home: string, { port, url }: { port: number; url: string }): EmbeddedDatabase {
  let watch: Watch | null = null;
  return {
    url,
    keepUp: (log) => void (watch ??= watchOver(home, port, log)),
    async close({ force } = { force: false }) {
      await watch?.end();
      await withLock(lockOf(home), () => stop(home, url, force));
    },
  };
}

function joinOrStart(home: string, ended?: AbortSignal): Promise<{ port: number; url: string }> {
  return withLock(lockOf(home), async () => {
    const known = await readCredentials(home);
    if (known && (await answers(urlOf(known)))) return { port: known.port, url: urlOf(known) };
    const isThere = await hasDatabase(home);
    if (isThere && !known) throw new UserError(withoutPassword(home));
    const port = await portFor(known);
    const password = known?.password ?? randomBytes(18).toString('base64url');
    const url = urlOf({ password, port });
    // Before the server has this password: a kill in between must not leave a database that nobody can open.
    await keepCredentials(home, { password, port });
    if (!isThere) await initialise(home, password, ended);
    ended?.throwIfAborted();
    await startServer(home, port, url);
    return { port, url };
  });
}

const withoutPassword = (home: string) =>
  `DATA_DIR: ${path.join(home, 'postgres.json')} cannot be read, and it has the password of the database beside it. Put it back from a backup of the folder.`;

const lockOf = (home: string): string => path.join(home, 'postgres.lock');
const urlOf = ({ password, port }: Credentials) => `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;

interface Watch {
  end(): Promise<void>;
}

function watchOver(home: string, port: number, log: Log): Watch {
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => (looking ??= look().finally(() => (looking = null))), LOOK_EVERY_MS);

  async function look(): Promise<void> {
    if (await listens(port)) return;
    log.warn('The embedded database has gone; it is started again');
    try {
      const again = await joinOrStart(home);
      if (again.port === port) return log.info('The embedded database is back');
      clearInterval(timer);
      log.error('The embedded database is back at another port: restart this service', { port: again.port });
    } catch (error) {
      log.error('The embedded database could not be started; the next look tries again', {}, error);
    }
  }

  return {
    async end() {
      clearInterval(timer);
      await looking;
    },
  };
}

async function stop(home: string, url: string, force: boolean): Promise<void> {
  if (!force && (await othersConnected(url))) return;
  await pgCtl(home, ['stop', '-m', force ? 'immediate' : 'fast', '-w', '-t', '20']);
}

async function othersConnected(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Our own connections, closed just now, may still be on the server's list for a moment.
    for (let look = 0; look < 10; look++) {
      if ((await OTHERS.first(client))?.count === 0) return false;
      await pause(50);
    }
    return true;
  } catch {
    return true; // it cannot be asked: it is stopping, or busy for somebody else
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const OTHERS = statement(
  { count: z.int() },
  `
  SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
);

async function readCredentials(home: string): Promise<Credentials | null> {
  try {
    return JSON.parse(await readFile(path.join(home, 'postgres.json'), 'utf8')) as Credentials;
  } catch {
    return null;
  }
}

async function keepCredentials(home: string, credentials: Credentials): Promise<void> {
  const file = path.join(home, 'postgres.json');
  await writeFile(`${file}.new`, JSON.stringify(credentials), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The same port as before: running processes have their pools on it. */
async function portFor(known: Credentials | null): Promise<number> {
  for (let look = 0; known && look < 20; look++) {
    if (!(await listens(known.port))) return known.port;
    await pause(250);
  }
  for (;;) {
    const port = randomInt(...PORTS);
    if (!(await listens(port))) return port;
  }
}

/** Below the ports of outgoing connections, one of which could take it while the server is down. */
const PORTS = [20_000, 32_000] as const;

/** Asked by connecting, not by listening: the pools of running services would fall into our hands. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2000 });
    const done = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(true));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code !== 'ECONNREFUSED'));
  });
}

/** A folder that cannot be read may hold one: opening it will say so. */
const hasDatabase = (home: string) =>
  stat(path.join(home, 'postgres', 'PG_VERSION')).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code === 'EACCES',
  );

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
