import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quietWrite } from '../../src/conversation/effects.ts';
import type { Inbox } from '../../src/conversation/inbox.ts';
import { createIntake } from '../../src/conversation/intake.ts';
import { createReceiver, type ReceiveParts } from '../../src/conversation/receive.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { silentLog } from '../../src/core/log.ts';
import { type Database, isOutage } from '../../src/store/database.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createTurnStore } from '../../src/store/turns.ts';
import { freshDatabase } from '../support/database.ts';

const updateOf = (person: string, id: string): Inbound => ({
  id,
  sender: { key: `telegram:bot:${person}`, channel: 'telegram', address: person, name: null, language: 'en' },
  content: { kind: 'text', text: id, messageId: id },
  at: systemClock(),
});

const refused = () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

/** One process on this database; `turns` are the updates that it has handled. */
function receiving({ pool }: Database, more: Partial<ReceiveParts> = {}, inbox: Inbox = createInbox(pool)) {
  const turns: string[] = [];
  const receiver = createReceiver({
    inbox,
    turns: createTurnStore(pool),
    async turn(inbound, known) {
      turns.push(inbound.id);
      return quietWrite(inbound, known, systemIds);
    },
    send: async () => undefined,
    isOutage,
    ids: systemIds,
    log: silentLog,
    patience: { lateMs: 20, hangingMs: 600_000 },
    ...more,
  });
  const intake = createIntake({ inbox, kept: receiver.wake, isOutage, clock: systemClock, log: silentLog });
  return { turns, ...receiver, ...intake };
}

const states = async ({ pool }: Database) =>
  Object.fromEntries((await pool.query('SELECT id, state FROM inbound_update')).rows.map((row) => [row.id, row.state]));

const triedAgain = ({ pool }: Database, after: string) =>
  pool.query(`UPDATE inbound_update SET next_at = now() + $1::interval WHERE state = 'failed'`, [after]);

it('refuses what the database does not take, so that the platform repeats it', async () => {
  const db = await freshDatabase();
  let away = true;
  const inbox = createInbox(db.pool);
  const keep: Inbox['keep'] = (updates) => (away ? Promise.reject(refused()) : inbox.keep(updates));
  const { receive, idle, turns } = receiving(db, {}, { ...inbox, keep });
  const both = [updateOf('1', 'first'), updateOf('1', 'second')];
  const outcomes = await Promise.allSettled(both.map(receive));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  away = false;
  await Promise.all(both.map(receive));
  await idle();
  expect(turns).toEqual(['first', 'second']);
});

it('keeps what others send with the first of a flood, and the flood in its order and in few statements', async () => {
  const db = await freshDatabase();
  const inbox = createInbox(db.pool);
  const batches: string[][] = [];
  const keep: Inbox['keep'] = (updates) => {
    batches.push(updates.map(({ id }) => id));
    return inbox.keep(updates);
  };
  const { receive, idle, turns } = receiving(db, {}, { ...inbox, keep });
  const flood = Array.from({ length: 300 }, (_, index) => updateOf('1', `flood ${index}`));
  await Promise.all([...flood, updateOf('2', 'other')].map(receive));
  await idle();
  expect(batches.map((batch) => batch.length)).toEqual([200, 101]);
  expect(batches[0]).toContain('other');
  expect(batches.flat().filter((id) => id !== 'other')).toEqual(flood.map(({ id }) => id));
  expect(turns.filter((id) => id !== 'other')).toEqual(flood.map(({ id }) => id));
});

it('handles what was acknowledged and not yet handled when the database went away, in its order', async () => {
  const db = await freshDatabase();
  let away = true;
  const inbox = createInbox(db.pool);
  const next: Inbox['next'] = (...args) => (away ? Promise.reject(refused()) : inbox.next(...args));
  const { receive, idle, sweep, turns } = receiving(db, {}, { ...inbox, next });
  await receive(updateOf('1', 'first'));
  await idle();
  await receive(updateOf('1', 'second'));
  await idle();
  expect(turns).toEqual([]);
  away = false;
  await sweep(0);
  await idle();
  expect(turns).toEqual(['first', 'second']);
});

it('hands what a dead process had taken in to another one, before what came later', async () => {
  const db = await freshDatabase();
  await createInbox(db.pool).keep([updateOf('1', 'first'), updateOf('2', 'other'), updateOf('1', 'second')]);
  const { receive, idle, sweep, turns } = receiving(db);
  await receive(updateOf('1', 'third'));
  await idle();
  expect(turns).toEqual(['first', 'second', 'third']);
  await sweep(0);
  await idle();
  expect(turns).toEqual(['first', 'second', 'third', 'other']);
});

