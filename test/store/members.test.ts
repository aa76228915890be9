import { beforeAll, expect, it } from 'vitest';
import { codeHash, type Member } from '../../src/people/member.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createMembers, type MemberStore } from '../../src/store/members.ts';
import { lastingDatabaseUrl } from '../support/database.ts';

const NOW = new Date('2027-02-01T09:00:00Z');
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
const IN_A_WEEK = later(7 * 24);

let db: Database;
let members: MemberStore;
beforeAll(async () => {
  db = await openDatabase(await lastingDatabaseUrl());
  members = createMembers(db.pool);
  return () => db.close();
});

const member = (id: string, more: Partial<Member> = {}): Member => ({
  ...{ id, name: id.toUpperCase(), roles: ['organizer'], organization: null, side: null },
  ...more,
});
const add = (id: string, code: string, more: Partial<Member> = {}) =>
  members.put(member(id, more), { hash: codeHash(code), until: IN_A_WEEK });

it('keeps a code as its hash alone, and ties one chat to a member by it', async () => {
  await add('ana', 'ACDEFGHJ', { organization: 'City' });
  const { rows } = await db.pool.query(`SELECT code_hash AS hash FROM member WHERE id = 'ana'`);
  expect(rows[0].hash).toBe(codeHash('ACDEFGHJ'));
  expect(rows[0].hash).not.toContain('ACDEFGHJ');
  expect(await members.byIdentity('telegram:1:ana')).toBe(null);
  expect(await members.join('telegram:1:ana', 'acde-fghj', later(1))).toEqual(member('ana', { organization: 'City' }));
  expect(await members.byIdentity('telegram:1:ana')).toEqual(member('ana', { organization: 'City' }));
  expect(await members.join('telegram:1:eve', 'ACDEFGHJ', later(1))).toBe('wrong');
});

it('says the same again to the chat that has used the code, for an update may be handled twice', async () => {
  await add('rita', 'KMNPQRTW');
  expect(await members.join('slack:T:rita', 'KMNPQRTW', NOW)).toMatchObject({ id: 'rita' });
  expect(await members.join('slack:T:rita', 'KMNPQRTW', NOW)).toMatchObject({ id: 'rita' });
});

it('gives a code to one of five chats that come with it at the same time', async () => {
  await add('ben', 'MNPQRTWX');
  const chats = [1, 2, 3, 4, 5].map((n) => `telegram:1:${n}`);
  const outcomes = await Promise.all(chats.map((chat) => members.join(chat, 'MNPQRTWX', NOW)));
  expect(outcomes.filter((outcome) => outcome !== 'wrong')).toEqual([member('ben')]);
  const tied = await Promise.all(chats.map((chat) => members.byIdentity(chat)));
  expect(tied.filter((one) => one?.id === 'ben')).toHaveLength(1);
});

it('takes no code after its seven days, nor one that a newer has replaced', async () => {
  await add('cleo', 'PQRTWXY3');
  expect(await members.join('telegram:1:cleo', 'PQRTWXY3', later(7 * 24))).toBe('wrong');
  await add('cleo', 'QRTWXY34');
  expect(await members.join('telegram:1:cleo', 'PQRTWXY3', NOW)).toBe('wrong');
  expect(await members.join('telegram:1:cleo', 'QRTWXY34', NOW)).toMatchObject({ id: 'cleo' });
});

it('lets a chat try five wrong codes in an hour, and then not even a right one', async () => {
  await add('dora', 'RTWXY346');
  const chat = 'telegram:1:dora';
  const attempts = [0, 0.1, 0.2, 0.3, 0.4, 0.5].map((hour) => () => members.join(chat, 'AAAAAAAA', later(hour)));
  const outcomes = [];
  for (const attempt of attempts) outcomes.push(await attempt());
  expect(outcomes).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'too_many']);
  expect(await members.join(chat, 'RTWXY346', later(0.9))).toBe('too_many');
  expect(await members.byIdentity(chat)).toBe(null);
  expect(await members.join(chat, 'RTWXY346', later(1.1))).toMatchObject({ id: 'dora' });
});

it('takes everything from all chats of a member who is removed, who comes back with none of them', async () => {
  await add('eva', 'TWXY3467');
  await members.join('telegram:1:eva', 'TWXY3467', NOW);
  await add('eva', 'WXY34679');
  await members.join('slack:T:eva', 'WXY34679', NOW);
  await add('eva', 'XY34679A');
  expect(await members.remove('eva')).toBe(true);
  expect(await members.remove('eva')).toBe(false);
  const tied = () => Promise.all(['telegram:1:eva', 'slack:T:eva'].map((chat) => members.byIdentity(chat)));
  expect(await tied()).toEqual([null, null]);
  expect(await members.find('eva')).toBe(null);
  expect(await members.join('telegram:1:eva', 'XY34679A', NOW)).toBe('wrong');
  // Tied in the very moment of the removal.
  await db.pool.query(`INSERT INTO member_identity (identity_key, member_id) VALUES ('telegram:1:eva', 'eva')`);
  await members.sync([member('eva')]);
  expect(await members.find('eva')).toEqual(member('eva'));
  expect(await tied()).toEqual([null, null]);
});

it('takes in the members of a process file, and leaves all others and every chat as they are', async () => {
  await add('finn', 'Y34679AC');
  await members.join('telegram:1:finn', 'Y34679AC', NOW);
  const before = (await members.list()).map(({ id }) => id);
  await members.sync([member('finn', { roles: ['forum'] }), member('gia', { roles: ['liaison', 'forum'] })]);
  expect(await members.byIdentity('telegram:1:finn')).toEqual(member('finn', { roles: ['forum'] }));
  expect((await members.list()).map(({ id }) => id)).toEqual([...before, 'gia'].sort());
  const [gia] = (await members.listed()).filter(({ id }) => id === 'gia');
  expect(gia).toEqual({ ...member('gia', { roles: ['liaison', 'forum'] }), chats: [], codeUntil: null });
});

it('lets a chat go', async () => {
  expect(await members.untie('telegram:1:finn')).toBe(true);
  expect(await members.untie('telegram:1:finn')).toBe(false);
  expect(await members.byIdentity('telegram:1:finn')).toBe(null);
});
