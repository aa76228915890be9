// `npx tsx prisma/author.ts` says whether the migrations make the schema of schema.prisma. What Prisma cannot say (partial
// indexes, checks, functions) stands in the migrations alone.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import { schemaSql } from './engine.ts';

const SHAPE = `
  SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
  UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'`;
/** Defaults and indexes need them, and Prisma cannot say what they are. */
const FUNCTIONS =
  'CREATE EXTENSION pg_trgm; CREATE FUNCTION current_process() RETURNS integer LANGUAGE sql AS $$ SELECT 0 $$';

async function shape(url: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ line: string }>(SHAPE);
  await client.end();
  return new Set(rows.map((row) => row.line));
}

const folder = await mkdtemp(path.join(tmpdir(), 'hearback-migration-'));
const server = await openEmbedded(folder);
try {
  const wanted = await schemaSql(server.url);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE DATABASE wanted');
  await client.end();
  const bare = server.url.replace(/postgres$/, 'wanted');
  const blank = new pg.Client({ connectionString: bare });
  await blank.connect();
  await blank.query(FUNCTIONS);
  await blank.query(wanted);
  await blank.end();
  await migrate(server.url);
  const [have, want] = [await shape(server.url), await shape(bare)];
  const missing = [...want].filter((line) => !have.has(line));
  const extra = [...have].filter((line) => !want.has(line) && !line.includes(' WHERE '));
  if (missing.length + extra.length > 0) {
    console.error(
      ['The migrations and schema.prisma differ.', ...missing.map((l) => `- ${l}`), ...extra.map((l) => `+ ${l}`)].join(
        '\n',
      ),
    );
    process.exitCode = 1;
  } else console.log('The migrations make the schema.');
} finally {
  await server.close({ force: true });
  await rm(folder, { recursive: true, force: true });
}
