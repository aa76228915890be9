import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { BLANK_NOTICE, type Notice } from '../../src/notices/notice.ts';
import { countOf, sampleOf, startOf } from '../../src/store/audience.ts';
import { pageOf } from '../../src/store/contributions.ts';
import { countsOf } from '../../src/store/facetCounts.ts';
import { Statement, statement } from '../../src/store/statement.ts';
import { freshDatabaseUrl } from '../support/database.ts';
import { differences } from '../support/describe.ts';

const STORE = path.resolve('src/store');
const NOTICE: Notice = { ...BLANK_NOTICE, id: 'n', kind: 'announcement', texts: { en: 'Hello' } };

const ASKED = { search: 'word -other', decision: [''], group: ['cso'], files: true, disputed: false };
const GRAMMARS = [{ configuration: 'english', queries: ['word', ''] }];

/** Those that are put together for what is asked. */
const COMPOSED: Record<string, Statement<unknown>[]> = {
  'contributions.ts': [pageOf(ASKED, 'newest', GRAMMARS).paging],
  'facetCounts.ts': [countsOf(ASKED, GRAMMARS).counting],
  'audience.ts': [startOf(NOTICE).starting, countOf(NOTICE, null).counting, sampleOf(NOTICE).sampling],
};

test('the rows of every statement are declared as the database describes them', async () => {
  const client = await connected();
  for (const file of await storeFiles())
    for (const one of await statementsOf(file)) expect(await differences(client, one), file + one.text).toEqual([]);
});

test('rows are read by statements alone, and each of those is exported to be compared', async () => {
  for (const file of await storeFiles()) {
    const source = await readFile(path.join(STORE, file), 'utf8');
    expect(source, file).not.toMatch(/\bquery<|\{ rows \}|\.query\([^;]*\)\)\.rows\b/);
    expect(await statementsOf(file), file).toHaveLength(source.match(/\bstatement\(|new Statement\(/g)?.length ?? 0);
  }
});

test('a column that is called otherwise, is of another type or is missing is found before anything runs', async () => {
  const client = await connected();
  const text = 'SELECT id, turn, joined_at AS joined FROM identity';
  const declared = (columns: z.ZodRawShape) => differences(client, statement(columns, text));
  expect(await declared({ id: z.string(), turn: z.int(), joined: z.date() })).toEqual([]);
  expect(await declared({ id: z.int(), turn: z.int(), joined: z.date() })).toEqual(['id is of type 20']);
  expect(await declared({ id: z.string(), turn: z.int(), joinedAt: z.date() })).toEqual([
    'joinedAt is missing',
    'joined is not declared',
  ]);
});

test('a connection keeps the plan of what comes again, and of nothing that is put together for one question', async () => {
  const client = await connected();
  const again = statement({ id: z.string() }, 'SELECT id FROM identity WHERE key = $1');
  const once = statement({ id: z.string() }, 'SELECT id FROM identity WHERE key = $1 AND true', { composed: true });
  for (const one of [again, again, once]) await one.rows(client, ['somebody']);
  const { rows } = await client.query('SELECT statement FROM pg_prepared_statements');
  expect(rows).toEqual([{ statement: again.text }]);
  for (const one of Object.values(COMPOSED).flat()) expect(one.name, one.text).toBeUndefined();
});

const storeFiles = async () => (await readdir(STORE)).filter((name) => name.endsWith('.ts') && name !== 'statement.ts');

async function statementsOf(file: string): Promise<Statement<unknown>[]> {
  const exported: unknown[] = Object.values(await import(path.join(STORE, file)));
  return [...exported.filter((one) => one instanceof Statement), ...(COMPOSED[file] ?? [])];
}

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: await freshDatabaseUrl() });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
