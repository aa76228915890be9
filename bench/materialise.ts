import path from 'node:path';
import { BLANK_NOTICE } from '../src/notices/notice.ts';
import type { Database } from '../src/store/database.ts';
import { createNotices } from '../src/store/notices.ts';
import { seedPeople, withServer } from './ground.ts';
import { atLeast, atMost, interleaved, type Measure, progress, type Result, scaled, seconds } from './measure.ts';

const RECIPIENTS = scaled(100_000, 1000);
const CONTRIBUTIONS = scaled(300_000, 3000);
const ROUNDS = 5;

/** Holds for everybody, but only a look at what each has said tells. */
const LOOKED_AT = 'language in ["en", "es"] && !answered("trust") && unseen_days < 30';

/** People of several zones, a third of whom sleep, with what they have said. */
async function seed(db: Database): Promise<void> {
  await seedPeople(db, RECIPIENTS);
  await db.pool.query(
    `UPDATE identity SET zone = (ARRAY['Europe/Madrid', 'America/Lima', 'Asia/Tokyo', NULL])[id % 4 + 1]`,
  );
  await db.pool.query(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, question, theme, submitted_at, updated_at)
     SELECT gen_random_uuid(), 'HB-' || n, i.contributor_id, i.id, 'answer', 'What should change', 'en', i.channel,
       CASE n / $2::int WHEN 0 THEN 'waste' ELSE 'water' END, CASE n / $2::int WHEN 1 THEN 'parks' ELSE 'health' END, now(), now()
     FROM generate_series(0, $1::int - 1) AS n JOIN identity i ON i.id = n % $2::int + 1`,
    [CONTRIBUTIONS, RECIPIENTS],
  );
  await db.pool.query(
    `UPDATE process SET definition = '{"timeZone": "Europe/Madrid", "quietHours": {"from": "21:00", "to": "08:00"}}'`,
  );
  await db.pool.query('VACUUM ANALYZE');
}

/** An empty table, and nothing of the last round left to write. */
async function cleared({ pool }: Database): Promise<void> {
  await pool.query('TRUNCATE delivery');
  await pool.query('CHECKPOINT');
}

async function expectAll({ pool }: Database): Promise<void> {
  const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM delivery');
  if (rows[0]?.count !== RECIPIENTS) throw new Error(`Of ${RECIPIENTS} recipients ${rows[0]?.count} are there.`);
}

/** From a scheduled notice to all its deliveries. */
async function ours(db: Database, audience: string): Promise<number> {
  await cleared(db);
  const notices = createNotices(db.pool);
  const id = `n${Math.random()}`;
  const notice = { ...BLANK_NOTICE, id, kind: 'announcement' as const, texts: 'Hello', audience };
  await notices.create({ ...notice, state: 'scheduled', at: new Date(0) }, new Date());
  const took = await seconds(() => notices.start(id));
  await expectAll(db);
  return RECIPIENTS / took;
}

/** The same rows, from a file that the server itself has written. */
async function copied(db: Database, file: string): Promise<number> {
  await cleared(db);
  const took = await seconds(() =>
    db.pool.query(`COPY delivery (notice_id, identity_id, channel, not_before) FROM '${file}'`),
  );
  await expectAll(db);
  return RECIPIENTS / took;
}

const megabytes = (): number => process.memoryUsage.rss() / 2 ** 20;

async function measured(db: Database): Promise<Result[]> {
  await seed(db);
  await ours(db, 'everyone');
  const { rows } = await db.pool.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder");
  const file = path.join(rows[0]?.folder ?? '', 'recipients.copy');
  await db.pool.query(
    `COPY (SELECT notice_id, identity_id, channel, not_before FROM delivery ORDER BY id) TO '${file}'`,
  );
  const before = megabytes();
  const all = await interleaved(
    ROUNDS,
    () => ours(db, 'everyone'),
    () => copied(db, file),
  );
  const some = await interleaved(
    ROUNDS,
    () => ours(db, LOOKED_AT),
    () => copied(db, file),
  );
  progress(`megabytes: ${before.toFixed(0)} before, ${megabytes().toFixed(0)} after`);
  return [
    atLeast('materialise', all.ours, all.baseline, 0.5),
    atLeast('materialise-condition', some.ours, some.baseline, 0.5),
    atMost('materialise-memory', megabytes(), before, 1.1),
  ];
}

/** Recipients a second that become deliveries in one statement, against a `COPY` of the same rows into the same table. */
export const materialise: Measure = { name: 'materialise', run: () => withServer((fresh) => fresh(measured)) };
