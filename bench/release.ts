import { createPostgresBackend, type Job, withBackend } from 'bullmq';
import { createAnnouncer, renderNotices } from '../src/app/announce.ts';
import { createDeliverer } from '../src/app/deliver.ts';
import { startNotice, sweep } from '../src/app/sweep.ts';
import type { Channel } from '../src/domain/channel.ts';
import { systemClock, systemIds } from '../src/domain/clock.ts';
import { silentLog } from '../src/domain/log.ts';
import { createQueue } from '../src/queue/queue.ts';
import type { Database } from '../src/store/database.ts';
import { createDeliveries } from '../src/store/deliveries.ts';
import { createGate } from '../src/store/gate.ts';
import { createNotices } from '../src/store/notices.ts';
import { seedPeople, withServer } from './ground.ts';
import { atLeast, interleaved, type Measure, scaled, seconds } from './measure.ts';
import { sinkChannel } from './ours.ts';

const RECIPIENTS = scaled(10_000, 100);
const ROUNDS = 3;
/** Jobs that one worker of the baseline runs at once: more than its 16 connections gained nothing. */
const AT_ONCE = 50;
const WORDS = 'The public consultation begins on Monday.';

/** The outbound way as `src/main.ts` wires it, on any channel. */
export function createOutbound(db: Database, channel: Channel) {
  const [deliveries, notices] = [createDeliveries(db.pool), createNotices(db.pool)];
  const rendering = { notices, secret: 'of-the-benchmark', languages: ['en'] };
  const deliverer = createDeliverer({
    deliveries,
    gate: createGate(db.pool),
    channels: new Map([['telegram', channel]]),
    render: (rows) => renderNotices(rows, rendering),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
  });
  const queue = createQueue(
    { databaseUrl: db.url, channels: ['telegram'] },
    {
      deliver: deliverer.deliver,
      retryReplies: async ({ ids }) => void (await deliverer.retryReplies(ids)),
      startNotice: async ({ notice }) => void (await startNotice(notice, parts)),
      sweep: async () => void (await sweep(parts)),
    },
    { log: silentLog },
  );
  const parts = { deliveries, notices, queue, log: silentLog };
  const announcer = createAnnouncer({ notices, queue, clock: systemClock, ids: systemIds, holdSeconds: 0 });
  return { deliverer, queue, announcer };
}

/** Resolves at the `count`-th call. */
export function counter(count: number) {
  let calls = 0;
  let resolve = () => {};
  const reached = new Promise<void>((done) => void (resolve = done));
  return { reached, count: () => void (++calls === count && resolve()) };
}

async function expectSent({ pool }: Database): Promise<void> {
  const { rows } = await pool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM delivery WHERE state = 'sent'",
  );
  if (rows[0]?.count !== RECIPIENTS) throw new Error(`Of ${RECIPIENTS} recipients ${rows[0]?.count} count as sent.`);
}

/** From the moment of scheduling to the last outcome written: snapshot, jobs, claims, messages, outcomes. */
async function ours(db: Database): Promise<number> {
  await seedPeople(db, RECIPIENTS);
  const arrived = counter(RECIPIENTS);
  const { deliverer, queue, announcer } = createOutbound(db, sinkChannel(arrived.count));
  await queue.start();
  const { id } = await announcer.create({ kind: 'announcement', texts: { en: WORDS }, audience: 'everyone' });
  const took = await seconds(async () => {
    await announcer.schedule(id);
    await arrived.reached;
    await deliverer.idle();
  });
  await queue.stop();
  await expectSent(db);
  return RECIPIENTS / took;
}

const SNAPSHOT = `
  INSERT INTO delivery (notice_id, identity_id, channel) SELECT 'baseline', id, channel FROM identity RETURNING id`;
const FETCH = {
  name: 'fetch',
  text: 'SELECT d.id, i.address, i.language FROM delivery d JOIN identity i ON i.id = d.identity_id WHERE d.id = $1',
};
const DONE = { name: 'done', text: `UPDATE delivery SET state = 'sent', settled_at = now(), refs = $2 WHERE id = $1` };

/** BullMQ as its documentation shows it: a job for each recipient, which is fetched, sent to and marked. */
async function oneJobEach(db: Database): Promise<number> {
  await seedPeople(db, RECIPIENTS);
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = { connectionString: db.url, max: 16, migrate: true };
  const [channel, done] = [sinkChannel(), counter(RECIPIENTS)];
  const queue = new Queue('baseline', { connection });
  await queue.waitUntilReady();
  const work = async (job: Job<{ id: string }>) => {
    const { rows } = await db.pool.query<{ address: string }>({ ...FETCH, values: [job.data.id] });
    const refs = await channel.send(rows[0]?.address ?? '', { blocks: [{ kind: 'text', text: WORDS }] });
    await db.pool.query({ ...DONE, values: [job.data.id, JSON.stringify(refs)] });
    done.count();
  };
  const worker = new Worker('baseline', work, { connection, concurrency: AT_ONCE });
  await worker.waitUntilReady();
  const took = await seconds(async () => {
    const { rows } = await db.pool.query<{ id: string }>(SNAPSHOT);
    const options = { removeOnComplete: true };
    await queue.addBulk(rows.map(({ id }) => ({ name: 'send', data: { id }, opts: options })));
    await done.reached;
  });
  await worker.close();
  await queue.close();
  await expectSent(db);
  return RECIPIENTS / took;
}

/** Recipients a second to a sink without delay, against BullMQ on the same backend with one job a recipient. */
export const release: Measure = {
  name: 'release',
  run: () =>
    withServer(async (fresh) => {
      const rates = await interleaved(
        ROUNDS,
        () => fresh(ours),
        () => fresh(oneJobEach),
      );
      return [atLeast('release', rates.ours, rates.baseline, 1.5)];
    }),
};
