import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import { createContributionStore } from '../src/store/contributions.ts';
import type { Database } from '../src/store/database.ts';
import { seedPeople, withServer } from './ground.ts';
import { atMost, interleaved, type Measure, scaled, seconds } from './measure.ts';

const ROUNDS = scaled(21, 3);
const CONTRIBUTIONS = 1000;
const HEARBACK = 'dist/hearback.js';

/** Milliseconds from the start of a process to its end. */
async function lasted(args: string[], env: Record<string, string> = {}): Promise<number> {
  const took = await seconds(() => ended(args, env));
  return took * 1000;
}

function ended(args: string[], env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${code}.`)),
    );
  });
}

/** What people wait for before anything is done: `hearback --help` against Node itself. */
export const cliHelp: Measure = {
  name: 'cli-help',
  async run() {
    const took = await interleaved(
      ROUNDS,
      () => lasted([HEARBACK, '--help']),
      () => lasted(['-e', '0']),
    );
    return [atMost('cli-help', took.ours, took.baseline, 5)];
  },
};

async function seed(db: Database): Promise<void> {
  await seedPeople(db, CONTRIBUTIONS);
  await db.pool.query(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, question, submitted_at, updated_at)
     SELECT gen_random_uuid(), 'HB-' || i.id, i.contributor_id, i.id, 'answer', $1, 'en', i.channel, 'waste', now(), now()
     FROM identity i`,
    ['Publish every contract of the city, with the names of the firms that made offers, before the vote.'],
  );
  await db.pool.query('VACUUM ANALYZE');
}

/** The statement by which the store reads its first page, so that both ask the same. */
async function pageQuery(): Promise<[text: string, values: unknown[]]> {
  let asked: [string, unknown[]] = ['', []];
  const pool = {
    async query({ text, values }: { text: string; values: unknown[] }) {
      asked = [text, values];
      return { rows: [] };
    },
  };
  await createContributionStore(pool as unknown as Pool).page(null, 2 * CONTRIBUTIONS);
  return asked;
}

async function list(db: Database): Promise<{ ours: number; baseline: number }> {
  await seed(db);
  const [text, values] = await pageQuery();
  const script = fileURLToPath(new URL('../listBaseline.mjs', import.meta.url));
  return interleaved(
    ROUNDS,
    () => lasted([HEARBACK, 'contributions', 'list'], { DATABASE_URL: db.url }),
    () => lasted([script, db.url, text, JSON.stringify(values)]),
  );
}

/** `contributions list` with 1,000 of them against a script that does no more than ask and print. */
export const cliList: Measure = {
  name: 'cli-list',
  async run() {
    const took = await withServer((fresh) => fresh(list));
    return [atMost('cli-list', took.ours, took.baseline, 2.5)];
  },
};
