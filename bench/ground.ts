import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, openDatabase } from '../src/store/database.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import type { SandboxOptions } from './sandboxProcess.ts';

/** The same for both sides of every comparison. */
const CONNECTIONS = 16;

/** A PostgreSQL of its own with an empty, migrated database; all of it is gone after the work. */
export async function withServer<T>(work: (fresh: <R>(use: (db: Database) => Promise<R>) => Promise<R>) => Promise<T>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearback-bench-'));
  const server = await openEmbedded(folder);
  const admin = await openDatabase(server.url, { connections: 1 });
  async function fresh<R>(use: (db: Database) => Promise<R>): Promise<R> {
    const name = `bench_${randomUUID().replaceAll('-', '')}`;
    await admin.pool.query(`CREATE DATABASE ${name}`);
    const db = await openDatabase(server.url.replace(/postgres$/, name), { connections: CONNECTIONS });
    try {
      return await use(db);
    } finally {
      await db.close();
      await alone(admin, name);
      await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  }
  try {
    return await work(fresh);
  } finally {
    await admin.close();
    await server.close({ force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

/** Libraries close their connections behind our back; one that is cut off meanwhile would cry out loud. */
async function alone(admin: Database, name: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { rowCount } = await admin.pool.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name]);
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The sandbox in a process of its own: what it costs is not a part of either side. */
export async function withSandbox<T>(options: SandboxOptions, work: (url: string) => Promise<T>): Promise<T> {
  const child = fork(fileURLToPath(new URL('./sandboxProcess.js', import.meta.url)), [JSON.stringify(options)]);
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.once('message', (message) => resolve(String(message)));
      child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code} before it was up.`)));
    });
    return await work(url);
  } finally {
    child.kill();
  }
}

/** People who are reachable on Telegram in chats 1 to `count`. */
export async function seedPeople({ pool }: Database, count: number): Promise<void> {
  await pool.query(
    `INSERT INTO identity (key, contributor_id, channel, address, language, consent_version)
     SELECT 'telegram:4711:' || n, gen_random_uuid(), 'telegram', n::text, 'en', '1' FROM generate_series(1, $1::int) n`,
    [count],
  );
  await pool.query('ANALYZE identity');
}
