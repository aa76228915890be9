import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chown, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { newOwner } from '../../src/store/serverUser.ts';

const run = promisify(execFile);
const DEBIANS = '/usr/lib/postgresql';
const NEEDED = ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore'];

/** Where a PostgreSQL of the system has its programs; null when there is none, or only a part of one. */
const bin: string | null =
  [...(process.env.PATH ?? '').split(':'), ...debians()].find((folder) =>
    NEEDED.every((name) => existsSync(path.join(folder, name))),
  ) ?? null;

function debians(): string[] {
  return existsSync(DEBIANS) ? readdirSync(DEBIANS).map((version) => path.join(DEBIANS, version, 'bin')) : [];
}

/** Tests that need it are skipped without it, except where everything must be there. */
export const hasPostgres = bin !== null;
if (!hasPostgres && process.env.CI === 'true')
  throw new Error('There is no PostgreSQL with pg_dump on this system: install Debian’s postgresql.');

export const onSystemPostgres = `on a PostgreSQL of the system${hasPostgres ? '' : ' (skipped: there is none with pg_dump)'}`;

/** A server of the system's own PostgreSQL, ended when the test is. */
export async function systemPostgres() {
  const program = (name: string) => path.join(bin ?? '', name);
  const user = await newOwner();
  // Older servers need a way through every folder above theirs.
  const home = await mkdtemp(path.join(user.uid === undefined ? tmpdir() : '/tmp', 'hearback-system-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  if (user.uid !== undefined && user.gid !== undefined) await promisify(chown)(home, user.uid, user.gid);
  const asServer = { ...user, cwd: home };
  await run(
    program('initdb'),
    ['-D', 'data', '-N', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
    asServer,
  );
  const port = randomInt(20_000, 32_000);
  const flags = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  await run(program('pg_ctl'), ['-D', 'data', '-w', '-l', 'log', '-o', flags, 'start'], asServer);
  onTestFinished(async () => void (await run(program('pg_ctl'), ['-D', 'data', '-m', 'immediate', 'stop'], asServer)));
  return {
    url: (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`,
    /** Runs one of its programs, such as `pg_dump`. */
    run: (name: string, args: string[]) => run(program(name), args),
  };
}
