import type { Pool, PoolClient } from 'pg';

/** A process that is frozen in the middle loses its locks: nobody else may have to wait for it to wake. */
const BEGIN = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'`;

/** All of the work is kept, or nothing. Within a transaction that is under way it is a part of that. */
export async function transaction<T>(db: Pool | PoolClient, work: (client: PoolClient) => Promise<T>): Promise<T> {
  if ('release' in db) return work(db);
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query(BEGIN);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: Error) => (broken = lost));
    throw error;
  } finally {
    client.release(broken);
  }
}
