import { DelayedError, type Job } from 'bullmq';
import type { ChannelName } from '../domain/channel.ts';
import { createTrouble, type Log } from '../domain/log.ts';
import type { Queue } from '../domain/ports.ts';
import { type Backend, type JobQueue, type JobWorker, postgresBackend, reachRedis, redisBackend } from './backend.ts';
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

export interface QueueParts {
  log: Log;
  /** Whether a job that threw this may be tried again in a moment. */
  isOutage: (error: unknown) => boolean;
}

const SWEEP_EVERY_MS = 3_000;
const HOUR_MS = 3_600_000;
const DRAIN_MS = 8_000;
/** Longer than a worker that stops still looks for jobs: what it gives up is for others. */
const LEAVE_MS = 200;
const BULK_AT_ONCE = 8;
const PROMPT_AT_ONCE = 4;

/** A dead worker's jobs go on after about four seconds; no number of crashes makes a job fail for good. */
const TUNING = {
  lockDuration: 3_000,
  stalledInterval: 2_000,
  maxStalledCount: 1_000,
  drainDelay: 2,
  runRetryDelay: 1_000,
};
/** PostgreSQL: no such table, schema, function, type. */
const TABLES_GONE = ['42P01', '3F000', '42883', '42704'];
/** While the database is away its jobs come back so often; with Redis, the queue itself goes on. */
const OUTAGE_PAUSE_MS = 1_000;
const FAILED_KEPT = { age: 1, count: 100 };

/**
 * The queue on Redis or on the database, by the same code. Without handlers it only adds.
 * Jobs carry ids, never texts; whatever is lost with the queue, the sweep adds again.
 */
export function createQueue(options: QueueOptions, handlers: Handlers | null, { log, isOutage }: QueueParts): Queue {
  const stopping = new AbortController();
  const queues = new Map<Lane, JobQueue>();
  let workers: JobWorker[] = [];
  let backend: Backend | null = null;
  let timer: NodeJS.Timeout | null = null;
  let starting: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;
  let prepared: Promise<Backend> | null = null;
  let remaking: Promise<void> | null = null;
  const resting = new Set<JobWorker>();

  const trouble = createTrouble(log, { begins: 'The queue is in trouble', ends: 'The queue works again' });
  const report = (lane: Lane) => (error: unknown) => {
    if (stopping.signal.aborted) return;
    trouble.met(error, { lane });
    if (areTablesGone(error)) remaking ??= remake().finally(() => (remaking = null));
  };

  /** Somebody has taken the queue's tables away; made anew, the sweep fills them. */
  async function remake(): Promise<void> {
    prepared = null;
    await prepare().catch((error) => log.warn('The tables of the queue could not be made anew', {}, error));
  }

  function prepare(): Promise<Backend> {
    prepared ??= made().catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return prepared;
  }

  async function made(): Promise<Backend> {
    backend ??= options.redisUrl ? redisBackend(options.redisUrl) : postgresBackend(options.databaseUrl);
    await backend.prepare();
    return backend;
  }

  /** BullMQ waits after a refused connection only; a database that is starting up it would ask without a pause. */
  function rest(worker: JobWorker): void {
    if (resting.has(worker) || options.redisUrl) return;
    resting.add(worker);
    worker.pause(true).catch(report('prompt'));
    const wake = () => {
      resting.delete(worker);
      if (!stopping.signal.aborted) void worker.resume();
    };
    setTimeout(wake, OUTAGE_PAUSE_MS).unref();
  }

  async function queueFor(lane: Lane): Promise<JobQueue> {
    const made = await prepare();
    const queue = queues.get(lane) ?? made.queue(queueName(lane));
    if (!queues.has(lane)) queue.on('error', report(lane));
    queues.set(lane, queue);
    return queue;
  }

  async function open(): Promise<void> {
    if (options.redisUrl) await reachRedis(options.redisUrl);
    for (const lane of ['prompt', ...options.channels] as const) await (await queueFor(lane)).waitUntilReady();
    if (!handlers) return;
    workers = (['prompt', ...options.channels] as const).map((lane) => workerFor(lane, handlers));
    timer = setInterval(tick, options.sweepEveryMs ?? SWEEP_EVERY_MS);
    tick();
  }

  function workerFor(lane: Lane, work: Handlers): JobWorker {
    const concurrency = lane === 'prompt' ? PROMPT_AT_ONCE : BULK_AT_ONCE;
    const run = async (job: Job, token?: string) => {
      const again = stopping.signal.aborted ? 0 : await handled(lane, job, work);
      if (again !== null) await comeBack(job, token, stopping.signal.aborted ? Math.max(again, LEAVE_MS) : again);
    };
    const worker = (backend as Backend).worker(queueName(lane), run, { ...TUNING, concurrency });
    worker.on('error', (error) => {
      report(lane)(error);
      if (isOutage(error) || areTablesGone(error)) rest(worker);
    });
    worker.on('failed', (job, error) => {
      if (isOutage(error)) report(lane)(error);
      else log.error('A job failed; the sweep makes it anew', { lane, job: job?.id }, error);
    });
    return worker;
  }

  async function handled(lane: Lane, job: Job, work: Handlers): Promise<number | null> {
    try {
      return await handle(job, work, stopping.signal);
    } catch (error) {
      if (!isOutage(error)) throw error;
      report(lane)(error);
      return OUTAGE_PAUSE_MS;
    }
  }

  function tick(): void {
    const moment = Math.floor(Date.now() / (options.sweepEveryMs ?? SWEEP_EVERY_MS));
    add('sweep', [{ moment }]).then(trouble.over, report('prompt'));
    add('tidy', [{ hour: Math.floor(Date.now() / HOUR_MS) }]).catch(report('prompt'));
  }

  async function add<Key extends JobKey>(key: Key, list: JobData<Key>[], delayMs = 0): Promise<void> {
    for (const lane of new Set(list.map((data) => laneOf(key, data)))) {
      const group = list.filter((data) => laneOf(key, data) === lane);
      const queue = await queueFor(lane);
      await queue.addBulk(group.map((data) => ({ name: JOBS[key].name, data, opts: jobOptions(key, data, delayMs) })));
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
    revise: (work) => add('revise', work),
    trouble: () => (trouble.lasts() ? (options.redisUrl ? 'Redis does not answer' : 'does not answer') : null),
  };
}

const areTablesGone = (error: unknown): boolean => TABLES_GONE.includes((error as { code?: string }).code ?? '');

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

/** Milliseconds after which the job comes back; null when it is over. */
async function handle(job: Job, handlers: Handlers, signal: AbortSignal): Promise<number | null> {
  const key = KEY_OF.get(job.name);
  if (!key) throw new Error(`No job is called "${job.name}".`);
  const work = handlers[key] as (
    data: unknown,
    signal: AbortSignal,
  ) => Promise<{ againInMs: number | null } | undefined>;
  const result = await work(JOBS[key].schema.parse(job.data), signal);
  return result?.againInMs ?? null;
}

async function comeBack(job: Job, token: string | undefined, inMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + Math.ceil(inMs), token);
  throw new DelayedError();
}

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());

function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
