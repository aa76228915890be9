import { DelayedError, type Job } from 'bullmq';
import type { ChannelName } from '../domain/channel.ts';
import type { Log } from '../domain/log.ts';
import type { Queue } from '../domain/ports.ts';
import { type Backend, type JobQueue, type JobWorker, postgresBackend, redisBackend } from './backend.ts';
import type { Lane } from './jobs/job.ts';
import { type Handlers, JOBS, type JobData, type JobKey } from './jobs/list.ts';

export interface QueueOptions {
  /** Unset: BullMQ on the database itself. */
  redisUrl?: string | null;
  databaseUrl: string;
  /** Channels that this process serves; each has a lane of its own. */
  channels: readonly ChannelName[];
  sweepEveryMs?: number;
}

const SWEEP_EVERY_MS = 3_000;
const HOUR_MS = 3_600_000;
const DRAIN_MS = 9_000;
const BULK_AT_ONCE = 8;
const PROMPT_AT_ONCE = 4;

/** A dead worker's jobs go on after about four seconds; no number of crashes makes a job fail for good. */
const TUNING = { lockDuration: 3_000, stalledInterval: 2_000, maxStalledCount: 1_000, drainDelay: 2 };
const FAILED_KEPT = { age: 1, count: 100 };

/**
 * The queue on Redis or on the database, by the same code. Without handlers it only adds.
 * Jobs carry ids, never texts; whatever is lost with the queue, the sweep adds again.
 */
export function createQueue(options: QueueOptions, handlers: Handlers | null, { log }: { log: Log }): Queue {
  const stopping = new AbortController();
  const queues = new Map<Lane, JobQueue>();
  let workers: JobWorker[] = [];
  let backend: Backend | null = null;
  let timer: NodeJS.Timeout | null = null;
  let starting: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;

  const trouble = (where: string) => (error: Error) => {
    if (!stopping.signal.aborted) log.warn('The queue reports trouble', { where }, error);
  };

  function queueFor(lane: Lane): JobQueue {
    const found = queues.get(lane);
    if (found) return found;
    backend ??= options.redisUrl ? redisBackend(options.redisUrl) : postgresBackend(options.databaseUrl);
    const queue = backend.queue(queueName(lane));
    queue.on('error', trouble(lane));
    queues.set(lane, queue);
    return queue;
  }

  async function open(): Promise<void> {
    // One after the other: the first makes the tables of the queue.
    for (const lane of ['prompt', ...options.channels] as const) await queueFor(lane).waitUntilReady();
    if (!handlers) return;
    workers = (['prompt', ...options.channels] as const).map((lane) => workerFor(lane, handlers));
    timer = setInterval(tick, options.sweepEveryMs ?? SWEEP_EVERY_MS);
    tick();
  }

  function workerFor(lane: Lane, work: Handlers): JobWorker {
    const concurrency = lane === 'prompt' ? PROMPT_AT_ONCE : BULK_AT_ONCE;
    const run = (job: Job, token?: string) => runJob(job, token, work, stopping.signal);
    const worker = (backend as Backend).worker(queueName(lane), run, { ...TUNING, concurrency });
    worker.on('error', trouble(lane));
    worker.on('failed', (job, error) =>
      log.error('A job failed; the sweep makes it anew', { lane, job: job?.id }, error),
    );
    return worker;
  }

  function tick(): void {
    const moment = Math.floor(Date.now() / (options.sweepEveryMs ?? SWEEP_EVERY_MS));
    add('sweep', [{ moment }]).catch(trouble('prompt'));
    add('tidy', [{ hour: Math.floor(Date.now() / HOUR_MS) }]).catch(trouble('prompt'));
  }

  async function add<Key extends JobKey>(key: Key, list: JobData<Key>[], delayMs = 0): Promise<void> {
    for (const lane of new Set(list.map((data) => laneOf(key, data)))) {
      const group = list.filter((data) => laneOf(key, data) === lane);
      await queueFor(lane).addBulk(
        group.map((data) => ({ name: JOBS[key].name, data, opts: jobOptions(key, data, delayMs) })),
      );
    }
  }

  async function close(): Promise<void> {
    stopping.abort();
    await starting?.catch(() => undefined);
    if (timer) clearInterval(timer);
    const forced = setTimeout(() => Promise.all(workers.map((worker) => worker.close(true))), DRAIN_MS);
    await Promise.race([Promise.all(workers.map((worker) => worker.close())), after(DRAIN_MS + 500)]);
    clearTimeout(forced);
    await Promise.all([...queues.values()].map((queue) => queue.close()));
    await backend?.close();
  }

  return {
    start: () => (starting ??= open()),
    stop: () => (stopped ??= close()),
    startNotice: (notice, delayMs) => add('startNotice', [{ notice }], delayMs),
    deliver: (slices) => add('deliver', slices),
    retryReplies: (ids) =>
      add(
        'retryReplies',
        chunks(ids, 100).map((chunk) => ({ ids: chunk })),
      ),
  };
}

const queueName = (lane: Lane) => `hearback-${lane}`;

/** The definitions are generic in their data; here, where key and data go together, the compiler is told so. */
const definition = <Key extends JobKey>(key: Key) =>
  JOBS[key] as unknown as { lane(data: JobData<Key>): Lane; id(data: JobData<Key>): string; keepSeconds: number };

const laneOf = <Key extends JobKey>(key: Key, data: JobData<Key>): Lane => definition(key).lane(data);

function jobOptions<Key extends JobKey>(key: Key, data: JobData<Key>, delay: number) {
  const { id, keepSeconds } = definition(key);
  const removeOnComplete = keepSeconds === 0 ? true : { age: keepSeconds, count: 100 };
  return { jobId: id(data), delay, removeOnComplete, removeOnFail: keepSeconds === 0 ? true : FAILED_KEPT };
}

const KEY_OF = new Map(Object.entries(JOBS).map(([key, job]) => [job.name as string, key as JobKey]));

async function runJob(job: Job, token: string | undefined, handlers: Handlers, signal: AbortSignal): Promise<void> {
  const key = KEY_OF.get(job.name);
  if (!key) throw new Error(`No job is called "${job.name}".`);
  const handle = handlers[key] as (
    data: unknown,
    signal: AbortSignal,
  ) => Promise<{ againInMs: number | null } | undefined>;
  const result = await handle(JOBS[key].schema.parse(job.data), signal);
  const again = result?.againInMs ?? null;
  if (again === null) return;
  await job.moveToDelayed(Date.now() + Math.ceil(again), token);
  throw new DelayedError();
}

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());

function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
