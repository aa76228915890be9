import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { SendError } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channelName.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { createDeliverer } from '../../src/delivery/deliver.ts';
import { rateLimitKey, systemPause } from '../../src/delivery/localRateLimit.ts';
import type { ClaimedReply } from '../../src/delivery/ports.ts';
import { replyKey } from '../../src/delivery/replyRate.ts';
import type { SharedRateLimit } from '../../src/delivery/sharedRateLimit.ts';
import { sweep } from '../../src/delivery/sweep.ts';
import type { Slice } from '../../src/notices/queue.ts';
import { type Database, isOutage } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { createUnsure } from '../../src/store/unsure.ts';
import { command } from '../support/command.ts';
import { freshDatabase } from '../support/database.ts';
import { mayGoNow, statusesIn } from '../support/happens.ts';
import { outcomesIn } from '../support/kept.ts';
import {
  type RecordingChannel,
  recordingChannel,
  seedNotice,
  seedPeople,
  slicesOf,
  statesOf,
} from '../support/outbound.ts';
import { databaseInTime, type Time } from '../support/time.ts';

let database: Database;
let time: Time;
beforeEach(async () => {
  ({ database, time } = await databaseInTime());
});

const query = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows;
const makeDue = () => mayGoNow(database.pool);

function delivererFor(
  channel: RecordingChannel,
  clock = time.clock,
  rateLimit = createSharedRateLimit(database.pool),
  pause = time.pause,
) {
  const deliveries = createDeliveries(database.pool, ['telegram', 'slack']);
  return createDeliverer({
    isOutage,
    deliveries,
    rateLimit,
    channels: new Map<ChannelName, RecordingChannel>([[channel.name, channel]]),
    render: async (rows) => new Map(rows.map((row) => [row.id, [say(`Hello in ${row.language}`)]])),
    clock,
    ids: systemIds,
    log: silentLog,
    pause,
  });
}

const outcomes = () => outcomesIn(database.pool);

const deliverAll = (deliverer: ReturnType<typeof delivererFor>, ids: string[]) =>
  Promise.all(slicesOf(ids).map((some) => deliverer.deliver({ channel: 'telegram', ids: some })));

/** Seconds until the next reply may be tried again; null when none is tried again. */
async function pendingFor(): Promise<number | null> {
  const [row] = await query(
    `SELECT extract(epoch FROM not_before - now())::float8 AS seconds FROM delivery WHERE state = 'pending'
     ORDER BY not_before LIMIT 1`,
  );
  return row ? row.seconds : null;
}

/** So many more replies to the same person, each with words of its own. */
async function repliesTo(first: ClaimedReply, count: number): Promise<ClaimedReply[]> {
  const rows = await query(
    `INSERT INTO delivery (identity_id, channel, payload, state, attempts, lease, lease_until)
     SELECT $1, 'telegram', '[]', 'sending', 1, $2, now() + interval '8 seconds' FROM generate_series(1, $3::int) RETURNING id`,
    [first.identityId, first.lease, count],
  );
  return rows.map(({ id }, at) => ({ ...first, id, messages: [say(`Number ${at}`)] }));
}

async function claimedReplies(count: number): Promise<ClaimedReply[]> {
  await seedPeople(database, count);
  const lease = randomUUID();
  const rows = await query(
    `INSERT INTO delivery (identity_id, channel, payload, state, attempts, lease, lease_until)
     SELECT id, channel, $2, 'sending', 1, $1, now() + interval '8 seconds' FROM identity ORDER BY id RETURNING id, identity_id`,
    [lease, JSON.stringify([say('Thank you')])],
  );
  return rows.map((row) => ({
    id: row.id,
    identityId: row.identity_id,
    channel: 'telegram',
    address: `chat-${row.identity_id}`,
    lease,
    messages: [say('Thank you')],
    pacedUntil: 0,
  }));
}

