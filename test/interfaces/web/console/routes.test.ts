import { expect, test } from 'vitest';
import { ROUTES } from '../../../../src/interfaces/web/console/app.tsx';
import { ROLES, type Role } from '../../../../src/people/member.ts';
import { hiddenIn, member, signedIn, type Visitor, visitor } from '../../../support/console.ts';
import { hearback } from '../../../support/hearback.ts';

const MEMBERS: readonly Role[] = ROLES;

/** Who may ask for what; nobody else than these, and a member who is removed for nothing but what anybody may. */
const TABLE: Record<string, readonly Role[] | 'anybody'> = {
  'GET ': MEMBERS,
  'GET /enter/:link': 'anybody',
  'POST /enter': 'anybody',
  'GET /contributions': MEMBERS,
  'POST /contributions/change': ['organizer', 'forum'],
  'POST /contributions/undo': ['organizer', 'forum'],
  'GET /contributions/:reference': MEMBERS,
  'POST /contributions/:reference/notes': ['organizer', 'forum'],
  'GET /threads': MEMBERS,
  'GET /threads/:reference': MEMBERS,
  'POST /threads/:reference/answer': ['organizer', 'forum'],
  'POST /threads/:reference/hand': ['organizer', 'forum'],
  'POST /threads/:reference/close': ['organizer', 'forum'],
  'POST /views': ['organizer', 'forum'],
  'POST /views/remove': ['organizer', 'forum'],
  'GET /sessions': MEMBERS,
  'POST /sessions/end': MEMBERS,
  'POST /sessions/:id/end': MEMBERS,
  'POST /leave': MEMBERS,
  'POST /language': MEMBERS,
  'GET /members': ['organizer', 'admin'],
  'POST /members': ['admin'],
  'GET /members/:id': ['admin'],
  'POST /members/:id': ['admin'],
  'POST /members/:id/code': ['admin'],
  'POST /members/:id/remove': ['admin'],
};

test('every address stands in the table', () => {
  expect(ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(TABLE).sort());
});

/** With ids of nobody and forms that say nothing: who may, is told so; who may not, never comes so far. */
async function asks(who: Visitor, key: string, form: Record<string, string>): Promise<number> {
  const [method = '', path = ''] = key.split(' ');
  const address = `/console${path.replace(/:\w+/, 'nobody')}`;
  return (await (method === 'GET' ? who.get(address) : who.post(address, form))).status;
}

test.each(Object.entries(TABLE))('%s is for %s, and for nobody else', async (key, by) => {
  const it = await hearback();
  const { url, core } = it.service;
  const stranger = await asks(visitor(url), key, {});
  if (by === 'anybody') expect([200, 404]).toContain(stranger);
  else expect(stranger).toBe(401);
  for (const role of ROLES) {
    await member(core.db, role, [role]);
    const who = await signedIn(url, core.db, role);
    const form = hiddenIn(await who.get('/console'), '/console/language');
    const status = await asks(who, key, form);
    if (by !== 'anybody' && !by.includes(role)) expect(status, role).toBe(403);
    else expect([200, 303, 400, 404], role).toContain(status);
  }
});
