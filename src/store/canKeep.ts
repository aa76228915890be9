import type { Pool } from 'pg';
import { isOutage, notLetIn } from './database.ts';

const PATIENCE_MS = 3_000;

/**
 * Checks that people's words can be stored: the server answers, accepts a write, and has room on its disk. Null when
 * they can, else why not; never rejects.
 */
export function createKeeping(pool: Pool, patienceMs = PATIENCE_MS): () => Promise<string | null> {
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, patienceMs, 'does not answer').unref();
    });
    const tried = pool.query(tryFor(patienceMs)).then(() => null, reasonOf);
    return Promise.race([tried, silence]).finally(() => clearTimeout(timer));
  };
}

/**
 * One transaction. A single row would still fit on a full disk, so the statement also spills to the disk what is too
 * large for memory; it is gone at its end.
 */
const tryFor = (patienceMs: number) => `
  SET LOCAL work_mem = '64kB';
  SET LOCAL statement_timeout = '${patienceMs}';
  INSERT INTO setting (key, value) VALUES ('kept_at', now()::text) ON CONFLICT (key) DO UPDATE SET value = excluded.value;
  WITH long AS MATERIALIZED (SELECT repeat('x', 1000) FROM generate_series(1, 1000)) SELECT count(*) FROM long`;

const REASONS: Record<string, string> = {
  '53100': 'the disk is full',
  '53400': 'a limit of the server is reached',
  '25006': 'takes no writes: it is read only',
  '57014': 'does not answer',
};

function reasonOf(error: unknown): string {
  const { code = '' } = error as { code?: string };
  const known = REASONS[code];
  if (known) return known;
  const why = code === '' ? '' : ` (${code})`;
  return isOutage(error) || notLetIn(error) !== null ? `does not answer${why}` : `fails${why}`;
}
