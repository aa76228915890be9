import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { SETTLE } from '../../src/store/deliveries.ts';
import { NEXT } from '../../src/store/inbox.ts';
import { COMMIT } from '../../src/store/turns.ts';
import { freshDatabaseUrl } from '../support/database.ts';

/** As the server keeps it for every later call: made while the tables are empty. */
async function planOf(text: string, values: string[]): Promise<string> {
  const client = new pg.Client({ connectionString: await freshDatabaseUrl() });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('SET plan_cache_mode = force_generic_plan');
  await client.query(`PREPARE one AS ${text}`);
  const given = values.map((value) => client.escapeLiteral(value)).join(', ');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE one(${given})`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test.each([
  ['who is next', NEXT.text, ['{}', '{}']],
  ['what turns made', COMMIT.text, ['[]', '[]', '[]', '[]', '[]']],
  ['what became of messages', SETTLE.text, ['[]']],
])('%s is found by its keys, however small the tables were when it was planned', async (_, text, values) => {
  expect(await planOf(text, values)).not.toMatch(/Seq Scan on (delivery|identity|inbound_update)/);
});
