// The least that a list of contributions takes: one connection, one query, one line each.
import pg from 'pg';

const [url, query, values] = process.argv.slice(2);
const client = new pg.Client({ connectionString: url });
await client.connect();
const { rows } = await client.query(query, JSON.parse(values));
for (const { reference, state, kind, channel, language, text } of rows)
  process.stdout.write(`${[reference, state, kind, channel, language, text.slice(0, 70)].join('  ')}\n`);
await client.end();
