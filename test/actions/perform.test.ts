import { beforeEach, expect, it } from 'vitest';
import type { Actions } from '../../src/actions/actions.ts';
import { DoneBefore } from '../../src/actions/refused.ts';
import { type Actor, atTerminal } from '../../src/people/actor.ts';
import { listAudit } from '../../src/store/audit.ts';
import type { Database } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { acting, audited } from '../support/actions.ts';
import { freshDatabase } from '../support/database.ts';
import { addMembers } from '../support/happens.ts';
import { seedPeople } from '../support/outbound.ts';

const NOTICE = { kind: 'announcement', audience: 'everyone', texts: 'The timeline is out' };
const [ana, lea] = [atTerminal('ana'), atTerminal('lea')];

let db: Database;
let notices: Actions['notices'];
beforeEach(async () => {
  db = await freshDatabase();
  notices = acting(db).notices;
  await addMembers(db.pool, { ana: ['organizer'], lea: ['liaison'] });
});

const inChat = (request: string): Actor => ({ member: 'ana', through: 'telegram', request });

it('what is done is in the audit with who did it, by which way and on what; what is refused as well', async () => {
  await seedPeople(db, 3);
  const { id } = await notices.create(ana, NOTICE);
  await expect(notices.schedule(lea, id)).rejects.toThrow(
    'lea may not schedule: it takes a member with the role organizer.',
  );
  await notices.schedule(inChat('update-1'), id);
  await expect(notices.change(atTerminal(), id, 'resume')).rejects.toThrow('is scheduled and cannot be resumed');
  expect((await listAudit(db, {})).map(({ at, ...entry }) => entry)).toMatchObject([
    { actor: 'ana', interface: 'terminal', action: 'notices.create', subject: id, outcome: 'done', detail: null },
    { actor: 'lea', action: 'notices.schedule', subject: id, outcome: 'refused', detail: { reason: 'role' } },
    { actor: 'ana', interface: 'telegram', subject: id, outcome: 'done', detail: { recipients: 3, approval: null } },
    { actor: 'operator', action: 'notices.resume', subject: id, outcome: 'refused', detail: { reason: 'state' } },
  ]);
  expect(await listAudit(db, { actor: 'lea' })).toHaveLength(1);
  expect(await listAudit(db, { action: 'notices.schedule' })).toHaveLength(2);
  expect(await listAudit(db, { since: new Date(Date.now() + 60_000) })).toEqual([]);
});

it('the audit is only ever added to', async () => {
  await notices.create(ana, NOTICE);
  for (const change of ['UPDATE audit SET actor = NULL', 'DELETE FROM audit', 'TRUNCATE audit'])
    await expect(db.pool.query(change)).rejects.toThrow('only ever added to');
});

it('the same request does once what it asks for, however often and however close together it comes', async () => {
  const { id } = await notices.create(ana, NOTICE);
  const doing = await Promise.allSettled(Array.from({ length: 8 }, () => notices.schedule(inChat('one'), id)));
  expect(doing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await notices.change(inChat('two'), id, 'pause');
  await notices.change(ana, id, 'resume');
  // What has been changed back since is not changed again by an update that is handled once more.
  await expect(notices.change(inChat('two'), id, 'pause')).rejects.toThrow(DoneBefore);
  expect(await audited(db)).toEqual([
    ...['ana notices.create done', 'ana notices.schedule done', 'ana notices.pause done', 'ana notices.resume done'],
  ]);
});

it('of several who press at once one does it, and the others find it done', async () => {
  const { id } = await notices.create(ana, NOTICE);
  await notices.schedule(ana, id);
  const pressed = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) => notices.change(inChat(`update-${n}`), id, 'pause')),
  );
  expect(pressed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const paused = (await createNotices(db.pool).history(id)).filter(({ what }) => what === 'paused');
  expect(paused).toHaveLength(1);
});

it('what fails in the middle leaves nothing, not even in the audit', async () => {
  const { id } = await notices.create(ana, NOTICE);
  await db.pool.query(`CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''disk''; END'`);
  await db.pool.query('CREATE TRIGGER no BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION no()');
  await expect(notices.schedule(ana, id)).rejects.toThrow('disk');
  expect((await createNotices(db.pool).find(id))?.state).toBe('draft');
});
