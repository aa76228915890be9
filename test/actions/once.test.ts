import fc from 'fast-check';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actions } from '../../src/actions/actions.ts';
import { composeChat } from '../../src/compose/chat.ts';
import { viewOf } from '../../src/compose/conversation.ts';
import { storesOn } from '../../src/compose/stores.ts';
import type { ChatPanels } from '../../src/conversation/memberPanels.ts';
import { systemAmbient } from '../../src/core/clock.ts';
import { UserError } from '../../src/core/errors.ts';
import { signAction } from '../../src/core/signedButtons.ts';
import type { NoticeEvent } from '../../src/notices/notice.ts';
import { interfaceOf } from '../../src/people/actor.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createMembers } from '../../src/store/members.ts';
import { createNotices } from '../../src/store/notices.ts';
import { acting, doneTo, idlePlanner, idleQueue, noFiles } from '../support/actions.ts';
import { lastingDatabaseUrl } from '../support/database.ts';
import { addMembers } from '../support/happens.ts';
import { seedPeople } from '../support/outbound.ts';
import { shippedSpoken } from '../support/script.ts';

const SECRET = 's';
const WORDS = { kind: 'announcement', texts: 'Hello', audience: 'everyone' };
/** What each leaves in the record of a notice, and the letter of its button; null: it is asked for without a panel. */
const WHAT = {
  schedule: { event: 'scheduled', letter: null },
  pause: { event: 'paused', letter: 'p' },
  resume: { event: 'resumed', letter: 'r' },
  cancel: { event: 'cancelled', letter: 'c' },
  approve: { event: 'approved', letter: null },
} as const satisfies Record<string, { event: NoticeEvent['what']; letter: string | null }>;
type What = keyof typeof WHAT;

/** What a platform sends for one press, however often it does. */
interface Press {
  what: What;
  who: 'ana' | 'ben';
  on: 'telegram' | 'slack';
  /** Through the panel whose button it is, where it has one. */
  panel: boolean;
}

/** One time that it comes: `lost` is the connection, before or after the transaction is kept. */
interface Arrival {
  press: number;
  lost: 'before' | 'after' | null;
}

const PRESSES = 6;
const press = fc.record<Press>({
  what: fc.constantFrom(...(Object.keys(WHAT) as What[])),
  who: fc.constantFrom('ana', 'ben'),
  on: fc.constantFrom('telegram', 'slack'),
  panel: fc.boolean(),
});
const arrival = fc.record<Arrival>({
  press: fc.nat(PRESSES - 1),
  lost: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.constantFrom('before' as const, 'after' as const)),
});
const presses = fc.array(press, { minLength: PRESSES, maxLength: PRESSES });
/** What comes in one row comes at once, the rows after each other. */
const rows = fc.array(fc.array(arrival, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });

let db: Database;
beforeAll(async () => {
  db = await openDatabase(await lastingDatabaseUrl());
  await seedPeople(db, 3);
  await addMembers(db.pool, { ana: ['organizer', 'forum'], ben: ['organizer', 'forum'] });
  const members = createMembers(db.pool);
  const { members: joining } = acting(db);
  for (const id of ['ana', 'ben'])
    for (const on of ['telegram', 'slack'] as const) {
      const { code } = await joining.add({ member: null, through: 'terminal' }, { id });
      await members.join(keyOf(id, on), code, new Date());
    }
});
afterAll(() => db.close());

const keyOf = (who: string, on: string): string => `${on}:bot:${who}`;

/** The same database over a connection that is lost around the next commit. */
function losing(lost: Arrival['lost']): Pick<Database, 'pool'> {
  if (lost === null) return db;
  const connect = async () => {
    const client = await db.pool.connect();
    const query = async (...args: Parameters<PoolClient['query']>) => {
      if (String(args[0]) !== 'COMMIT') return client.query(...args);
      if (lost === 'after') await client.query('COMMIT');
      throw new Error('The connection is lost.');
    };
    return new Proxy(client, { get: (whole, key) => (key === 'query' ? query : bound(whole, key)) });
  };
  const pool = new Proxy(db.pool, { get: (whole, key) => (key === 'connect' ? connect : bound(whole, key)) });
  return { pool: pool as Pool };
}

