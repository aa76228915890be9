import { expect, test } from 'vitest';
import type { Side } from '../../src/people/member.ts';
import { agreementOn, type Opinion, quorumOf, waitingForSides } from '../../src/responses/quorum.ts';

const member = (id: string, side: Side | null) => ({ id, side, roles: ['forum' as const] });
const FORUM = [
  member('ana', 'government'),
  member('omar', 'government'),
  member('luis', 'civil society'),
  member('chloe', 'civil society'),
];
const sideOf = (id: string) => FORUM.find((one) => one.id === id)?.side ?? null;
const said = (by: string, words: string | null = null): Opinion => ({
  ...{ by, side: sideOf(by), agrees: words === null, words, at: new Date(0) },
});
const on = (opinions: Opinion[], interested: string[] = [], quorum = quorumOf({}), members = FORUM) =>
  agreementOn(opinions, interested, { members, quorum });

test('one of each side decides, and whoever proposes counts for theirs', () => {
  expect(on([said('ana')]).missing).toEqual([{ side: 'civil society', count: 1 }]);
  expect(on([said('ana'), said('omar')]).missing).toEqual([{ side: 'civil society', count: 1 }]);
  expect(on([said('ana'), said('luis')]).missing).toEqual([]);
});

test('the process says how many of each side it takes', () => {
  const quorum = quorumOf({ decisions: { quorum: { civil_society: 2 } } });
  expect(on([said('ana'), said('luis')], [], quorum).missing).toEqual([{ side: 'civil society', count: 1 }]);
  expect(on([said('ana'), said('luis'), said('chloe')], [], quorum).missing).toEqual([]);
});

test('where no member is on a side, a second member is enough', () => {
  const members = FORUM.map((one) => ({ ...one, side: null }));
  const ana = { ...said('ana'), side: null };
  expect(on([ana], [], quorumOf({}), members).missing).toEqual([{ side: null, count: 1 }]);
  expect(on([ana, { ...said('omar'), side: null }], [], quorumOf({}), members).missing).toEqual([]);
});

test('dissent stops nothing by itself, but where too few of a side are left to agree', () => {
  const one = on([said('ana'), said('luis', 'Too dear')]);
  expect(one).toMatchObject({ missing: [{ side: 'civil society', count: 1 }], failed: false });
  expect(one.against.map(({ by }) => by)).toEqual(['luis']);
  expect(on([said('ana'), said('luis', 'Too dear'), said('chloe')])).toMatchObject({ missing: [], failed: false });
  expect(on([said('ana'), said('luis', 'Too dear'), said('chloe', 'Too late')]).failed).toBe(true);
});

test('whoever has an interest of their own counts for nobody, also where they have agreed before', () => {
  expect(on([said('ana'), said('luis')], ['luis']).missing).toEqual([{ side: 'civil society', count: 1 }]);
  expect(on([said('ana')], ['luis', 'chloe'])).toMatchObject({ failed: true });
});

test('of several, how many wait for each side', () => {
  const all = [on([said('ana')]), on([said('luis')]), on([said('omar')]), on([said('ana'), said('luis')])];
  expect(waitingForSides(all)).toEqual([
    { side: 'government', count: 1 },
    { side: 'civil society', count: 2 },
  ]);
});
