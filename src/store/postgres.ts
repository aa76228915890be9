import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { UserError } from '../core/errors.ts';
import { programs } from './programs.ts';
import { newOwner, ownerOf, type ServerUser } from './serverUser.ts';

const run = promisify(execFile);
const UNFINISHED = 'new-postgres-';

/**
 * Made aside and moved into place when it is whole, since a kill may come at any moment. Not through the library's own
 * class: that ends the process by itself on signals, before we have drained.
 */
export async function initialise(home: string, password: string, ended?: AbortSignal): Promise<void> {
  await removeUnfinished(home);
  const user = await newOwner();
  const aside = await mkdtemp(path.join(home, UNFINISHED));
  const folder = path.join(aside, 'data');
  try {
    await mkdir(folder, { mode: 0o700 });
    await writeFile(path.join(aside, 'password'), `${password}\n`, { mode: 0o600 });
    for (const name of ['', 'data', 'password']) await giveTo(user, path.join(aside, name));
    const { initdb } = await programs(user);
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C'];
    const access = ['--username=postgres', '--auth=scram-sha-256', '--pwfile=../password'];
    await run(initdb, [...inside(user), '--no-sync', ...locale, ...access], { ...user, cwd: folder, signal: ended });
    await rm(path.join(home, 'postgres'), { recursive: true, force: true });
    await rename(folder, path.join(home, 'postgres'));
  } catch (cause) {
    ended?.throwIfAborted();
    throw cause instanceof UserError ? cause : new UserError(notCreated(home, cause));
  } finally {
    // Given up, `initdb` may still be writing.
    await rm(aside, { recursive: true, force: true, maxRetries: 10 });
  }
}

const giveTo = async ({ uid, gid }: ServerUser, file: string): Promise<void> => {
  if (uid !== undefined && gid !== undefined) await chown(file, uid, gid);
};

const notCreated = (home: string, cause: unknown) =>
  `DATA_DIR: the embedded database could not be created in ${home} (${errorWords(cause)}). Choose a folder with room that this user may write to, or set DATABASE_URL.`;

/**
 * Its folder is named by where it stands, not by its path: a user of PostgreSQL's own may have no way through the
 * folders above it, and needs none. Linux leads there without looking at them.
 */
const inside = ({ uid }: ServerUser): string[] => ['-D', uid === undefined ? '.' : '/proc/self/cwd'];

async function removeUnfinished(home: string): Promise<void> {
  const left = (await readdir(home)).filter((name) => name.startsWith(UNFINISHED));
  // An `initdb` whose process was killed may still be writing.
  for (const name of left) await rm(path.join(home, name), { recursive: true, force: true, maxRetries: 10 });
}

export async function startServer(home: string, port: number, url: string): Promise<void> {
  const flags = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    `-c unix_socket_directories=`,
    '-c max_connections=200',
    '-c logging_collector=off',
    '-c wal_level=minimal -c max_wal_senders=0',
  ].join(' ');
  for (let attempt = 1; ; attempt++) {
    const told = await logSize(home);
    try {
      return await pgCtl(home, ['start', '-w', '-t', '60', '-l', LOG, '-o', flags]);
    } catch (cause) {
      // PostgreSQL's own lock on the folder is the last word: somebody else may have been quicker.
      if (await answers(url)) return;
      if (cause instanceof UserError) throw cause;
      const why = (await lastWords(home, told)) ?? errorWords(cause);
      if (attempt === MOST_ATTEMPTS || !STILL_HELD.test(why)) throw new UserError(notStarted(home, why));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

const LOG = 'server.log';
/** After a kill -9 of the server its children need a moment to notice and let go of the folder. */
const STILL_HELD = /lock file|still in use/;
const MOST_ATTEMPTS = 20;

const logSize = (home: string): Promise<number> =>
  stat(path.join(home, 'postgres', LOG)).then(
    ({ size }) => size,
    () => 0,
  );

/** Why the server ended: what it logged after the first `after` bytes. */
async function lastWords(home: string, after: number): Promise<string | undefined> {
  const log = await readFile(path.join(home, 'postgres', LOG)).catch(() => Buffer.alloc(0));
  return /(?<=FATAL: {2}).*/.exec(log.subarray(after).toString())?.[0];
}

const notStarted = (home: string, why: string) =>
  `DATA_DIR: the embedded database in ${home} did not start (${why}). See that its disk has room and that nothing was changed in it; its log is ${path.join(home, 'postgres', LOG)}.`;

/** What a program said before it failed, in one line. */
function errorWords(cause: unknown): string {
  const { stderr, message } = cause as { stderr?: string; message: string };
  return (stderr || message).trim().replace(/\s*\n\s*/g, '; ');
}

/** Runs PostgreSQL's `pg_ctl` on the folder of this server. */
export async function pgCtl(home: string, args: string[]): Promise<void> {
  const folder = path.join(home, 'postgres');
  const user = await ownerOf(folder);
  const { pg_ctl } = await programs(user);
  // stdio must not be inherited: the daemon would keep the caller's pipes open forever.
  await run(pg_ctl, [...inside(user), ...args], { ...user, cwd: folder });
}

/** Whether a server of ours is there; one that is still recovering after a crash is waited for. */
export async function answers(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code !== '57P03') return false; // anything but "the database system is starting up"
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}
