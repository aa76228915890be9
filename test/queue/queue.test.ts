import { connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChannelName } from '../../src/core/channelName.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { createDeliverer } from '../../src/delivery/deliver.ts';
import { createRounds } from '../../src/delivery/rounds.ts';
import { startNotice, sweep } from '../../src/delivery/sweep.ts';
import { BLANK_NOTICE } from '../../src/notices/notice.ts';
import type { Queue } from '../../src/notices/queue.ts';
import type { Handlers } from '../../src/queue/jobs/list.ts';
import { createQueue } from '../../src/queue/queue.ts';
import { type Database, isOutage } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { freshDatabase } from '../support/database.ts';
import { type RecordingChannel, recordingChannel, seedNotice, seedPeople, statesOf } from '../support/outbound.ts';
import { ownServer } from '../support/ownServer.ts';
import { manyOf } from '../support/people.ts';
import { hasRedis, onRedis, ownRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';

const CHANNELS: ChannelName[] = ['telegram'];

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
  const deliveries = createDeliveries(database.pool, ['telegram', 'slack']);
  const rateLimit = createSharedRateLimit(database.pool);
  const deliverer = createDeliverer({
    isOutage,
    deliveries,
    rateLimit,
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
  const rounds = createRounds([{ name: 'sweep', everyMs: 500, work }], { rateLimit, isOutage, log: silentLog });
  onTestFinished(() => rounds.stop());
  const queue: Queue = { ...jobs, start: () => jobs.start().then(rounds.start) };
  return queue;
}

describe('on the database', () => {
  it('starts and stops as often as one likes, and waits for nothing when it is idle', async () => {
    const { url: databaseUrl } = await freshDatabase();
    const forEver = () => new Promise<void>(() => undefined);
    const parts = { log: silentLog, isOutage, pause: forEver };
    const queue = createQueue({ databaseUrl, channels: CHANNELS }, nothing, parts);
    await Promise.all([queue.start(), queue.start()]);
    await Promise.all([queue.stop(), queue.stop()]);
    await queue.stop();
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
    await until('the job has come back', () => seen.length >= 2);
    expect(seen).toHaveLength(2);
    // Until the job before has ended, it is still the same.
    await until('it is made again', () => {
      adding.deliver([slice]);
      return seen.length > 2;
    });
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
    await until('the job has begun', () => state === 'begun');
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
    await until('the notice is done', async () => (await notices.status('n'))?.state === 'done');
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
    await until('it is in the middle', () => channel.arrived.length > 100);
    const { rows } = await database.pool.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'",
    );
    await database.pool.query(`TRUNCATE ${rows.map((row) => `bullmq.${row.tablename}`).join(', ')} CASCADE`);
    await until('all are sent', async () => (await statesOf(database)).sent === 800);
    expect(new Set(channel.arrived).size).toBe(800);
    expect(channel.arrived).toHaveLength(800);
  });
});

it('asks a database that is starting up now and then only, and goes on when it is up', async () => {
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
  await until('each job has had its turn', () => done > 20);
  await server.stop('immediate');
  const starting = await startingUp(server.port);
  await until('the queue has asked again and again', () => starting.asked() >= 10);
  const before = starting.asked();
  for (let n = 0; n < OFTEN; n++) await starting.ask();
  expect(starting.asked() - before - OFTEN).toBeLessThan(OFTEN / 3);
  await starting.close();
  await server.start();
  const doneBefore = done;
  await until('the jobs go on', () => done > doneBefore);
});

/** So often somebody asks who asks without a pause: the queue asks far more seldom in that time, however long it is. */
const OFTEN = 300;

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
  return {
    asked: () => asked,
    ask: () => new Promise((resolve) => connect(port, '127.0.0.1').once('close', resolve).resume().write('?')),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Slices of an announcement and, last, of something critical, in the order in which a worker takes them up. */
async function takenUp(redisUrl?: string): Promise<string[]> {
  const database = await freshDatabase();
  const taken: string[] = [];
  const deliver: Handlers['deliver'] = async ({ slice }) => void taken.push(slice);
  const adding = open(database, null, { redisUrl });
  await adding.start();
  adding.deliver(manyOf(40, (n) => ({ notice: 'n', channel: 'telegram', slice: String(n), ids: ['1'] })));
  adding.deliver([{ notice: 'c', channel: 'telegram', slice: 'critical', critical: true, ids: ['1'] }]);
  await adding.stop();
  await open(database, { ...nothing, deliver }, { redisUrl }).start();
  await until('every slice is taken up', () => taken.length === 41);
  return taken;
}

/** A worker takes up so many at once. */
const AT_ONCE = 8;

it('takes up what is critical before what waited longer', async () => {
  expect((await takenUp()).indexOf('critical')).toBeLessThan(AT_ONCE);
});

describe.skipIf(!hasRedis)(onRedis, () => {
  it('takes up what is critical before what waited longer', async () => {
    expect((await takenUp(await ownRedis())).indexOf('critical')).toBeLessThan(AT_ONCE);
  });

  it('does the same', async () => {
    const redisUrl = await ownRedis();
    const database = await freshDatabase();
    const channel = recordingChannel();
    await seedPeople(database, 300);
    await seedNotice(database, 'n');
    await worker(database, channel, { redisUrl }).start();
    await until('all are sent', async () => (await statesOf(database)).sent === 300);
    expect(channel.arrived).toHaveLength(300);
  });
});
