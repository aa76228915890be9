import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabaseUrl } from '../support/database.ts';
import { dumpedDatabaseUrl } from '../support/dump.ts';
import { after, asks, hearback, receipt, referenceIn } from '../support/hearback.ts';

type Row = Record<string, unknown>;

async function query(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Each table with its rows. */
async function everything(url: string): Promise<Map<string, Row[]>> {
  const tables = await query(url, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  const found = new Map<string, Row[]>();
  for (const { name } of tables)
    found.set(
      `${name}`,
      (await query(url, `SELECT to_jsonb(t) AS row FROM "${name}" t`)).map(({ row }) => row as Row),
    );
  return found;
}

const sorted = (rows: Row[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

/** What was in the columns that there were before. */
const only = (rows: Row[], columns: string[]): Row[] =>
  rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));

/** What migrations give another value; their own tests say which. */
const CHANGED: Record<string, string[]> = {
  notice: ['kind', 'audience', 'created_by', 'scheduled_by'],
  notice_event: ['by'],
  process: ['id'],
  identity: ['session'],
  contribution: ['message_id'],
};

test('a database of an earlier version is brought up to date, and has all its rows as they were', async () => {
  const url = await dumpedDatabaseUrl();
  const before = await everything(url);
  await migrate(url);
  const now = await everything(url);
  const replies = (before.get('contribution') ?? []).filter(({ kind }) => kind === 'reply');
  const isReply = (id: unknown) => replies.some((reply) => reply.id === id);
  for (const [table, rows] of before) {
    if (table === '_prisma_migrations') continue;
    expect(rows.length, `${table} of the dump`).toBeGreaterThan(0);
    const columns = Object.keys(rows[0] ?? {}).filter((column) => !CHANGED[table]?.includes(column));
    const kept = rows.filter(({ id, contribution_id }) => !isReply(id) && !isReply(contribution_id));
    expect(sorted(only(now.get(table) ?? [], columns)), table).toEqual(sorted(only(kept, columns)));
  }
  expect(replies.length).toBeGreaterThan(0);
  expect(now.get('thread')).toMatchObject(replies.map(({ reference }) => ({ reference, kind: 'question' })));
});

test('a message whose words were those of a contribution is still known to hold them', async () => {
  const url = await dumpedDatabaseUrl();
  const before = await query(
    url,
    `SELECT reference, message_id, text FROM contribution WHERE kind <> 'reply' ORDER BY reference`,
  );
  await migrate(url);
  const parts = await query(url, 'SELECT reference, parts FROM contribution ORDER BY reference');
  const part = (text: unknown, messageId: unknown) => ({ messageId, at: 0, length: String(text).length });
  expect(parts).toEqual(
    before.map(({ reference, message_id, text }) => ({
      reference,
      parts: message_id === null ? [] : [part(text, message_id)],
    })),
  );
});

test('what has been migrated before is known by the record that Prisma kept, and is kept as Prisma keeps it', async () => {
  const [earlier, fresh] = [await dumpedDatabaseUrl(), await freshDatabaseUrl()];
  const records = 'SELECT migration_name, checksum, applied_steps_count FROM _prisma_migrations ORDER BY 1';
  const known = await query(earlier, records);
  await migrate(earlier);
  const whole = await query(fresh, records);
  expect(await query(earlier, records)).toEqual(whole);
  expect(whole).toEqual(expect.arrayContaining(known));
});

test('a migration that another tool left half done is not gone on from', async () => {
  const url = await freshDatabaseUrl();
  await query(url, `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%_attachments'`);
  await expect(openDatabase(url)).rejects.toThrow(/middle of the migration 20261127121000_attachments. Restore/);
});

test('a conversation that was in the middle when the service was updated goes on', async () => {
  const stage = await hearback({ DATABASE_URL: await dumpedDatabaseUrl() }, { process: null });
  // The sandbox numbers its updates from the beginning again.
  await stage.rows(`DELETE FROM inbound_update WHERE state = 'done'`);
  const ben = stage.telegram.user(2, { language: 'es' });
  let asked = await after(ben, () => ben.say('En verano no hay agua'), asks);
  for (let step = 0; step < 4; step += 1) {
    const { buttons } = asked;
    const skip = buttons.find(({ data }) => data?.endsWith(':s')) ?? buttons[0];
    asked = await after(ben, () => ben.press(skip?.data ?? ''), asks);
  }
  const [idea] = await stage.rows(`SELECT session->'answers' AS answers FROM identity WHERE key = 'telegram:4711:2'`);
  expect(idea).toMatchObject({ answers: { idea: 'Fuentes de agua en cada plaza', problem: 'En verano no hay agua' } });
  const reference = referenceIn(await after(ben, () => ben.press(asked.buttons[0]?.data ?? ''), receipt));
  expect((await after(ben, () => ben.command('/mine'), asks)).text).toContain(reference);
});
