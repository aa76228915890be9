import type { ContributionQuery } from '../src/contributions/search.ts';
import { createIndexer } from '../src/contributions/searchIndex.ts';
import { createContributionStore } from '../src/store/contributions.ts';
import type { Database } from '../src/store/database.ts';
import { createSearchIndex } from '../src/store/searchIndex.ts';
import { seedPeople, withServer } from './ground.ts';
import { look } from './machine.ts';
import { atMost, type Measure, percentile, progress, scaled, seconds } from './measure.ts';

const CONTRIBUTIONS = scaled(100_000, 1000);
const ROUNDS = scaled(60, 5);
const PAGE = 50;

const WORDS = {
  es: 'la ciudad publica contratos abiertos para los vecinos del barrio y el transporte de autobús escuela parque datos presupuesto obra',
  en: 'the city should publish open contracts for every school park bus street budget and data with names of firms that offer',
};

/** What members look for, and the SQL by which somebody would look for it who has nothing but the tables. */
const ASKED: [string, ContributionQuery, string][] = [
  ['everything', {}, 'true'],
  ['a state', { state: ['received'] }, `c.state = 'received'`],
  [
    'a state and themes',
    { state: ['received'], theme: ['health', ''] },
    `c.state = 'received' AND (c.theme = 'health' OR c.theme IS NULL)`,
  ],
  ['a theme that nothing has', { theme: ['nothing'] }, `c.theme = 'nothing'`],
  [
    'a decision',
    { decision: ['rejection'] },
    `EXISTS (SELECT FROM response r WHERE r.contribution_id = c.id AND r.decision = 'rejection')`,
  ],
  [
    'a group',
    { group: ['cso'] },
    `EXISTS (SELECT FROM identity i WHERE i.id = c.identity_id AND i.stakeholder_group = 'cso')`,
  ],
  ['files', { files: true }, `c.attachments <> '[]'`],
  ['a word', { search: 'autobus' }, said('spanish', 'autobus')],
  [
    'two words and a theme',
    { search: 'open budget', theme: ['money'] },
    `c.theme = 'money' AND ${said('english', 'open budget')}`,
  ],
  ['a rare word', { search: 'rareword' }, said('simple', 'rareword')],
];

/** All of the words, as they stand or in that grammar. */
function said(grammar: string, words: string): string {
  const each = words
    .split(' ')
    .map((word) => `(s.folded LIKE '%${word}%' OR s.words @@ plainto_tsquery('${grammar}', '${word}'))`);
  return `EXISTS (SELECT FROM contribution_search s WHERE s.contribution_id = c.id AND ${each.join(' AND ')})`;
}

const bare = (where: string): string => `
  SELECT c.*, (SELECT to_jsonb(r) FROM response r WHERE r.contribution_id = c.id ORDER BY r.number DESC LIMIT 1) AS response
  FROM contribution c WHERE ${where} ORDER BY c.submitted_at DESC, c.id DESC LIMIT ${PAGE}`;

async function seed(db: Database): Promise<void> {
  await seedPeople(db, CONTRIBUTIONS / 5);
  await db.pool.query(`UPDATE identity SET stakeholder_group = 'cso' WHERE id % 7 = 0`);
  await db.pool.query(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, attachments, language, channel, theme, state,
       submitted_at, updated_at)
     SELECT gen_random_uuid(), 'HB-' || n, i.contributor_id, i.id, 'idea', words.text || CASE WHEN n % 9973 = 0 THEN ' rareword' ELSE '' END,
       CASE WHEN n % 50 = 0 THEN '[{"kind": "photo", "ref": "r", "mime": null, "name": null, "size": null}]' ELSE '[]' END::jsonb,
       words.language, i.channel, (ARRAY['health', 'money', 'justice', NULL])[1 + n % 4],
       (ARRAY['received', 'triaged', 'decided', 'delivered'])[1 + n / 4 % 4], now() - n * interval '1 minute', now()
     FROM generate_series(1, $1::int) AS n JOIN identity i ON i.id = 1 + n % ($1::int / 5)
     CROSS JOIN LATERAL (
       SELECT CASE WHEN n % 3 = 0 THEN 'en' ELSE 'es' END AS language, string_agg(w, ' ' ORDER BY hashint4(n * 31 + at::int)) AS text
       FROM unnest(string_to_array(CASE WHEN n % 3 = 0 THEN $3 ELSE $2 END, ' ')) WITH ORDINALITY AS word(w, at)
       WHERE hashint4(n * 17 + at::int) % 2 = 0) AS words
     WHERE words.text IS NOT NULL`,
    [CONTRIBUTIONS, WORDS.es, WORDS.en],
  );
  await db.pool.query(
    `INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, state, created_at)
     SELECT gen_random_uuid(), id, 1, (ARRAY['inclusion', 'amendment', 'rejection'])[1 + abs(hashtext(reference)) % 3], 'i', 'c', 'f', 'r', 'b',
       CASE state WHEN 'decided' THEN 'approved' ELSE state END, now() FROM contribution WHERE state IN ('decided', 'delivered')`,
  );
  // What is like what plays no part here, and would take very long.
  await createIndexer({ ...createSearchIndex(db.pool), compare: async () => 0 })();
  await db.pool.query('VACUUM ANALYZE');
}

/** Of each question the slowest of twenty answers, against the same of the bare SQL: gives those of the worst ratio. */
async function list(db: Database): Promise<{ ours: number; baseline: number }> {
  await seed(db);
  const store = createContributionStore(db.pool);
  const all: { ours: number; baseline: number }[] = [];
  for (const [name, query, where] of ASKED) {
    await look();
    const [ours, baseline]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(1000 * (await seconds(() => store.page(null, PAGE, query, 'newest'))));
      baseline.push(1000 * (await seconds(() => db.pool.query(bare(where)))));
    }
    const slowest = { ours: percentile(ours, 0.95), baseline: percentile(baseline, 0.95) };
    all.push(slowest);
    progress(`${name}: ours ${slowest.ours.toFixed(1)}, bare SQL ${slowest.baseline.toFixed(1)}`);
  }
  return all.reduce((worst, one) => (one.ours / one.baseline > worst.ours / worst.baseline ? one : worst));
}

/** The pages of the forum's list by what they are asked for, among very many contributions. */
export const deskList: Measure = {
  name: 'desk-list',
  async run() {
    const took = await withServer((fresh) => fresh(list));
    return [atMost('desk-list', took.ours, took.baseline, 2)];
  },
};
