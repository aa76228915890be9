import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

/** The key that signs buttons: made once, by whichever process is first, and never shown. */
export async function signingSecret(database: Database): Promise<string> {
  const fresh = randomBytes(32).toString('base64url');
  await database.pool.query(`INSERT INTO setting (key, value) VALUES ('signing_secret', $1) ON CONFLICT DO NOTHING`, [
    fresh,
  ]);
  const row = await (await database.prisma()).setting.findUniqueOrThrow({ where: { key: 'signing_secret' } });
  return row.value;
}
