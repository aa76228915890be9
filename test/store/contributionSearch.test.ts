import { beforeEach, expect, test } from 'vitest';
import type { ContributionQuery } from '../../src/contributions/search.ts';
import { MOST_SEARCH } from '../../src/contributions/search.ts';
import { createIndexer } from '../../src/contributions/searchIndex.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import type { Database } from '../../src/store/database.ts';
import { createSearchIndex } from '../../src/store/searchIndex.ts';
import { createTriage } from '../../src/store/triage.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';

let db: Database;
let person: string;
beforeEach(async () => {
  db = await freshDatabase();
  person = await addPerson(db);
});

const index = () => createIndexer(createSearchIndex(db.pool))();
const store = () => createContributionStore(db.pool);

async function said(reference: string, language: string, text: string, more = {}): Promise<void> {
  await addContribution(db, person, reference, { language, text, ...more });
}

/** The references of what is found, the oldest first. */
async function found(query: ContributionQuery): Promise<string[]> {
  const page = await store().page(null, 100, query);
  return page.map(({ contribution }) => contribution.reference);
}
const search = (words: string) => found({ search: words });

test('words are found in the grammar of each language, with and without their accents, and by a part of them', async () => {
  await said('HB-ES', 'es', 'Más educación pública y contratos abiertos');
  await said('HB-EN', 'en', 'Publish every contract of the schools');
  await said('HB-FR', 'fr', 'Ouvrir les marchés publics des écoles');
  await index();
  for (const words of ['educación', 'EDUCACION', 'educaciones', 'educa', 'contrato', '"educación pública"'])
    expect(await search(words), words).toEqual(['HB-ES']);
  expect(await search('publishing school')).toEqual(['HB-EN']);
  expect(await search('the contracts')).toEqual(['HB-EN']);
  expect(await search('ecole')).toEqual(['HB-FR']);
  expect(await search('contra')).toEqual(['HB-ES', 'HB-EN']);
  expect(await search('contra -school')).toEqual(['HB-ES']);
  expect(await search('"pública educación"')).toEqual([]);
});

test('Chinese of two characters, Arabic, Cyrillic, and languages without a grammar are found', async () => {
  await said('HB-ZH', 'zh', '我们希望政府公开所有合同，让公民参与');
  await said('HB-AR', 'ar', 'نطلب نشر العقود الحكومية ومُشارَكة المواطنين');
  await said('HB-UK', 'uk', 'Опублікувати всі договори міста');
  await said('HB-TH', 'th', 'เปิดเผยสัญญาทั้งหมด');
  await index();
  for (const [words, reference] of [
    ...[
      ['公民', 'HB-ZH'],
      ['合同', 'HB-ZH'],
      ['公民参与', 'HB-ZH'],
      ['的合', null],
      ['同', 'HB-ZH'],
    ],
    ...[
      ['مشاركة', 'HB-AR'],
      ['العقود', 'HB-AR'],
      ['ДОГОВОР', 'HB-UK'],
      ['สัญญา', 'HB-TH'],
    ],
  ] as const)
    expect(await search(words), words).toEqual(reference === null ? [] : [reference]);
});

test('a reference is found as it is typed, also by its beginning, and what its author took back by that alone', async () => {
  await said('HB-K4TXW9A', 'en', 'Benches');
  await said('HB-K4TGONE', 'en', 'Benches', { state: 'withdrawn' });
  await index();
  expect(await search('hb k4txw9a')).toEqual(['HB-K4TXW9A']);
  expect(await search('HB-K4T')).toEqual(['HB-K4TXW9A', 'HB-K4TGONE']);
  expect(await search('bench')).toEqual(['HB-K4TXW9A']);
});

test('answers to several questions are found by each of them, and what was changed by what it says now', async () => {
  await said('HB-A', 'en', 'Parks', { fields: { problem: 'No shade', affected: { who: 'children' } } });
  await index();
  expect([await search('shade children'), await search('parks')]).toEqual([['HB-A'], ['HB-A']]);
  await db.pool.query(`UPDATE contribution SET text = 'Trees', version = 2, indexed = false`);
  await index();
  expect([await search('parks'), await search('tree')]).toEqual([[], ['HB-A']]);
});

test('whatever is typed is looked for as it stands, and never obeyed', async () => {
  await said('HB-A', 'en', `100% "of_it" \\ it's <b>bold</b> & | ! :* (x)`);
  await said('HB-B', 'en', 'Plain words \u202Eand\u0007 hidden ones');
  await index();
  for (const words of [
    '100%',
    '%',
    '_',
    '\\',
    `'`,
    `it's`,
    '&',
    '|',
    '!',
    ':*',
    '(x)',
    '<b>',
    `'; DROP TABLE contribution; --`,
  ])
    expect(await search(words), words).toEqual(words.includes('DROP') ? [] : ['HB-A']);
  expect(await search('words\u202E and\u0000 hidden')).toEqual(['HB-B']);
  for (const words of ['\u0000', '""', '\u202E']) expect(await search(words), JSON.stringify(words)).toEqual([]);
  for (const words of ['x'.repeat(100_000), '"'.repeat(100_000), 'a '.repeat(50_000), '-'.repeat(100_000), '\ud800'])
    expect(await search(words)).toBeInstanceOf(Array);
  expect(await search(`${'plain '.repeat(MOST_SEARCH)}`)).toEqual(['HB-B']);
});