describe('a notice to many', () => {
  it('ends in exact states: one in ten blocked, one in a hundred told to slow down, one in fifty without an answer', async () => {
    const number = (address: string) => Number(address.slice(5));
    const channel = recordingChannel((address, call) => {
      if (number(address) % 10 === 0) return new SendError('blocked', 'bot was blocked by the user');
      if (number(address) % 100 === 1 && call === 1)
        return new SendError('slow_down', 'retry', { retryAfterSeconds: 0.01 });
      if (number(address) % 50 === 2) return new SendError('unknown_outcome', 'no answer');
      return null;
    });
    // Nothing of it is about time.
    database = await freshDatabase();
    await seedPeople(database, 1_000);
    const ids = await seedNotice(database, 'n');
    const deliverer = delivererFor(channel, systemClock, createSharedRateLimit(database.pool), systemPause);
    do {
      await makeDue();
      await deliverAll(deliverer, ids);
    } while ((await statesOf(database)).pending);
    expect(await statesOf(database)).toEqual({ sent: 880, failed: 100, uncertain: 20 });
    const calls = new Map<string, number>();
    for (const { address } of channel.calls) calls.set(address, (calls.get(address) ?? 0) + 1);
    for (const [address, count] of calls)
      expect([address, count]).toEqual([address, number(address) % 100 === 1 ? 2 : 1]);
    expect((await statusesIn(database.pool)).filter((status) => status === 'unreachable')).toHaveLength(100);
    expect(Math.max(...(await outcomes()).map(({ attempts }) => attempts))).toBe(1);
  });

  it('sends again once where the notice resends, then leaves it to a person', async () => {
    const channel = recordingChannel(() => new SendError('unknown_outcome', 'no answer'));
    await seedPeople(database, 5);
    const ids = await seedNotice(database, 'n', 'resend');
    const deliverer = delivererFor(channel);
    for (let round = 0; round < 4; round++) {
      await makeDue();
      await deliverAll(deliverer, ids);
    }
    expect(await statesOf(database)).toEqual({ uncertain: 5 });
    expect(channel.arrived).toHaveLength(10);
    expect((await outcomes()).map(({ doubts }) => doubts)).toEqual([2, 2, 2, 2, 2]);
  });

  it('follows a chat that has moved, in the same attempt', async () => {
    const channel = recordingChannel((address) =>
      address === 'chat-1' ? new SendError('moved', 'migrated', { address: 'chat-new' }) : null,
    );
    await seedPeople(database, 1);
    await deliverAll(delivererFor(channel), await seedNotice(database, 'n'));
    expect(channel.arrived).toEqual(['chat-new']);
    expect(await query('SELECT address FROM identity')).toEqual([{ address: 'chat-new' }]);
    expect(await statesOf(database)).toEqual({ sent: 1 });
  });

  it('gives its job back when what is left of it may go only much later: the sweep finds it', async () => {
    await seedPeople(database, 2);
    const ids = await seedNotice(database, 'n');
    const wait = (seconds: number) =>
      query('UPDATE delivery SET not_before = now() + make_interval(secs => $2) WHERE id = $1', [ids[0], seconds]);
    await wait(8);
    expect((await deliverAll(delivererFor(recordingChannel()), ids))[0]?.againInMs).toBeGreaterThan(5_000);
    await wait(3_600);
    expect((await deliverAll(delivererFor(recordingChannel()), ids))[0]?.againInMs).toBe(null);
  });

  it('gives up on a platform that stays away, after twelve tries with growing pauses', async () => {
    const channel = recordingChannel(() => new SendError('unavailable', '503'));
    await seedPeople(database, 1);
    const ids = await seedNotice(database, 'n');
    const deliverer = delivererFor(channel);
    const pauses: number[] = [];
    for (let round = 0; round < 13; round++) {
      await deliverAll(deliverer, ids);
      const left = await createDeliveries(database.pool, ['telegram', 'slack']).nextDue(ids);
      if (left !== null) pauses.push(left);
      await makeDue();
    }
    expect(channel.calls).toHaveLength(12);
    expect(pauses).toHaveLength(11);
    expect(pauses[6]).toBeGreaterThan(pauses[0]! * 8);
    expect(await outcomes()).toMatchObject([{ state: 'failed', reason: 'unavailable' }]);
  });

  it('stops the whole bot when two chats are told to slow down, and spends no attempts on it', async () => {
    let refusals = 0;
    const channel = recordingChannel(
      () => (++refusals ? new SendError('slow_down', 'retry', { retryAfterSeconds: 30 }) : null),
      { perSecond: 100 },
    );
    await seedPeople(database, 200);
    const ids = await seedNotice(database, 'n');
    const [left] = await deliverAll(delivererFor(channel), ids);
    expect(channel.calls.length).toBeLessThanOrEqual(10);
    expect(left?.againInMs).toBeGreaterThan(25_000);
    expect(await statesOf(database)).toEqual({ pending: 200 });
    expect(Math.max(...(await outcomes()).map(({ attempts }) => attempts))).toBe(0);
    expect(await createSharedRateLimit(database.pool).blocked(rateLimitKey('telegram'))).toBeGreaterThan(25_000);
  });

  it('goes on with the other chats when one alone is told to slow down', async () => {
    const channel = recordingChannel((address) =>
      address === 'chat-1' ? new SendError('slow_down', 'retry', { retryAfterSeconds: 30 }) : null,
    );
    await seedPeople(database, 50);
    await deliverAll(delivererFor(channel), await seedNotice(database, 'n'));
    expect(await statesOf(database)).toEqual({ sent: 49, pending: 1 });
  });

  it('begins a split message where it had broken off', async () => {
    const channel = recordingChannel((_, call) =>
      call === 1 ? new SendError('not_connected', 'refused', { partsDone: 2 }) : null,
    );
    await seedPeople(database, 1);
    const ids = await seedNotice(database, 'n');
    const deliverer = delivererFor(channel);
    await deliverAll(deliverer, ids);
    await makeDue();
    await deliverAll(deliverer, ids);
    expect(channel.calls.map((call) => call.fromPart)).toEqual([0, 2]);
    expect(await statesOf(database)).toEqual({ sent: 1 });
  });

  it('keeps within the rate from several slices at once', async () => {
    const at: number[] = [];
    const called = () => void at.push(time.clock());
    const channel = recordingChannel(() => called() ?? null, { perSecond: 200 });
    await seedPeople(database, 500);
    const ids = await seedNotice(database, 'n');
    await deliverAll(delivererFor(channel), ids);
    const busiest = Math.max(...at.map((start) => at.filter((time) => time >= start && time < start + 1000).length));
    expect(at).toHaveLength(500);
    expect(busiest).toBeLessThanOrEqual(200);
  });

  it('gives up in good order when it is told to stop', async () => {
    const channel = recordingChannel(() => null, { perSecond: 20 });
    await seedPeople(database, 100);
    const ids = await seedNotice(database, 'n');
    const stopping = new AbortController();
    const work = delivererFor(channel).deliver({ channel: 'telegram', ids }, stopping.signal);
    stopping.abort();
    expect(await work).toEqual({ againInMs: 0 });
    const states = await statesOf(database);
    expect(states.sending).toBeUndefined();
    expect((states.pending ?? 0) + (states.sent ?? 0)).toBe(100);
  });
});

