import { expect, test } from 'vitest';
import { type GateFacts, gateOf, owedCounts } from '../../src/responses/gate.ts';

const NONE: GateFacts = { contributions: [], responses: [], threads: [] };
const contribution = (reference: string, state: GateFacts['contributions'][number]['state'], more = {}) => ({
  ...{ reference, state, settled: false, unreachable: false, proposed: false },
  ...more,
});
const response = {
  decision: 'inclusion',
  input: 'i',
  considered: 'c',
  influence: 'i',
  reason: 'r',
  beyond: 'b',
} as const;
const owedIn = (facts: Partial<GateFacts>) =>
  gateOf({ ...NONE, ...facts }, ['en', 'fr']).owed.map(({ what, reference }) => `${what} ${reference}`);

test('a process in which nothing is owed passes', () => {
  const contributions = [contribution('HB-A', 'delivered'), contribution('HB-B', 'withdrawn')];
  expect(gateOf({ ...NONE, contributions }, ['en']).passes).toBe(true);
});

test('what waits for a decision, a confirmation, a release or its arrival is listed in that order', () => {
  const contributions = [
    contribution('HB-A', 'released'),
    contribution('HB-B', 'decided'),
    contribution('HB-C', 'received', { proposed: true }),
    contribution('HB-D', 'triaged'),
    contribution('HB-E', 'delivered', { proposed: true }),
    contribution('HB-F', 'received', { settled: true }),
  ];
  expect(owedIn({ contributions })).toEqual([
    'decision HB-D',
    'proposal HB-C',
    'proposal HB-E',
    'release HB-B',
    'delivery HB-A',
  ]);
  expect(owedCounts(gateOf({ ...NONE, contributions }, ['en']))).toEqual({
    ...{ decision: 1, proposal: 2, release: 1, delivery: 1 },
  });
});

test('people who cannot be reached are named, and hold nothing up once their answer is released', () => {
  const out = { unreachable: true };
  const contributions = [contribution('HB-A', 'released', out), contribution('HB-B', 'received', out)];
  expect(gateOf({ ...NONE, contributions }, ['en'])).toEqual({
    owed: [{ what: 'decision', reference: 'HB-B', unreachable: true }],
    outOfReach: [{ what: 'delivery', reference: 'HB-A', unreachable: true }],
    passes: false,
  });
});

test('a question, a disagreement or a misunderstanding without an answer is listed with the day on which that is due', () => {
  const dueAt = new Date('2027-03-01');
  const threads = [{ reference: 'HB-T', kind: 'disagreement' as const, dueAt, unreachable: false }];
  expect(gateOf({ ...NONE, threads }, ['en']).owed).toEqual([{ what: 'thread', ...threads[0] }]);
});

test('an answer lacks what is empty, and what its reader cannot read in a language of theirs', () => {
  const said = { reads: 'fr', unreachable: false, ...response };
  const responses = [
    { ...said, reference: 'HB-A', beyond: '' },
    { ...said, reference: 'HB-B', languages: { reason: 'en' } },
    { ...said, reference: 'HB-C', languages: { reason: 'en' }, translations: { reason: { fr: 'r' } } },
    { ...said, reference: 'HB-D', reads: 'en', languages: { reason: 'en' } },
  ];
  expect(gateOf({ ...NONE, responses }, ['en', 'fr']).owed).toEqual([
    { what: 'text', reference: 'HB-A', unreachable: false, lacks: ['beyond'] },
    { what: 'text', reference: 'HB-B', unreachable: false, lacks: ['reason'] },
  ]);
});