test('what is longer than any message is found by how it begins', async () => {
  await said('HB-LONG', 'en', `Beginning ${'word '.repeat(60_000)}`);
  await said('HB-WORD', 'en', `Unbroken ${'x'.repeat(100_000)}`);
  await index();
  expect([await search('beginning'), await search('unbroken')]).toEqual([['HB-LONG'], ['HB-WORD']]);
});

/** Somebody of a group who has said something of which all of this is so. */
async function seedFacets(): Promise<void> {
  const [cso, other] = [await addPerson(db, { channel: 'slack' }), await addPerson(db)];
  await db.pool.query(`UPDATE identity SET stakeholder_group = 'cso' WHERE id = $1`, [cso]);
  const file = { kind: 'photo' as const, ref: 'x', mime: null, name: null, size: null };
  await addContribution(db, cso, 'HB-A', { kind: 'idea', state: 'delivered', attachments: [file] });
  await addContribution(db, cso, 'HB-B', { kind: 'answer', language: 'es' });
  await addContribution(db, other, 'HB-C', { kind: 'comment', state: 'decided' });
  await db.pool.query(
    `UPDATE contribution SET theme = 'health', source = 'poster' WHERE reference IN ('HB-A', 'HB-B');
     UPDATE contribution SET question = 'waste' WHERE reference = 'HB-B';
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, state, created_at)
     SELECT gen_random_uuid(), id, n, d, 'i', 'c', 'f', 'r', 'b', s, now() FROM contribution JOIN (VALUES
       ('HB-A', 1, 'inclusion', 'superseded'), ('HB-A', 2, 'rejection', 'delivered'), ('HB-C', 1, 'amendment', 'approved'),
       ('HB-B', 1, 'rejection', 'undone')) AS v(r, n, d, s) ON r = reference;
     INSERT INTO thread (id, reference, kind, identity_id, response_id, contribution_id, opened_at, due_at)
     SELECT gen_random_uuid(), 'HB-T', 'disagreement', c.identity_id, r.id, c.id, now(), now()
     FROM contribution c JOIN response r ON r.contribution_id = c.id WHERE c.reference = 'HB-A' AND r.number = 2;
     INSERT INTO proposal (id, contribution_id, decision, input, considered, influence, reason, beyond, by, at)
     SELECT gen_random_uuid(), id, 'inclusion', 'i', 'c', 'f', 'r', 'b', 'ana', now() FROM contribution WHERE reference = 'HB-B'`,
  );
}

test('contributions are found by everything that tells them apart, by any of several values, and by having none', async () => {
  await seedFacets();
  const cases: [ContributionQuery, string][] = [
    [{ state: ['delivered', 'decided'] }, 'AC'],
    ...([
      [{ kind: ['answer'] }, 'B'],
      [{ theme: ['health'] }, 'AB'],
      [{ theme: [''] }, 'C'],
    ] as [ContributionQuery, string][]),
    ...([
      [{ question: ['waste'] }, 'B'],
      [{ question: ['waste', ''] }, 'ABC'],
    ] as [ContributionQuery, string][]),
    ...([
      [{ language: ['es'] }, 'B'],
      [{ channel: ['slack'] }, 'AB'],
      [{ source: ['poster'] }, 'AB'],
    ] as [ContributionQuery, string][]),
    ...([
      [{ group: ['cso'] }, 'AB'],
      [{ group: [''] }, 'C'],
      [{ decision: ['rejection'] }, 'A'],
    ] as [ContributionQuery, string][]),
    ...([
      [{ decision: ['inclusion'] }, ''],
      [{ decision: [''] }, 'B'],
      [{ decision: ['', 'amendment'] }, 'BC'],
    ] as [ContributionQuery, string][]),
    ...([
      [{ files: true }, 'A'],
      [{ files: false }, 'BC'],
      [{ proposed: true }, 'B'],
    ] as [ContributionQuery, string][]),
    ...([
      [{ asked: true }, 'A'],
      [{ disputed: true }, 'A'],
      [{ disputed: false }, 'BC'],
    ] as [ContributionQuery, string][]),
    ...([
      [{ state: [] }, ''],
      [{ theme: ['health'], kind: ['idea'] }, 'A'],
    ] as [ContributionQuery, string][]),
  ];
  for (const [query, letters] of cases)
    expect(await found(query), JSON.stringify(query)).toEqual([...letters].map((letter) => `HB-${letter}`));
});

