import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database } from './database.ts';
import { statement } from './statement.ts';

/** The key that signs buttons: made once, by whichever process is first, and never shown. */
export async function signingSecret({ pool }: Pick<Database, 'pool'>): Promise<string> {
  const fresh = randomBytes(32).toString('base64url');
  await pool.query(`INSERT INTO setting (key, value) VALUES ('signing_secret', $1) ON CONFLICT DO NOTHING`, [fresh]);
  const kept = await SIGNING_SECRET.first(pool);
  if (kept === null) throw new Error('The signing secret was taken out of the settings.');
  return kept.value;
}

/** By SQL, as every start asks for it: Prisma takes longer to load than most of the rest. */
export const SIGNING_SECRET = statement(
  { value: z.string() },
  `SELECT value FROM setting WHERE key = 'signing_secret'`,
);
