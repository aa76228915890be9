import type { Pool } from 'pg';

/** Where any of these words is, as `table.column`, in the database as a dump has it: in letters, and in the bytes of files. */
export async function columnsWith(pool: Pool, words: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ schema: string; table: string; column: string }>(
    `SELECT table_schema AS schema, table_name AS "table", column_name AS "column" FROM information_schema.columns
     JOIN pg_tables ON schemaname = table_schema AND tablename = table_name
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3`,
  );
  const forms = words.flatMap((word) => [
    word,
    Buffer.from(word).toString('hex'),
    Buffer.from(word).toString('base64'),
  ]);
  const patterns = forms.map((form) => `%${form.replace(/[\\%_]/g, '\\$&')}%`);
  const found: string[] = [];
  for (const { schema, table, column } of rows) {
    const some = `SELECT FROM "${schema}"."${table}" WHERE "${column}"::text ILIKE ANY($1) LIMIT 1`;
    if ((await pool.query(some, [patterns])).rowCount) found.push(`${table}.${column}`);
  }
  return found;
}