function bound<T extends object>(whole: T, key: string | symbol): unknown {
  const value = Reflect.get(whole, key, whole);
  return typeof value === 'function' ? value.bind(whole) : value;
}

async function panelsOn(kept: Pick<Database, 'pool'>): Promise<ChatPanels> {
  const stores = storesOn(db);
  const view = await viewOf(stores, systemAmbient);
  const parts = {
    spoken: shippedSpoken,
    view,
    secret: SECRET,
    queue: idleQueue,
    download: noFiles,
    publicUrl: () => 'http://console.test',
    ...systemAmbient,
  };
  return composeChat({ ...db, ...kept }, stores, { ...parts, planner: idlePlanner, holdSeconds: 0, approvalAbove: 1 })
    .organize;
}

const actionsOn = (kept: Pick<Database, 'pool'>): Actions => acting(kept, { holdSeconds: 0, approvalAbove: 1 });

/** As it is asked for, wherever it comes from. */
async function take(id: string, { what, who, on, panel }: Press, request: string, lost: Arrival['lost']) {
  const kept = losing(lost);
  const { letter } = WHAT[what];
  const key = keyOf(who, on);
  if (panel && letter !== null) {
    const data = signAction(SECRET, key, `o:Q:${letter}:${id}`);
    return (await panelsOn(kept)).panel({ key, language: 'en', update: request }, data);
  }
  const actor = { member: who, through: interfaceOf(key), request };
  const { notices } = actionsOn(kept);
  if (what === 'schedule') return notices.schedule(actor, id);
  if (what === 'approve') return notices.approve(actor, id);
  return notices.change(actor, id, what);
}

/** The state that a record leads to; null where one of its lines cannot follow those before it. */
function stateAfter(events: readonly NoticeEvent['what'][]): string | null {
  const FOLLOWS: Record<string, Record<string, string>> = {
    draft: { scheduled: 'scheduled', cancelled: 'cancelled' },
    scheduled: { scheduled: 'scheduled', approved: 'scheduled', paused: 'paused', cancelled: 'cancelled' },
    paused: { approved: 'paused', resumed: 'scheduled', cancelled: 'cancelled' },
  };
  return events.reduce<string | null>((state, event) => (state && FOLLOWS[state]?.[event]) ?? null, 'draft');
}

it('a press acts once, however often it comes, at once or again, by its button or without, and though the connection is lost', async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(presses, rows, async (all, arrivals) => {
      const { id } = await acting(db).notices.create({ member: 'ana', through: 'terminal' }, WORDS);
      const run = made++;
      const request = (number: number) => `${run}/${number}`;
      const come = ({ press: number, lost }: Arrival) =>
        take(id, all[number] as Press, request(number), lost).catch((error: unknown) => {
          if (!(error instanceof UserError || String(error).includes('connection is lost'))) throw error;
        });
      for (const row of arrivals) await Promise.all(row.map(come));
      const notices = createNotices(db.pool);
      const kept = await notices.history(id);
      const done = (await doneTo(db, id)).filter(({ action }) => action !== 'notices.create');
      expect(new Set(done.map((entry) => entry.request)).size).toBe(done.length);
      // What is in the record of the notice is what was done to it, each once, in an order in which it can be.
      const events = kept.map(({ what }) => what).filter((what) => what !== 'created');
      expect(events.toSorted()).toEqual(
        done.map(({ action }) => WHAT[action.replace('notices.', '') as What].event).toSorted(),
      );
      expect(stateAfter(events)).toBe((await notices.find(id))?.state);
      // All of it once more changes nothing that was done.
      const again = done.map((entry) => Number(entry.request?.split('/')[1]));
      await Promise.all(again.map((number) => come({ press: number, lost: null })));
      expect((await notices.history(id)).map(({ what }) => what)).toEqual(kept.map(({ what }) => what));
    }),
    { numRuns: 40 },
  );
});