describe('replies', () => {
  it('go at once on a quiet bot, whatever goes to many, and are counted afterwards', async () => {
    const charged = new Map<string, number>();
    let told = () => {};
    const both = new Promise<void>((resolve) => void (told = resolve));
    const rateLimit: SharedRateLimit = {
      ...createSharedRateLimit(database.pool),
      take: () => Promise.reject(new Error('A reply asked for leave.')),
      charge: async (key, count) => void (charged.set(key, count).size === 2 && told()),
    };
    const deliverer = delivererFor(
      recordingChannel(() => null, { perSecond: 30 }),
      time.clock,
      rateLimit,
    );
    await deliverer.sendClaimed(await claimedReplies(3));
    await both;
    const bulk = rateLimitKey('telegram');
    expect(Object.fromEntries(charged)).toEqual({ [bulk]: 3, [replyKey(bulk)]: 3 });
    expect(await statesOf(database)).toEqual({ sent: 3 });
  });

  it('wait in their place while the platform asks for patience, and need no sweep', async () => {
    const channel = recordingChannel((_, call) =>
      call === 1 ? new SendError('slow_down', 'retry', { retryAfterSeconds: 0.05 }) : null,
    );
    await delivererFor(channel).sendClaimed(await claimedReplies(5));
    expect(await statesOf(database)).toEqual({ sent: 5 });
  });

  it('of one person keep their order, and many of one person hold up nobody else', async () => {
    const channel = recordingChannel(() => null, { perSecond: 30 });
    const [first, other] = await claimedReplies(2);
    if (!first || !other) throw new Error('There are no replies.');
    const many = await repliesTo(first, 60);
    await delivererFor(channel).sendClaimed([...many, other]);
    const order = channel.calls.map(({ address }) => address);
    expect(order.indexOf(other.address)).toBeLessThanOrEqual(1);
    const texts = channel.calls
      .filter(({ address }) => address === first.address)
      .map(({ message }) => JSON.stringify(message));
    expect(texts).toEqual(many.map(({ messages }) => JSON.stringify(messages[0])));
  });

  it('that have to wait are given back when everything ends', async () => {
    const channel = recordingChannel(() => null, { perSecond: 1 });
    const deliverer = delivererFor(channel);
    const sending = deliverer.sendClaimed(await claimedReplies(50));
    await deliverer.stop();
    await sending;
    const states = await statesOf(database);
    expect(states.sending).toBeUndefined();
    expect((states.pending ?? 0) + (states.sent ?? 0)).toBe(50);
    expect(states.sent).toBe(channel.arrived.length);
  });

  it('without an answer are tried again further and further apart, and are then left in doubt', async () => {
    const channel = recordingChannel(() => new SendError('unknown_outcome', 'no answer'));
    const deliverer = delivererFor(channel);
    await deliverer.sendClaimed(await claimedReplies(1));
    const waits: number[] = [];
    for (let more = await pendingFor(); more !== null; more = await pendingFor()) {
      waits.push(more);
      await time.pause(1_000 * more);
      await deliverer.retryReplies((await outcomes()).map(({ id }) => id));
    }
    expect(waits).toHaveLength(3);
    expect(waits[1]).toBeGreaterThan(20);
    expect(waits[2]).toBeGreaterThan(85);
    expect(await statesOf(database)).toEqual({ uncertain: 1 });
  });

  /** A line on which for so long nothing arrives, and nobody says so. */
  function cutFor(seconds: number) {
    const [channel, back] = [recordingChannel(), time.clock() + 1_000 * seconds];
    const send: RecordingChannel['send'] = async (...call) => {
      if (time.clock() < back) throw new SendError('unknown_outcome', 'no answer');
      return channel.send(...call);
    };
    return { arrived: channel.arrived, channel: { ...channel, send } };
  }

  /** Sweeps whenever something is due, until nothing waits any more. */
  async function sweepAll(deliverer: ReturnType<typeof delivererFor>): Promise<void> {
    const { dueReplies } = createDeliveries(database.pool, ['telegram', 'slack']);
    for (let more = await pendingFor(); more !== null; more = await pendingFor()) {
      await time.pause(1_000 * more);
      await deliverer.retryReplies(await dueReplies(1_000));
    }
  }

  it('outlive a line that is silently cut for a minute: each arrives once it is back, and once', async () => {
    const { channel, arrived } = cutFor(60);
    const deliverer = delivererFor(channel);
    const replies = await claimedReplies(10);
    await deliverer.sendClaimed(replies);
    expect(await statesOf(database)).toEqual({ pending: 10 });
    await sweepAll(deliverer);
    expect(arrived.sort()).toEqual(replies.map(({ address }) => address).sort());
    expect(await statesOf(database)).toEqual({ sent: 10 });
    expect(await createUnsure(database.pool).countReplies()).toBe(0);
  });

  it('of which none arrives, since the line is cut for longer, are counted by doctor, and listed', async () => {
    const deliverer = delivererFor(cutFor(3_600).channel);
    await deliverer.sendClaimed(await claimedReplies(10));
    await sweepAll(deliverer);
    const env = { DATABASE_URL: database.url };
    expect((await command(['doctor'], env)).out).toContain('10 replies of the last week may not have arrived');
    const listed = JSON.parse((await command(['notices', 'uncertain', '--json'], env)).out);
    expect(listed).toHaveLength(10);
  });

  it('that fail in a way that no channel declares are in doubt, not failed', async () => {
    const channel = { ...recordingChannel(), send: () => Promise.reject(new TypeError('of the test')) };
    await seedPeople(database, 1);
    const ids = await seedNotice(database, 'n');
    await delivererFor(channel).deliver({ channel: 'telegram', ids });
    expect(await outcomes()).toMatchObject([{ state: 'uncertain', reason: 'unknown_outcome' }]);
  });

  it('that the platform could not take are taken up by the sweep', async () => {
    const channel = recordingChannel((_, call) => (call === 1 ? new SendError('unavailable', '502') : null));
    const deliverer = delivererFor(channel);
    await deliverer.sendClaimed(await claimedReplies(3));
    expect(await statesOf(database)).toEqual({ pending: 3 });
    await makeDue();
    const deliveries = createDeliveries(database.pool, ['telegram', 'slack']);
    let retried: Promise<void> | undefined;
    const queue = {
      deliver: () => undefined,
      retryReplies: (ids: string[]) => void (retried = deliverer.retryReplies(ids)),
    };
    await sweep({ deliveries, notices: createNotices(database.pool), queue, approvalAbove: 1_000_000, log: silentLog });
    await retried;
    expect(await statesOf(database)).toEqual({ sent: 3 });
  });
});

