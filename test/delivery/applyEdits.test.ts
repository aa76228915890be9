import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actions } from '../../src/actions/actions.ts';
import { Refused } from '../../src/actions/refused.ts';
import { SendError } from '../../src/core/channel.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { type MessageRef, plainText, say } from '../../src/core/message.ts';
import { createEditApplier, type EditApplier } from '../../src/delivery/applyEdits.ts';
import type { EditWork, NoticeEdits } from '../../src/notices/edits.ts';
import type { NoticeDraft } from '../../src/notices/file.ts';
import type { Notices } from '../../src/notices/notice.ts';
import { atTerminal } from '../../src/people/actor.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createNoticeEdits } from '../../src/store/noticeEdits.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { acting, idleQueue } from '../support/actions.ts';
import { lastingDatabaseUrl } from '../support/database.ts';
import { addMembers, become, noticeIs } from '../support/happens.ts';
import { recordingChannel, seedNotice, seedPeople } from '../support/outbound.ts';

let database: Database;
let notices: Notices;
let revisions: NoticeEdits;
let actions: Actions['notices'];
let hinted: EditWork[];

/** What the platform was asked, `chat:text` or `chat` alone for taking back, and how it answers a chat. */
let asked: string[];
let answers: Map<string, SendError>;

beforeAll(async () => {
  database = await openDatabase(await lastingDatabaseUrl());
  notices = createNotices(database.pool);
  revisions = createNoticeEdits(database.pool);
  await addMembers(database.pool, { ana: ['organizer'], ben: ['forum'], cem: ['organizer'], lea: ['liaison'] });
});
afterAll(() => database.close());

beforeEach(async () => {
  await rows('TRUNCATE notice, delivery, identity, notice_event, notice_revision, rate_gate RESTART IDENTITY CASCADE');
  [hinted, asked, answers] = [[], [], new Map()];
  actions = acting(database, { queue: { ...idleQueue, revise: (work) => void hinted.push(...work) } }).notices;
});

const rows = async (sql: string, values: unknown[] = []) => (await database.pool.query(sql, values)).rows;

/** A notice that has gone to `count` people, in the state that `state(n)` gives for each. */
async function gone(count: number, state: (n: number) => string = () => 'sent'): Promise<void> {
  await seedPeople(database, count);
  await seedNotice(database, 'n');
  for (let n = 1; n <= count; n++)
    await rows(
      `UPDATE delivery SET state = $2, reason = CASE WHEN $2 = 'uncertain' THEN 'unknown_outcome' END,
         refs = CASE WHEN $2 = 'sent' THEN jsonb_build_array(jsonb_build_object('chat', 'chat-' || $1::int, 'id', '7')) END
       WHERE identity_id = $1`,
      [n, state(n)],
    );
}

function ask(refs: readonly MessageRef[], words: string): void {
  const chat = refs[0]?.chat ?? '';
  asked.push(chat + words);
  const error = answers.get(chat);
  if (error) throw error;
}

function editApplier(more: Partial<Parameters<typeof createEditApplier>[0]> = {}, limits = {}): EditApplier {
  const channel = {
    ...recordingChannel(() => null, limits),
    edit: async (refs: readonly MessageRef[], message: Parameters<typeof plainText>[0]) =>
      ask(refs, `:${plainText(message)}`),
    remove: async (refs: readonly MessageRef[]) => ask(refs, ''),
  };
  return createEditApplier({
    revisions,
    rateLimit: createSharedRateLimit(database.pool),
    channels: new Map([['telegram' as const, channel]]),
    render: async (list) => {
      const found = await notices.many(list.map((row) => row.noticeId));
      return new Map(list.map((row) => [row.id, say(String(found.get(row.noticeId)?.texts))]));
    },
    clock: systemClock,
    log: silentLog,
    ...more,
  });
}

const WORK: EditWork = { notice: 'n', channel: 'telegram' };
const draft = (more: object = {}): NoticeDraft =>
  ({
    ...{ kind: 'announcement', texts: 'Hello, fixed', audience: 'everyone', buttons: [] },
    ...{ topic: null, attachment: null, schedule: null, until: null },
    ...more,
  }) as NoticeDraft;
const refused = (code: ConstructorParameters<typeof SendError>[0], more = {}) => new SendError(code, 'no', more);

