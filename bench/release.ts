import { createPostgresBackend, type Job, withBackend } from 'bullmq';
import { atTerminal } from '../src/people/actor.ts';
import type { Database } from '../src/store/database.ts';
import { seedPeople, withServer } from './ground.ts';
import { atLeast, interleaved, type Measure, scaled, seconds } from './measure.ts';
import { sinkChannel } from './ours.ts';
import { counter, createSending } from './outbound.ts';

const RECIPIENTS = scaled(10_000, 100);
const ROUNDS = 3;
/** Jobs that the baseline's worker runs at once: enough to keep its 16 connections busy. */
const AT_ONCE = 50;
const WORDS = 'The public consultation begins on Monday.';

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
  const { deliverer, queue, notices } = await createSending(db, sinkChannel(arrived.count));
  await queue.start();
  const { id } = await notices.create(atTerminal(), {
    kind: 'announcement',
    texts: { en: WORDS },
    audience: 'everyone',
  });
  const took = await seconds(async () => {
    await notices.schedule(atTerminal(), id);
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
