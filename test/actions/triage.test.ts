import { beforeEach, expect, test } from 'vitest';
import type { Actions } from '../../src/actions/actions.ts';
import type { TriageRequest } from '../../src/actions/triage.ts';
import { ledger } from '../../src/contributions/ledger.ts';
import { createIndexer } from '../../src/contributions/searchIndex.ts';
import { effectsMark } from '../../src/contributions/triage.ts';
import type { Actor } from '../../src/people/actor.ts';
import { DEFAULT_PROCESS } from '../../src/process/process.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import type { Database } from '../../src/store/database.ts';
import { createSearchIndex } from '../../src/store/searchIndex.ts';
import { createTriage } from '../../src/store/triage.ts';
import { acting } from '../support/actions.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { addMembers } from '../support/happens.ts';

const ANA: Actor = { member: 'ana', through: 'telegram' };
const BEN: Actor = { member: 'ben', through: 'slack' };
const process = { ...DEFAULT_PROCESS, workingGroups: [{ id: 'budget', title: 'Budget' }] };

let db: Database;
let triage: Actions['triage'];
beforeEach(async () => {
  db = await freshDatabase();
  await addMembers(db.pool, { ana: ['organizer'], ben: ['forum'], vic: ['viewer'] });
  triage = acting(db, { process: async () => process }).triage;
  const person = await addPerson(db);
  for (const reference of ['HB-A', 'HB-B', 'HB-C']) await addContribution(db, person, reference);
});

const found = async (query: object) =>
  (await createContributionStore(db.pool).page(null, 10, query)).map(({ contribution }) => contribution.reference);
const tag = (references: string[], ...add: string[]): TriageRequest => ({ kind: 'tag', references, add });

test('many are tagged at once as it was shown, found by their tags and counted, and it is undone as one', async () => {
  await triage.change(ANA, tag(['HB-B'], 'bus'));
  const request = tag(['hb-a', 'HB-B', 'HB-B', 'HB-NONE'], 'Bus', 'night');
  const outlook = await triage.outlook(BEN, request);
  expect(outlook.map(({ reference, effect }) => [reference, effect])).toEqual([
    ...[
      ['HB-A', 'changed'],
      ['HB-B', 'changed'],
      ['HB-NONE', 'refused'],
    ],
  ]);
  const { step, effects } = await triage.change(BEN, request, effectsMark(outlook));
  expect(effects).toEqual(outlook);
  expect([await found({ tag: ['night'] }), await found({ tag: ['bus', ''] }), await found({ tag: [''] })]).toEqual([
    ...[['HB-A', 'HB-B'], ['HB-A', 'HB-B', 'HB-C'], ['HB-C']],
  ]);
  const { facets } = await createContributionStore(db.pool).facets({ tag: ['night'] });
  expect(facets.tag).toEqual({ bus: 2, night: 2, '': 1 });
  await triage.change(BEN, { kind: 'undo', step: step ?? '' });
  expect([await found({ tag: ['night'] }), await found({ tag: ['bus'] })]).toEqual([[], ['HB-B']]);
});

test('what would do something else by now is not done', async () => {
  const outlook = await triage.outlook(BEN, tag(['HB-A'], 'bus'));
  await triage.change(ANA, tag(['HB-A'], 'bus'));
  await expect(triage.change(BEN, tag(['HB-A'], 'bus'), effectsMark(outlook))).rejects.toThrow('something else by now');
  expect(await triage.change(BEN, tag(['HB-A'], 'bus'))).toMatchObject({
    step: null,
    effects: [{ effect: 'unchanged' }],
  });
});

test('an undo leaves what somebody has changed since, says so, works once, and can be undone itself', async () => {
  const { step } = await triage.change(ANA, tag(['HB-A', 'HB-B'], 'bus'));
  await triage.change(BEN, tag(['HB-B'], 'night'));
  const undone = await triage.change(ANA, { kind: 'undo', step: step ?? '' });
  expect(undone.effects.map(({ effect, why }) => [effect, why])).toEqual([
    ...[
      ['changed', null],
      ['refused', 'somebody has changed it since'],
    ],
  ]);
  await expect(triage.change(ANA, { kind: 'undo', step: step ?? '' })).rejects.toThrow('is undone already');
  await triage.change(ANA, { kind: 'undo', step: undone.step ?? '' });
  expect(await found({ tag: ['bus'] })).toEqual(['HB-A', 'HB-B']);
});