it('handles each update once though two processes have it at the same time', async () => {
  const db = await freshDatabase();
  const counted: string[] = [];
  const committed: ReceiveParts['committed'] = (write) => void counted.push(write.updateId);
  const processes = [receiving(db, { committed }), receiving(db, { committed })];
  const updates = Array.from({ length: 60 }, (_, index) => updateOf(String(index % 3), `u${index}`));
  await Promise.all(processes.flatMap(({ receive }) => updates.map(receive)));
  await Promise.all(processes.map(({ idle }) => idle()));
  for (const { sweep, idle } of processes) await sweep(0).then(idle);
  expect([...counted].sort()).toEqual(updates.map(({ id }) => id).sort());
  const ofOne = counted.filter((id) => Number(id.slice(1)) % 3 === 1);
  expect(ofOne).toEqual(updates.filter((_, index) => index % 3 === 1).map(({ id }) => id));
});

it('lets a handler that hangs delay nobody but its person', async () => {
  const db = await freshDatabase();
  let finish: () => void = () => {};
  const hangs = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const handled: string[] = [];
  const { receive, idle } = receiving(db, {
    async turn(inbound, known) {
      if (inbound.id === 'hangs') await hangs;
      return quietWrite(inbound, known, systemIds);
    },
    committed: (write) => void handled.push(write.updateId),
  });
  await Promise.all([updateOf('1', 'hangs'), updateOf('1', 'behind it'), updateOf('2', 'other')].map(receive));
  await idle();
  await receive(updateOf('3', 'later'));
  await idle();
  expect(handled.sort()).toEqual(['later', 'other']);
  finish();
  await expect.poll(() => handled.length).toBe(4);
});

it('puts aside what fails or never ends, and hears its person further; nothing of it is dropped', async () => {
  const db = await freshDatabase();
  let broken = true;
  const { receive, idle, sweep, turns } = receiving(db, {
    patience: { lateMs: 5, hangingMs: 10 },
    async turn(inbound, known) {
      if (broken && inbound.id === 'hangs') await new Promise(() => undefined);
      if (broken && inbound.id === 'fails') throw new Error('no');
      turns.push(inbound.id);
      return quietWrite(inbound, known, systemIds);
    },
  });
  await Promise.all([updateOf('1', 'hangs'), updateOf('1', 'fails'), updateOf('1', 'fine')].map(receive));
  await expect.poll(() => states(db)).toEqual({ hangs: 'failed', fails: 'failed', fine: 'done' });
  expect(await createInbox(db.pool).countAside()).toBe(2);
  await triedAgain(db, '1 hour');
  await sweep(0);
  await idle();
  expect(turns).toEqual(['fine']);
  broken = false;
  await triedAgain(db, '-1 hour');
  await sweep(0);
  await idle();
  expect(turns).toEqual(['fine', 'hangs', 'fails']);
  expect(await states(db)).toEqual({ hangs: 'done', fails: 'done', fine: 'done' });
});

it('lets one write that the database refuses spoil nobody else’s', async () => {
  const db = await freshDatabase();
  const { receive, idle } = receiving(db, {
    async turn(inbound, known) {
      const write = quietWrite(inbound, known, systemIds);
      return inbound.id === 'bad' ? { ...write, at: '+010000-01-01T00:00:00.000Z' } : write;
    },
  });
  await Promise.all(['bad', 'good', 'better'].map((id, index) => receive(updateOf(String(index), id))));
  await idle();
  expect(await states(db)).toEqual({ bad: 'failed', good: 'done', better: 'done' });
});

it('keeps and handles any update that a platform can send, whatever characters and dates are in it', async () => {
  const db = await freshDatabase();
  const { receive, idle } = receiving(db);
  const anyText = fc.string({ unit: 'binary', maxLength: 30 });
  const given = fc.record({
    text: fc.oneof(anyText, fc.constantFrom('\0', 'a\0b', '\ud800', '\udc00x')),
    name: fc.option(anyText),
    address: anyText,
    at: fc.oneof(fc.double(), fc.constantFrom(Date.UTC(10_000, 0), -1, 8.64e15, Number.NaN, Number.MAX_VALUE)),
  });
  let count = 0;
  const property = fc.asyncProperty(fc.array(given, { maxLength: 5 }), async (list) => {
    const updates = list.map(({ text, name, address, at }) => {
      const update = updateOf(`${count}`, `any${count++}`);
      return { ...update, at, sender: { ...update.sender, name, address }, content: { ...update.content, text } };
    });
    await Promise.all((updates as Inbound[]).map(receive));
    await idle();
    expect(Object.values(await states(db)).filter((state) => state !== 'done')).toEqual([]);
  });
  await fc.assert(property, { numRuns: 40, seed: 7 });
});

it('keeps what no parser can read as it came, once', async () => {
  const db = await freshDatabase();
  const { keepUnreadable, idle } = receiving(db);
  const update = { id: 'telegram:1:5', raw: '{"strange":"\0"}', error: 'TypeError: x' };
  await keepUnreadable(update);
  await keepUnreadable(update);
  await idle();
  const { rows } = await db.pool.query('SELECT id, state, payload FROM inbound_update');
  expect(rows).toEqual([{ id: 'telegram:1:5', state: 'unreadable', payload: '{"strange":""}' }]);
});
