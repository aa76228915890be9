import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { pgCtl } from '../../src/store/postgres.ts';

/** A PostgreSQL of the test's own, to be taken down. */
export interface OwnServer {
  port: number;
  /** The address of a new, migrated database. */
  database(name: string): Promise<string>;
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Up again, at the same port. */
  start(): Promise<void>;
}

export async function ownServer(): Promise<OwnServer> {
  const home = await temporaryFolder();
  let server = await openEmbedded(home);
  onTestFinished(() => server.close({ force: true }).catch(() => undefined));
  return {
    port: Number(new URL(server.url).port),
    async database(name) {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      const url = server.url.replace(/postgres$/, name);
      await migrate(url);
      return url;
    },
    stop: (mode) => pgCtl(home, ['stop', '-m', mode, '-w', '-t', '20']),
    async start() {
      server = await openEmbedded(home);
    },
  };
}

/** A new folder, removed when the test ends: after everything that was begun in it later. */
export async function temporaryFolder(): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'hearback-own-'));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 10 }));
  return home;
}

/** The process id of the embedded server in a folder. */
export const serverPid = async (home: string): Promise<number> =>
  Number((await readFile(path.join(home, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
