// Prisma's own schema engine as WebAssembly, for authoring and the drift check: nothing is downloaded.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

const SCHEMA = fileURLToPath(new URL('schema.prisma', import.meta.url));

type Engine = import('@prisma/schema-engine-wasm').SchemaEngine;

/** The SQL that makes `schema.prisma` out of nothing: what the migrations are held against. @param url of any database */
export async function schemaSql(url: string): Promise<string> {
  const content = await readFile(SCHEMA, 'utf8');
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] };
  const from = { tag: 'empty' as const };
  const filters = { externalTables: [], externalEnums: [] };
  const params = { from, to, script: true, exitCode: null, shadowDatabaseUrl: null, filters };
  const result = await withEngine(url, content, (engine) => engine.diff(params));
  return result.stdout ?? '';
}

async function withEngine<T>(url: string, schema: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  try {
    const bound = bindMigrationAwareSqlAdapterFactory(
      new PrismaPg(pool) as unknown as SqlMigrationAwareDriverAdapterFactory,
    );
    const { SchemaEngine } = await loadEngine();
    return await work(await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, bound));
  } catch (cause) {
    throw new Error(`Prisma's engine failed. ${panics.message}`, { cause });
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