describe('new words', () => {
  it('for a notice that a second member had to approve take two members as well', async () => {
    await gone(2, () => 'sent');
    await noticeIs(database.pool, { approval: 'given', scheduledBy: 'ana', approvedBy: 'ben' });
    for (const alone of ['lea', 'eve'])
      await expect(actions.edit(atTerminal(alone), 'n', draft())).rejects.toThrow(Refused);
    for (const again of [1, 2])
      expect((await actions.edit(atTerminal('ana'), 'n', draft())).proposed, `${again}`).toBe(true);
    expect(await revisions.status('n')).toBe(null);
    expect((await actions.edit(atTerminal('ben'), 'n', draft({ texts: 'Other words' }))).proposed).toBe(true);
    expect((await actions.edit(atTerminal('ben'), 'n', draft())).proposed).toBe(false);
    expect(await revisions.status('n')).toMatchObject({ what: 'edited', open: 2 });
  });

  it('go to whoever has the old ones, and to nobody twice; what has not gone yet goes with them', async () => {
    await gone(6, (n) => ['sent', 'sent', 'pending', 'failed', 'skipped', 'uncertain'][n - 1]!);
    expect(await actions.edit(atTerminal('ana'), 'n', draft())).toMatchObject({
      begun: true,
      approval: null,
      proposed: false,
    });
    expect(hinted).toEqual([WORK]);
    expect(await editApplier()(WORK)).toEqual({ againInMs: null });
    expect(asked.sort()).toEqual(['chat-1:Hello, fixed', 'chat-2:Hello, fixed']);
    expect(await revisions.due()).toEqual([]);
    await editApplier()(WORK);
    expect(asked).toHaveLength(2);
    await rows(`UPDATE delivery SET state = 'sent', refs = '[{"chat": "chat-3", "id": "1"}]' WHERE state = 'pending'`);
    expect(await revisions.due()).toEqual([]);
    expect(await revisions.status('n')).toMatchObject({
      what: 'edited',
      number: 1,
      changed: 3,
      open: 0,
      refused: { unknown_outcome: 1 },
    });
    expect((await notices.find('n'))?.texts).toBe('Hello, fixed');
    expect(await rows('SELECT number, texts FROM notice_revision ORDER BY number')).toEqual([
      { number: 0, texts: { texts: 'Hello', buttons: [] } },
      { number: 1, texts: { texts: 'Hello, fixed', buttons: [] } },
    ]);
    expect(await notices.history('n')).toMatchObject([{ what: 'edited', by: 'ana' }]);
  });

  it('reach a message that was in somebody’s hand when they came', async () => {
    await gone(1, () => 'sending');
    await actions.edit(atTerminal(), 'n', draft());
    expect(await revisions.due()).toEqual([]);
    await rows(`UPDATE delivery SET state = 'sent', refs = '[{"chat": "chat-1", "id": "1"}]'`);
    expect(await revisions.due()).toEqual([WORK]);
    await editApplier()(WORK);
    expect(asked).toEqual(['chat-1:Hello, fixed']);
  });

  it('are done again, and only done again, where a process died before it could say so', async () => {
    await gone(40);
    await actions.edit(atTerminal(), 'n', draft());
    let settled = 0;
    const dying = {
      ...revisions,
      settle: (list: Parameters<NoticeEdits['settle']>[0]) => {
        if (++settled > 3) return Promise.reject(new Error('killed'));
        return revisions.settle(list);
      },
    };
    await expect(editApplier({ revisions: dying }, { perSecond: 100 })(WORK)).rejects.toThrow('killed');
    expect(await revisions.status('n')).toMatchObject({ open: expect.any(Number) });
    expect((await revisions.status('n'))?.open).toBeGreaterThan(0);
    await editApplier()(WORK);
    expect(new Set(asked)).toHaveLength(40);
    expect(await revisions.status('n')).toMatchObject({ changed: 40, open: 0, refused: {} });
  });

  it('that come while others are under way are the ones that stay', async () => {
    await gone(2);
    await actions.edit(atTerminal(), 'n', draft());
    await actions.edit(atTerminal(), 'n', draft({ texts: 'Hello at last' }));
    await editApplier()(WORK);
    expect(asked.sort()).toEqual(['chat-1:Hello at last', 'chat-2:Hello at last']);
    expect(await revisions.status('n')).toMatchObject({ number: 2, changed: 2, open: 0 });
    await revisions.due();
    expect(await rows('SELECT number FROM notice_revision WHERE done_at IS NULL')).toEqual([]);
  });

  it('wait for a second member again where one had approved others', async () => {
    await gone(1);
    await noticeIs(database.pool, { state: 'scheduled', begun: false, approval: 'given', approvedBy: 'ben' });
    expect(await actions.edit(atTerminal('cem'), 'n', draft())).toMatchObject({ begun: false, approval: 'needed' });
    // Whoever wrote the words is not the second.
    const now = { approval: 'needed', approvedBy: null, scheduledBy: 'cem', revision: 0 };
    expect(await notices.find('n')).toMatchObject(now);
  });

  it('are all that changes: anything else is refused, each with its place', async () => {
    await gone(1);
    const other = draft({
      texts: { en: 'a', es: 'b' },
      audience: { language: 'es' },
      buttons: [{ label: 'x', flow: 'idea' }],
    });
    const mistake = await actions.edit(atTerminal(), 'n', other).catch((error: Error) => error.message);
    expect(mistake).toMatch(/^audience: .*\ntexts: the languages must stay all.*\nbuttons: /);
    expect(asked).toEqual([]);
    await noticeIs(database.pool, { kind: 'timeline' });
    await expect(actions.edit(atTerminal(), 'n', draft())).rejects.toThrow('Correct the process file');
    await noticeIs(database.pool, { kind: 'seat' });
    await expect(actions.edit(atTerminal(), 'n', draft())).rejects.toThrow('written for each reader');
    await noticeIs(database.pool, { kind: 'response' });
    await expect(actions.edit(atTerminal(), 'n', draft({ kind: 'response' }))).rejects.toThrow('it supersedes');
  });
});