test('contributions are given to a member or a working group by a day, and to nobody who could not decide', async () => {
  const assign = (to: Extract<TriageRequest, { kind: 'assign' }>['to']) =>
    triage.change(ANA, { kind: 'assign', references: ['HB-A', 'HB-B'], to });
  await assign({ member: 'ben', workingGroup: 'budget', dueOn: '2027-03-14' });
  expect([await found({ assigned: ['ben'] }), await found({ workingGroup: [''] })]).toEqual([
    ['HB-A', 'HB-B'],
    ['HB-C'],
  ]);
  const [first] = await createContributionStore(db.pool).page(null, 1);
  expect(first?.triage.assignment).toEqual({ member: 'ben', workingGroup: 'budget', dueOn: '2027-03-14' });
  await expect(assign({ member: 'vic' })).rejects.toThrow('no member "vic" who could take it');
  await expect(assign({ workingGroup: 'budgets' })).rejects.toThrow('Did you mean "budget"?');
  await expect(assign({ member: 'ben', dueOn: 'soon' })).rejects.toThrow('is not a day');
  await expect(assign({})).rejects.toThrow('Name a member or a working group');
  await assign(null);
  expect(await found({ assigned: ['ben'] })).toEqual([]);
});

test('members who do it at the same time do not overwrite each other', async () => {
  await Promise.all(['x', 'y', 'z'].map((word) => triage.change(ANA, tag(['HB-C', 'HB-A', 'HB-B'], word))));
  const pages = await createContributionStore(db.pool).page(null, 10);
  expect(pages.map((one) => one.triage.tags)).toEqual(Array(3).fill(['x', 'y', 'z']));
});

test('notes are for members, name those who are in them, and end with the words that they are about', async () => {
  await triage.note(ANA, 'hb-a', 'Is this for the mayor, @ben?');
  await triage.note(BEN, 'HB-A', 'Yes.');
  const notes = await createTriage(db.pool).notes('HB-A');
  expect(notes.map(({ by, text, mentions }) => [by, text, mentions])).toEqual([
    ...[
      ['ana', 'Is this for the mayor, @ben?', ['ben']],
      ['ben', 'Yes.', []],
    ],
  ]);
  await expect(triage.note(ANA, 'HB-NONE', 'x')).rejects.toThrow('No contribution is called HB-NONE');
});

test('views are kept by their names, of one member or of all, and only what can be asked is kept', async () => {
  const views = createTriage(db.pool).savedViews;
  await triage.saveView(ANA, { name: ' Undecided ', owner: null, filter: 'decision=&state=received' });
  await triage.saveView(BEN, { name: 'Mine', owner: 'ben', filter: 'assigned=ben' });
  await triage.saveView(BEN, { name: 'Undecided', owner: null, filter: 'decision=' });
  expect(await views('ana')).toEqual([{ name: 'Undecided', owner: null, filter: 'decision=' }]);
  expect((await views('ben')).map(({ name }) => name)).toEqual(['Mine', 'Undecided']);
  await expect(triage.saveView(ANA, { name: 'x', owner: 'ben', filter: '' })).rejects.toThrow(
    `That view is ben's alone`,
  );
  await expect(triage.saveView(ANA, { name: 'x', owner: null, filter: 'stat=x' })).rejects.toThrow('stat');
  await triage.removeView(BEN, { name: 'Mine', owner: 'ben' });
  await expect(triage.removeView(BEN, { name: 'Mine', owner: 'ben' })).rejects.toThrow('There is no view "Mine"');
});

