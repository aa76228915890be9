import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDeliverer } from '../../src/app/deliver.ts';
import { createRounds } from '../../src/app/rounds.ts';
import { startNotice, sweep } from '../../src/app/sweep.ts';
import type { ChannelName } from '../../src/domain/channel.ts';
import { systemClock, systemIds } from '../../src/domain/clock.ts';
import { silentLog } from '../../src/domain/log.ts';
import { say } from '../../src/domain/message.ts';
import { BLANK_NOTICE } from '../../src/domain/notice.ts';
import type { Queue } from '../../src/domain/ports.ts';
import type { Handlers } from '../../src/queue/jobs/list.ts';
import { createQueue } from '../../src/queue/queue.ts';
import { type Database, isOutage } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createGate } from '../../src/store/gate.ts';
import { createNotices } from '../../src/store/notices.ts';
import { freshDatabase } from '../support/database.ts';
import { type RecordingChannel, recordingChannel, seedNotice, seedPeople, statesOf } from '../support/outbound.ts';
import { ownServer } from '../support/ownServer.ts';
import { manyOf } from '../support/people.ts';
import { hasRedis, onRedis, ownRedis } from '../support/redis.ts';

const CHANNELS: ChannelName[] = ['telegram'];
const soon = { timeout: 20_000, interval: 50 };

const nothing: Handlers = {
  deliver: async () => undefined,
  retryReplies: async () => undefined,
  revise: async () => undefined,
  startNotice: async () => undefined,
};

function open(database: Database, handlers: Handlers | null, more: { redisUrl?: string } = {}): Queue {
  const queue = createQueue({ databaseUrl: database.url, channels: CHANNELS, ...more }, handlers, {
    log: silentLog,
    isOutage,
  });
  onTestFinished(() => queue.stop());
  return queue;
}

/** A worker as `main` wires it. */
function worker(database: Database, channel: RecordingChannel, more: { redisUrl?: string } = {}): Queue {
  const deliveries = createDeliveries(database.pool);
  const gate = createGate(database.pool);
  const deliverer = createDeliverer({
    deliveries,
    gate,
    channels: new Map([[channel.name, channel]]),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    render: async (rows) => new Map(rows.map((row) => [row.id, [say('Hello')]])),
  });
  const parts = () => ({
    deliveries,
    notices: createNotices(database.pool),
    queue,
    approvalAbove: 1_000_000,
    log: silentLog,
  });
  const jobs = open(
    database,
    {
      deliver: (slice, signal) => deliverer.deliver(slice, signal),
      retryReplies: async ({ ids }) => void (await deliverer.retryReplies(ids)),
      startNotice: async ({ notice }) => void (await startNotice(notice, parts())),
      revise: async () => undefined,
    },
    more,
  );
  const work = () => sweep(parts());
  const rounds = createRounds([{ name: 'sweep', everyMs: 500, work }], { gate, isOutage, log: silentLog });
  onTestFinished(() => rounds.stop());
  const queue: Queue = { ...jobs, start: () => jobs.start().then(rounds.start) };
  return queue;
}