it('sends nothing more of what it held when it was frozen past its lease: somebody else may have', async () => {
  await seedPeople(database, 3);
  const ids = await seedNotice(database, 'n');
  let frozenMs = 0;
  const channel = recordingChannel(
    () => {
      frozenMs = 10_000;
      return null;
    },
    { perSecond: 50 },
  );
  const deliverer = delivererFor(channel, () => time.clock() + frozenMs);
  expect(await deliverer.deliver({ channel: 'telegram', ids: ids.slice(0, 2) })).toEqual({ againInMs: 0 });
  expect(channel.arrived).toEqual(['chat-1']);
  expect((await outcomes()).slice(0, 2)).toMatchObject([
    { state: 'sent', attempts: 1 },
    { state: 'pending', attempts: 0 },
  ]);
});

it('gives rows back when the notice cannot be rendered', async () => {
  await seedPeople(database, 3);
  const ids = await seedNotice(database, 'n');
  const deliverer = createDeliverer({
    isOutage,
    deliveries: createDeliveries(database.pool, ['telegram', 'slack']),
    rateLimit: createSharedRateLimit(database.pool),
    channels: new Map([['telegram', recordingChannel()]]),
    render: () => Promise.reject(new Error('no such text')),
    clock: time.clock,
    pause: time.pause,
    ids: systemIds,
    log: silentLog,
  });
  await expect(deliverer.deliver({ channel: 'telegram', ids })).rejects.toThrow('no such text');
  const given = { state: 'pending', attempts: 0, isLeased: false };
  expect(await outcomes()).toMatchObject([given, given, given]);
});