test('the record says how many were changed, and nothing of what they say', async () => {
  await triage.change(ANA, tag(['HB-A', 'HB-NONE'], 'bus'));
  const { rows } = await db.pool.query('SELECT action, subject, detail FROM audit');
  expect(rows).toEqual([
    {
      action: 'contributions.tag',
      subject: null,
      detail: { step: expect.any(String), changed: 1, unchanged: 0, refused: 1 },
    },
  ]);
});

const aside = (references: string[], reason = 'robot', flood = false): TriageRequest => ({
  ...{ kind: 'set_aside', references, reason, flood },
});

/** What authors have been told, by their deliveries. */
async function told(): Promise<string[]> {
  const { rows } = await db.pool.query(`SELECT payload->0->'blocks'->0->>'text' AS text FROM delivery ORDER BY id`);
  return rows.map(({ text }) => text);
}

test('what is no contribution is set aside with a published reason: nobody owes it anything, and its author is told once', async () => {
  const counts = async () => ledger(await createContributionStore(db.pool).counts());
  await triage.change(BEN, aside(['HB-A', 'HB-B']));
  expect(await counts()).toMatchObject({ total: 3, owing: 1, rows: [{ states: { set_aside: 2, received: 1 } }] });
  expect([await found({ state: ['set_aside'] }), await found({ aside: ['robot'] })]).toEqual(
    Array(2).fill(['HB-A', 'HB-B']),
  );
  expect(await told()).toEqual(['HB-A, HB-B: robot']);
  await expect(triage.change(BEN, aside(['HB-C'], 'boring'))).rejects.toThrow('is no reason to set anything aside');
  await triage.change(ANA, { kind: 'restore', references: ['HB-A'] });
  expect(await counts()).toMatchObject({ owing: 2 });
  expect(await told()).toEqual(['HB-A, HB-B: robot', 'HB-A: restored']);
});

test('it is taken back as one, and whoever cannot be reached is told nothing', async () => {
  const gone = await addPerson(db, { status: 'stopped' });
  await addContribution(db, gone, 'HB-GONE');
  const { step } = await triage.change(BEN, aside(['HB-A', 'HB-GONE']));
  await triage.change(BEN, { kind: 'undo', step: step ?? '' });
  expect(await found({ state: ['received'] })).toHaveLength(4);
  expect(await told()).toEqual(['HB-A: robot', 'HB-A: restored']);
});

test('what is decided on, or was taken back, is not set aside; what is set aside is not decided on', async () => {
  await db.pool.query(`UPDATE contribution SET state = 'decided' WHERE reference = 'HB-A'`);
  await db.pool.query(`UPDATE contribution SET state = 'withdrawn' WHERE reference = 'HB-B'`);
  const { effects } = await triage.change(BEN, aside(['HB-A', 'HB-B', 'HB-C']));
  expect(effects.map(({ why }) => why)).toEqual([
    ...['it is decided on: take the decision back first', 'its author has taken it back', null],
  ]);
  const proposed = acting(db).responses.propose(BEN, { reference: 'HB-C', decision: 'rejection' });
  await expect(proposed).rejects.toThrow('or is set aside');
});

test('a flood by one hand is set aside together, and nobody else is touched', async () => {
  const [robot, other] = [await addPerson(db), await addPerson(db)];
  const words = 'Buy the best watches of the city at www.example.org today';
  for (const [at, text] of [words, `${words}!!`, words.toUpperCase(), `${words} 4711`, 'A bench in the park'].entries())
    await addContribution(db, robot, `HB-R${at}`, { text });
  await addContribution(db, other, 'HB-OTHER', { text: words });
  await createIndexer(createSearchIndex(db.pool))();
  const outlook = await triage.outlook(BEN, aside(['HB-R0'], 'advertising', true));
  expect(outlook.map(({ reference }) => reference)).toEqual(['HB-R0', 'HB-R1', 'HB-R2', 'HB-R3']);
  await triage.change(BEN, aside(['HB-R0'], 'advertising', true), effectsMark(outlook));
  expect(await told()).toEqual(['HB-R0, HB-R1, HB-R2, HB-R3: advertising']);
});