describe('on the database', () => {
  it('starts and stops as often as one likes, and stops at once when idle', async () => {
    const queue = open(await freshDatabase(), nothing);
    await Promise.all([queue.start(), queue.start()]);
    const began = Date.now();
    await Promise.all([queue.stop(), queue.stop()]);
    await queue.stop();
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('makes one job of the same slice added twice, and brings it back when it is not over', async () => {
    const database = await freshDatabase();
    const seen: string[][] = [];
    const deliver: Handlers['deliver'] = async ({ ids }) => {
      seen.push(ids);
      return { againInMs: seen.length === 1 ? 10 : null };
    };
    const adding = open(database, null);
    const slice = { notice: 'n:1', channel: 'telegram' as const, slice: '0', ids: ['1', '2'] };
    await adding.start();
    adding.deliver([slice]);
    adding.deliver([slice]);
    await open(database, { ...nothing, deliver }).start();
    await vi.waitFor(() => expect(seen).toHaveLength(2), soon);
    // Until the job before has ended, it is still the same.
    await vi.waitFor(async () => {
      adding.deliver([slice]);
      expect(seen.length).toBeGreaterThan(2);
    }, soon);
  });

  it('tells jobs under way to give up, and waits for them', async () => {
    const database = await freshDatabase();
    let state = 'not begun';
    const deliver: Handlers['deliver'] = (_, signal) =>
      new Promise((resolve) => {
        state = 'begun';
        signal.addEventListener('abort', () => {
          state = 'given up';
          resolve({ againInMs: 0 });
        });
      });
    const queue = open(database, { ...nothing, deliver });
    await queue.start();
    queue.deliver([{ notice: 'n', channel: 'telegram', slice: '0', ids: ['1'] }]);
    await vi.waitFor(() => expect(state).toBe('begun'), soon);
    await queue.stop();
    expect(state).toBe('given up');
  });

  it('sends a notice when its moment comes, once, with two workers', async () => {
    const database = await freshDatabase();
    const channel = recordingChannel();
    await seedPeople(database, 250);
    const notices = createNotices(database.pool);
    const at = new Date();
    await notices.create(
      { ...BLANK_NOTICE, id: 'n', kind: 'announcement', texts: 'Hello', state: 'scheduled', at },
      at,
    );
    const first = worker(database, channel);
    await Promise.all([first.start(), worker(database, channel).start()]);
    first.startNotice('n', 0);
    await vi.waitFor(async () => expect((await notices.status('n'))?.state).toBe('done'), soon);
    expect(await notices.status('n')).toMatchObject({ recipients: 250, sent: 250 });
    expect(new Set(channel.arrived).size).toBe(250);
    expect(channel.arrived).toHaveLength(250);
  });

  it('loses nothing when its tables are emptied in the middle', async () => {
    const database = await freshDatabase();
    const channel = recordingChannel(() => null, { perSecond: 300 });
    await seedPeople(database, 800);
    await seedNotice(database, 'n', 'resend');
    await worker(database, channel).start();
    await vi.waitFor(() => expect(channel.arrived.length).toBeGreaterThan(100), soon);
    const { rows } = await database.pool.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'",
    );
    await database.pool.query(`TRUNCATE ${rows.map((row) => `bullmq.${row.tablename}`).join(', ')} CASCADE`);
    await vi.waitFor(async () => expect(await statesOf(database)).toEqual({ sent: 800 }), soon);
    expect(new Set(channel.arrived).size).toBe(800);
    expect(channel.arrived).toHaveLength(800);
  });
});

it('asks a database that is starting up a few times a second only, and goes on when it is up', async () => {
  const server = await ownServer();
  let done = 0;
  const deliver: Handlers['deliver'] = async () => ({ againInMs: (done += 1) && 50 });
  const queue = createQueue(
    { databaseUrl: await server.database('here'), channels: CHANNELS },
    { ...nothing, deliver },
    { log: silentLog, isOutage },
  );
  onTestFinished(() => queue.stop());
  await queue.start();
  queue.deliver(manyOf(20, (n) => ({ notice: 'n', channel: 'telegram', slice: String(n), ids: ['1'] })));
  await vi.waitFor(() => expect(done).toBeGreaterThan(20), soon);
  await server.stop('immediate');
  const starting = await startingUp(server.port);
  await vi.waitFor(() => expect(starting.forMs()).toBeGreaterThan(2_000), soon);
  expect(starting.asked()).toBeGreaterThan(0);
  expect(starting.asked()).toBeLessThan(100);
  await starting.close();
  await server.start();
  const before = done;
  await vi.waitFor(() => expect(done).toBeGreaterThan(before), soon);
});

/** Answers as PostgreSQL does while it recovers: 57P03. */
async function startingUp(port: number) {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
  const answer = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), fields]);
  answer.writeInt32BE(fields.length + 4, 1);
  let asked = 0;
  const server = createServer((socket) => {
    asked += 1;
    socket.on('error', () => undefined).once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const since = Date.now();
  return {
    asked: () => asked,
    forMs: () => Date.now() - since,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe.skipIf(!hasRedis)(onRedis, () => {
  it('does the same', async () => {
    const redisUrl = await ownRedis();
    const database = await freshDatabase();
    const channel = recordingChannel();
    await seedPeople(database, 300);
    await seedNotice(database, 'n');
    await worker(database, channel, { redisUrl }).start();
    await vi.waitFor(async () => expect(await statesOf(database)).toEqual({ sent: 300 }), soon);
    expect(channel.arrived).toHaveLength(300);
  });
});
