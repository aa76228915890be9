import type { ChannelName } from '../core/channel.ts';
import { createTrouble, type Log } from '../core/log.ts';
import type { Queue } from '../notices/queue.ts';
import { type Backend, type JobQueue, postgresBackend, reachRedis, redisBackend } from './backend.ts';
import { createInPlace } from './inPlace.ts';
import type { Lane } from './jobs/job.ts';
import { type Handlers, idOf, isUrgent, JOBS, type JobData, type JobKey, laneOf } from './jobs/list.ts';
import { atOnce, createWorkers } from './workers.ts';

export interface QueueOptions {
  /** Unset: BullMQ on the database itself. */
  redisUrl?: string | null;
  databaseUrl: string;
  /** Channels that this process serves; each has a lane of its own. */
  channels: readonly ChannelName[];
}

export interface QueueParts {
  log: Log;
  /** Whether a job that threw this may be tried again in a moment. */
  isOutage: (error: unknown) => boolean;
  /** How its workers wait; a real wait by default. */
  pause?: (ms: number) => Promise<void>;
}

/** Far longer than a queue that works takes for a hint. */
const HINT_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 3_000;
const CLOSE_WITHIN_MS = 500;
/** PostgreSQL: no such table, schema, function, type. */
const TABLES_GONE = ['42P01', '3F000', '42883', '42704'];

/**
 * The queue on Redis or on the database, by the same code. Without handlers it only adds.
 * Jobs carry ids, never texts. Whatever is lost with the queue the sweep finds again; while it is away, a process with
 * handlers does what its sweep finds by itself.
 */
export function createQueue(
  options: QueueOptions,
  handlers: Handlers | null,
  { log, isOutage, pause }: QueueParts,
): Queue {
  const stopping = new AbortController();
  const lanes = ['prompt', ...options.channels] as const;
  const queues = new Map<Lane, JobQueue>();
  const hints = new Set<Promise<void>>();
  const trouble = createTrouble(log, { begins: 'The queue is in trouble', ends: 'The queue works again' });
  const workers =
    handlers && createWorkers(handlers, { signal: stopping.signal, report, isOutage, areTablesGone, log, pause });
  const inPlace = workers && createInPlace(workers.run, atOnce, workers.failed);
  let away = new AbortController();
  let reason = '';
  let backend: Backend | null = null;
  let timer: NodeJS.Timeout | null = null;
  let starting: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;
  let prepared: Promise<Backend> | null = null;
  let looking: Promise<void> | null = null;

  function report(error: unknown, lane?: Lane): void {
    if (stopping.signal.aborted) return;
    const { code } = error as { code?: unknown };
    reason = `${options.redisUrl ? 'Redis' : 'it'} does not answer${typeof code === 'string' ? ` (${code})` : ''}`;
    trouble.met(error, { lane });
    away.abort();
    // Somebody has taken the queue's tables away; made anew, the sweep fills them.
    if (areTablesGone(error)) prepared = null;
  }

  function works(): void {
    trouble.over();
    if (away.signal.aborted) away = new AbortController();
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

  async function queueFor(lane: Lane): Promise<JobQueue> {
    const from = await prepare();
    const queue = queues.get(lane) ?? from.queue(queueName(lane));
    if (!queues.has(lane)) queue.on('error', (error) => report(error, lane));
    queues.set(lane, queue);
    return queue;
  }

  async function open(): Promise<void> {
    const away = options.redisUrl ? await reachRedis(options.redisUrl) : null;
    if (away) report(away);
    const from = await prepare();
    for (const lane of lanes) {
      const queue = await queueFor(lane);
      if (!options.redisUrl) await queue.waitUntilReady();
    }
    if (!workers) return;
    for (const lane of lanes) workers.open(lane, (process, tuning) => from.worker(queueName(lane), process, tuning));
    timer = setInterval(look, LOOK_EVERY_MS);
  }

  /** Asks whether the queue answers; the same question is not put twice. */
  function look(): void {
    if (looking || stopping.signal.aborted) return;
    const asked = queueFor('prompt').then((queue) => queue.count());
    looking = asked.then(works, report).finally(() => (looking = null));
    within(HINT_WITHIN_MS, asked).catch(report);
  }

  function hint<Key extends JobKey>(key: Key, list: readonly JobData<Key>[], delayMs = 0): void {
    if (list.length === 0 || stopping.signal.aborted) return;
    if (trouble.lasts()) {
      look();
      if (delayMs === 0) inPlace?.(key, list);
      return;
    }
    const passed: Promise<void> = within(HINT_WITHIN_MS, add(key, list, delayMs), away.signal)
      .catch((error) => {
        report(error);
        if (delayMs === 0) inPlace?.(key, list);
      })
      .finally(() => hints.delete(passed));
    hints.add(passed);
  }

  async function add<Key extends JobKey>(key: Key, list: readonly JobData<Key>[], delayMs: number): Promise<void> {
    for (const lane of new Set(list.map((data) => laneOf(key, data)))) {
      const group = list.filter((data) => laneOf(key, data) === lane);
      const queue = await queueFor(lane);
      await queue.addBulk(group.map((data) => ({ name: JOBS[key].name, data, opts: jobOptions(key, data, delayMs) })));
    }
  }

  async function close(): Promise<void> {
    // What was to be hinted still goes, or is known not to.
    await Promise.all(hints);
    stopping.abort();
    await starting?.catch(() => undefined);
    if (timer) clearInterval(timer);
    await workers?.close(trouble.lasts());
    const closed = Promise.all([...queues.values()].map((queue) => queue.close()));
    await within(CLOSE_WITHIN_MS, closed).catch((error) => log.debug('A queue did not close', { error: error.name }));
    await backend?.close();
  }

  return {
    start: () => (starting ??= open()),
    stop: () => (stopped ??= close()),
    startNotice: (notice, delayMs) => hint('startNotice', [{ notice }], delayMs),
    deliver: (slices) => hint('deliver', slices),
    retryReplies: (ids) =>
      hint(
        'retryReplies',
        chunks(ids, 100).map((chunk) => ({ ids: chunk })),
      ),
    revise: (work) => hint('revise', work),
    trouble: () => (trouble.lasts() ? reason : null),
  };
}

const areTablesGone = (error: unknown): boolean => TABLES_GONE.includes((error as { code?: string }).code ?? '');

const queueName = (lane: Lane) => `hearback-${lane}`;

/** A finished job frees its id at once, so that a sweep can add it anew. */
const jobOptions = <Key extends JobKey>(key: Key, data: JobData<Key>, delay: number) => ({
  jobId: idOf(key, data),
  delay,
  priority: isUrgent(key, data) ? 0 : 1,
  removeOnComplete: true,
  removeOnFail: true,
});

/** @throws Error when it takes longer, or the signal comes; what comes later is nobody's any more */
async function within<T>(ms: number, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  let leave = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${ms / 1000} seconds.`)), ms);
    const troubled = () => reject(new Error('The queue is in trouble.'));
    signal?.addEventListener('abort', troubled);
    // The signal outlives the hint: what listens to it must not gather.
    leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', troubled);
    };
  });
  return Promise.race([work, late]).finally(leave);
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