test('beside each value stands how many there would be of it, and of its own filter the other values as well', async () => {
  await seedFacets();
  const all = await store().facets();
  expect(all).toMatchObject({
    total: 3,
    facets: {
      ...{ state: { delivered: 1, received: 1, decided: 1 }, theme: { health: 2, '': 1 }, group: { cso: 2, '': 1 } },
      ...{
        decision: { rejection: 1, amendment: 1, '': 1 },
        files: { true: 1, false: 2 },
        disputed: { true: 1, false: 2 },
      },
    },
  });
  const some = await store().facets({ theme: ['health'], state: ['received'] });
  expect(some.total).toBe(1);
  expect(some.facets).toMatchObject({
    state: { received: 1, delivered: 1 },
    theme: { health: 1 },
    kind: { answer: 1 },
  });
  expect(some.facets.kind.idea).toBeUndefined();
  expect((await store().facets({ theme: ['nothing'] })).total).toBe(0);
});

test('every count beside a value is what the list has when that value is asked for', async () => {
  await seedFacets();
  await index();
  for (const asked of [
    {},
    { theme: ['health'] },
    { state: ['received'], disputed: false },
    { search: 'says' },
  ] as ContributionQuery[]) {
    const { facets } = await store().facets(asked);
    for (const [facet, counts] of Object.entries(facets))
      for (const [value, count] of Object.entries(counts)) {
        const values = value === 'true' || value === 'false' ? value === 'true' : [value];
        expect(await found({ ...asked, [facet]: values }), `${facet} ${value}`).toHaveLength(count);
      }
  }
});

test('pages follow each other from either end, and nothing comes twice or is left out', async () => {
  const all = Array.from({ length: 7 }, (_, at) => `HB-${at}`);
  for (const reference of all) await said(reference, 'en', 'Words');
  await db.pool.query(`UPDATE contribution SET submitted_at = '2027-03-01T09:00Z' WHERE reference < 'HB-4'`);
  for (const sort of ['oldest', 'newest'] as const) {
    const seen: string[] = [];
    for (let after = null; ; ) {
      const page = await store().page(after, 3, {}, sort);
      seen.push(...page.map(({ contribution }) => contribution.reference));
      const last = page.at(-1)?.contribution;
      if (!last || page.length < 3) break;
      after = { submittedAt: last.submittedAt, id: last.id } as never;
    }
    expect(seen.toSorted()).toEqual(all);
    const dates = (await store().page(null, 9, {}, sort)).map(({ contribution }) => contribution.submittedAt.getTime());
    expect(dates).toEqual(dates.toSorted((one, other) => (sort === 'oldest' ? one - other : other - one)));
  }
});

test('what an erasure or a turn changes while it is indexed is not found as it was', async () => {
  await said('HB-A', 'en', 'Secret words');
  const searchIndex = createSearchIndex(db.pool);
  await createIndexer({
    ...searchIndex,
    async keep(entries) {
      await db.pool.query(`UPDATE contribution SET text = '', updated_at = now() WHERE text <> ''`);
      await searchIndex.keep(entries);
    },
  })();
  expect(await search('secret')).toEqual([]);
});

test('whoever says the same is known at once, and the nearest with how near they are; what was taken back is like nothing', async () => {
  await said('HB-A', 'es', 'Más carril bici en la calle de Alcalá, por favor');
  await said('HB-B', 'es', '¡MÁS CARRIL BICI en la calle de Alcala! Por favor');
  await said('HB-C', 'es', 'Más carril bici en la calle de Toledo, por favor');
  await said('HB-D', 'es', 'Bibliotecas abiertas de noche');
  await said('HB-GONE', 'es', 'Más carril bici en la calle de Alcalá', { state: 'withdrawn' });
  await index();
  const similar = async (reference: string) =>
    (await createTriage(db.pool).similar(reference)).map((one) => [one.reference, one.same, one.similarity > 0.5]);
  const near = [
    ['HB-B', true, true],
    ['HB-C', false, true],
  ];
  expect(await similar('HB-A')).toEqual(near);
  expect(await similar('HB-C')).toEqual(
    expect.arrayContaining([
      ['HB-A', false, true],
      ['HB-B', false, true],
    ]),
  );
  expect(await similar('HB-D')).toEqual([]);
  await db.pool.query(`UPDATE contribution SET text = 'Otra cosa', indexed = false WHERE reference = 'HB-B'`);
  await index();
  expect(await similar('HB-A')).toEqual([['HB-C', false, true]]);
});

test('of each the five nearest are proposed, and only those of its own process', async () => {
  for (let number = 0; number < 8; number++) await said(`HB-${number}`, 'en', `A bench in the park number ${number}`);
  await db.pool.query(`INSERT INTO process (key, closed_at) VALUES ('other', now())`);
  await said('HB-OTHER', 'en', 'A bench in the park number 9');
  await db.pool.query(
    `UPDATE contribution SET process_id = (SELECT max(id) FROM process) WHERE reference = 'HB-OTHER'`,
  );
  await index();
  const { rows } = await db.pool.query(
    `SELECT c.reference, count(n.other_id)::int AS count FROM contribution c LEFT JOIN similar_contribution n ON n.contribution_id = c.id
     GROUP BY c.reference ORDER BY 1`,
  );
  expect(rows).toEqual([
    ...Array.from({ length: 8 }, (_, number) => ({ reference: `HB-${number}`, count: 5 })),
    { reference: 'HB-OTHER', count: 0 },
  ]);
});