describe('a recall', () => {
  it('cancels what has not gone, takes back what has, and counts what could not be', async () => {
    await gone(6, (n) => ['sent', 'sent', 'pending', 'failed', 'uncertain', 'sent'][n - 1]!);
    await rows(`UPDATE delivery SET refs = '[{"chat": "chat-4", "id": "1"}]' WHERE identity_id = 4`);
    await become(database.pool, 'erased', [6]);
    answers.set('chat-2', refused('rejected'));
    expect(await actions.recall(atTerminal('ana'), 'n')).toEqual({ begun: true });
    await editApplier()(WORK);
    expect(asked.sort()).toEqual(['chat-1', 'chat-2', 'chat-4']);
    expect(await revisions.status('n')).toMatchObject({
      what: 'recalled',
      changed: 2,
      open: 0,
      refused: { too_late: 1, unknown_outcome: 1, erased: 1 },
    });
    expect(await notices.status('n')).toMatchObject({ state: 'cancelled', sent: 3, skipped: 1, open: 0 });
    expect(await notices.retry('n', {}, null)).toBe(0);
    await expect(actions.recall(atTerminal(), 'n')).rejects.toThrow('recalled already');
    await expect(actions.edit(atTerminal(), 'n', draft())).rejects.toThrow('is cancelled');
  });

  it('of what nobody has yet is its end, and responses are not recalled', async () => {
    await gone(2, () => 'pending');
    await noticeIs(database.pool, { state: 'scheduled', begun: false });
    expect(await actions.recall(atTerminal(), 'n')).toEqual({ begun: false });
    expect((await notices.find('n'))?.state).toBe('cancelled');
    await noticeIs(database.pool, { kind: 'response', state: 'done', begun: true });
    await expect(actions.recall(atTerminal(), 'n')).rejects.toThrow('the ledger counts on what was answered');
    await expect(actions.recall(atTerminal(), 'none')).rejects.toThrow('There is no notice none');
  });
});

describe('a platform that refuses', () => {
  it('is tried again while there is hope, for a day', async () => {
    await gone(1);
    answers.set('chat-1', refused('unavailable'));
    await actions.edit(atTerminal(), 'n', draft());
    const [{ now }] = await rows('SELECT now()');
    await editApplier()(WORK);
    expect(await revisions.due()).toEqual([]);
    expect((await revisions.status('n'))?.open).toBe(1);
    expect(
      await rows(`SELECT 1 FROM delivery WHERE not_before > $1::timestamptz + interval '29 seconds'`, [now]),
    ).toHaveLength(1);
    await rows(`UPDATE notice_revision SET at = now() - interval '25 hours' WHERE number = 1`);
    await rows('UPDATE delivery SET not_before = NULL');
    await editApplier()(WORK);
    expect(await revisions.status('n')).toMatchObject({ changed: 0, open: 0, refused: { unavailable: 1 } });
  });

  const blocked = (key: string) => createSharedRateLimit(database.pool).blocked(key);
  const silent = (...chats: number[]) => {
    for (const n of chats) answers.set(`chat-${n}`, refused('slow_down', { retryAfterSeconds: 600 }));
  };

  it('is left in peace when it asks for it twice, and notices with it', async () => {
    await gone(12);
    silent(1, 2);
    await actions.recall(atTerminal(), 'n');
    await editApplier({}, { perSecond: 50 })(WORK);
    expect(await blocked('bulk:telegram')).toBeGreaterThan(25_000);
    expect(asked.length).toBeLessThan(12);
    expect(await revisions.status('n')).toMatchObject({ changed: asked.length - 2, open: 14 - asked.length });
  });

  it('for one chat alone holds up no other', async () => {
    await gone(12);
    silent(1);
    await actions.recall(atTerminal(), 'n');
    await editApplier({}, { perSecond: 200 })(WORK);
    expect(await blocked('bulk:telegram')).toBe(0);
    expect(await revisions.status('n')).toMatchObject({ changed: 11, open: 1 });
  });

  it('with a limit of its own for changes does not keep notices waiting', async () => {
    await gone(3);
    silent(1, 2, 3);
    await actions.recall(atTerminal(), 'n');
    await editApplier({}, { changesPerSecond: 1_000 })(WORK);
    expect(await blocked('bulk:telegram')).toBe(0);
    expect(await blocked('change:telegram')).toBeGreaterThan(25_000);
  });
});
