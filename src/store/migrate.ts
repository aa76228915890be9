import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { Mistake } from '../domain/errors.ts';
import { isMigrated, MIGRATIONS, migrationNames, SCHEMA } from './migrations.ts';

const FILTERS = { externalTables: [], externalEnums: [] };
/** Any number: only that all processes use the same. */
const MIGRATION_LOCK = 4_711_001;

type Engine = import('@prisma/schema-engine-wasm').SchemaEngine;

/**
 * Brings the database to the schema of this version with Prisma's own engine as WebAssembly: nothing is downloaded.
 * Several processes may call it at once; one migrates, the others wait.
 */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // What is lost between two statements is told by the next.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    if (await isMigrated(client)) return;
    await mayMakeTables(client);
    const migrationsList = await migrationList();
    await withEngine(url, (engine) => engine.applyMigrations({ migrationsList, filters: FILTERS }));
  } finally {
    await client.end();
  }
}

async function mayMakeTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`SELECT has_schema_privilege('public', 'CREATE') AS may`);
  if (!rows[0].may)
    throw new Mistake(
      'DATABASE_URL: this user may not make tables in the database. Let it own the database: ALTER DATABASE name OWNER TO user.',
    );
}

/** The SQL that makes `prisma/schema.prisma` out of nothing: the text of a first migration, and what drift is held against. */
export async function schemaSql(url: string): Promise<string> {
  const content = await readFile(SCHEMA, 'utf8');
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] };
  const from = { tag: 'empty' as const };
  const params = { from, to, script: true, exitCode: null, shadowDatabaseUrl: null, filters: FILTERS };
  const result = await withEngine(url, (engine) => engine.diff(params));
  return result.stdout ?? '';
}

async function migrationList() {
  const migrationDirectories = await Promise.all(
    (await migrationNames()).map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await readFile(path.join(MIGRATIONS, name, 'migration.sql'), 'utf8') },
      },
    })),
  );
  return {
    baseDir: MIGRATIONS,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

async function withEngine<T>(url: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  try {
    const bound = bindMigrationAwareSqlAdapterFactory(
      new PrismaPg(pool) as unknown as SqlMigrationAwareDriverAdapterFactory,
    );
    const schema = await readFile(SCHEMA, 'utf8');
    const { SchemaEngine } = await (loaded ??= loadEngine());
    const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, bound);
    try {
      return await work(engine);
    } catch (cause) {
      throw new Error(`Migrating failed. ${panics.message}`, { cause });
    }
  } finally {
    await pool.end();
  }
}

/** Node has it; only the library types of Node 20 do not say so. */
const wasm = (
  globalThis as unknown as {
    WebAssembly: { instantiate(bytes: Uint8Array, imports: unknown): Promise<{ instance: { exports: unknown } }> };
  }
).WebAssembly;

/** The engine reports a panic through this global of Prisma's own CLI. */
const panics = { message: '', set_message: (message: string) => void (panics.message = message) };

let loaded: ReturnType<typeof loadEngine> | null = null;

/** Once a process: the glue keeps views on the memory of the first instance. */
async function loadEngine() {
  (globalThis as { PRISMA_WASM_PANIC_REGISTRY?: unknown }).PRISMA_WASM_PANIC_REGISTRY = panics;
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await wasm.instantiate(bytes, { './schema_engine_bg.js': letGo(glue) });
  (glue as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  return glue as unknown as typeof import('@prisma/schema-engine-wasm');
}

/** The engine's time limits stay behind when it is done: none of them may keep the process. */
const letGo = (glue: object): object =>
  Object.fromEntries(
    Object.entries(glue).map(([name, call]) => [
      name,
      name.startsWith('__wbg_setTimeout') ? (...given: unknown[]) => call(...given).unref() : call,
    ]),
  );
