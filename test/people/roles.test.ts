import { expect, test } from 'vitest';
import { readRoles, readSide, rolesOf } from '../../src/people/member.ts';
import { parseProcess } from '../../src/process/process.ts';

test('a reviewer is of the forum, and an admin is an organizer as well', () => {
  expect(readRoles(['reviewer', 'viewer'])).toEqual(['forum', 'viewer']);
  expect(rolesOf(['admin', 'forum'])).toEqual(['organizer', 'forum', 'admin']);
  expect(() => readRoles(['reviewr'])).toThrow('Did you mean "reviewer"?');
});

test.each([
  ['government', 'government'],
  ['Civil-Society', 'civil society'],
  ['non-government', 'civil society'],
])('the side "%s" is %s', (words, side) => {
  expect(readSide(words)).toBe(side);
});

test('a process file may say reviewer, and on which side somebody is', () => {
  const member = '{ id: ana, name: Ana, roles: [reviewer, admin], side: civil society }';
  const { members } = parseProcess(`name: Plan\nlanguages: [en]\ntimeZone: UTC\nmembers: [${member}]\n`, 'p.yaml');
  expect(members).toMatchObject([{ roles: ['organizer', 'forum', 'admin'], side: 'civil society' }]);
});