it('uses up nothing of the rate for a notice that was cancelled', async () => {
  await seedPeople(database, 200);
  const ids = await seedNotice(database, 'n');
  await createNotices(database.pool).change('n', 'cancel', null);
  let taken = 0;
  const rateLimit = createSharedRateLimit(database.pool);
  const counting: SharedRateLimit = {
    ...rateLimit,
    take: (...asked) => rateLimit.take(...asked).finally(() => taken++),
  };
  await deliverAll(delivererFor(recordingChannel(), time.clock, counting), ids);
  expect(taken).toBe(0);
});

it('sweeps a finished notice to done, and a dead process’s deliveries back into slices', async () => {
  await seedPeople(database, 150);
  const ids = await seedNotice(database, 'n', 'resend');
  const deliveries = createDeliveries(database.pool, ['telegram', 'slack']);
  const notices = createNotices(database.pool);
  await deliveries.claim(ids.slice(0, 40), randomUUID(), 1);
  await time.pause(10_000);
  const deliverer = delivererFor(recordingChannel());
  const work: Promise<unknown>[] = [];
  const deliver = (slices: Slice[]) => void work.push(...slices.map((slice) => deliverer.deliver(slice)));
  await sweep({
    deliveries,
    notices,
    queue: { deliver, retryReplies: () => undefined },
    approvalAbove: 1_000_000,
    log: silentLog,
  });
  await Promise.all(work);
  await notices.finish();
  expect(await notices.status('n')).toMatchObject({
    id: 'n',
    state: 'done',
    recipients: 150,
    sent: 150,
    failed: 0,
    skipped: 0,
    uncertain: 0,
  });
  expect((await outcomes()).filter(({ doubts }) => doubts > 0)).toHaveLength(40);
});
