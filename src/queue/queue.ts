import type { ChannelName } from '../core/channelName.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../notices/queue.ts';
import { reachRedis } from './backend.ts';
import { backendName, createConnections } from './connections.ts';
import { createHealth } from './health.ts';
import { createHints } from './hints.ts';
import { createInPlace } from './inPlace.ts';
import type { QueueName } from './jobs/job.ts';
import type { Handlers, JobData, JobKey } from './jobs/list.ts';
import { atOnce, createWorkers } from './workers.ts';

export interface QueueOptions {
  /** Unset: BullMQ on the database itself. */
  redisUrl?: string | null;
  databaseUrl: string;
  /** Channels that this process serves; each has a queue of its own. */
  channels: readonly ChannelName[];
}

export interface QueueParts {
  log: Log;
  /** Whether a job that threw this may be tried again in a moment. */
  isOutage: (error: unknown) => boolean;
  /** How its workers wait; by default in real time. */
  pause?: (ms: number) => Promise<void>;
}

const LOOK_EVERY_MS = 3_000;
/** PostgreSQL: no such table, schema, function, type. */
const TABLES_GONE = ['42P01', '3F000', '42883', '42704'];

/**
 * The queue, on Redis or on the database by the same code. Without handlers it only adds jobs. Jobs carry ids, never
 * texts. Whatever is lost with the queue, the sweep finds again; while the queue does not answer, a process with
 * handlers does that work itself.
 */
export function createQueue(
  options: QueueOptions,
  handlers: Handlers | null,
  { log, isOutage, pause }: QueueParts,
): Queue {
  const stopping = new AbortController();
  const { signal } = stopping;
  const names = ['prompt', ...options.channels] as const;
  const health = createHealth(options.redisUrl ? 'Redis' : 'it', log);
  const connections = createConnections(options, report);
  const workers = handlers && createWorkers(handlers, { signal, report, isOutage, areTablesGone, log, pause });
  const inPlace = workers && createInPlace(workers.run, atOnce, workers.failed);
  const hints = createHints({ queueFor: connections.queueFor, health, failed: report, inPlace });
  let timer: NodeJS.Timeout | null = null;
  let starting: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;

  function report(error: unknown, name?: QueueName): void {
    if (signal.aborted) return;
    health.failed(error, name);
    // The queue's tables were dropped: they are created again, and the sweep fills them.
    if (areTablesGone(error)) connections.prepareAgain();
  }

  async function open(): Promise<void> {
    const away = options.redisUrl ? await reachRedis(options.redisUrl) : null;
    if (away) report(away);
    const from = await openQueues(names, connections, !options.redisUrl);
    if (!workers) return;
    for (const name of names) workers.open(name, (process, tuning) => from.worker(backendName(name), process, tuning));
    timer = setInterval(() => signal.aborted || hints.look(), LOOK_EVERY_MS);
  }

  async function close(): Promise<void> {
    await hints.settled();
    stopping.abort();
    await starting?.catch(() => undefined);
    if (timer) clearInterval(timer);
    await workers?.close(health.isAway());
    await connections.close((error) => log.debug('A queue did not close', { error: error.name }));
  }

  return {
    start: () => (starting ??= open()),
    stop: () => (stopped ??= close()),
    ...adding((key, list, delayMs) => {
      if (list.length > 0 && !signal.aborted) hints.give(key, list, delayMs);
    }),
    trouble: health.trouble,
  };
}

/** On the database each queue is awaited; Redis may be unreachable at the start. */
async function openQueues(
  names: readonly QueueName[],
  connections: ReturnType<typeof createConnections>,
  waits: boolean,
) {
  const from = await connections.prepare();
  for (const name of names) {
    const queue = await connections.queueFor(name);
    if (waits) await queue.waitUntilReady();
  }
  return from;
}

type Hint = <Key extends JobKey>(key: Key, list: readonly JobData<Key>[], delayMs: number) => void;

/** Each request as the jobs that it becomes. */
const adding = (hint: Hint): Pick<Queue, 'startNotice' | 'deliver' | 'retryReplies' | 'revise'> => ({
  startNotice: (notice, delayMs = 0) => hint('startNotice', [{ notice }], delayMs),
  deliver: (slices) => hint('deliver', slices, 0),
  retryReplies: (ids) => hint('retryReplies', slicesOf(ids), 0),
  revise: (work) => hint('revise', work, 0),
});

const areTablesGone = (error: unknown): boolean => TABLES_GONE.includes((error as { code?: string }).code ?? '');

/** Replies of one job: few enough that a crash leaves little in doubt. */
const MOST_REPLIES = 100;

const slicesOf = (ids: readonly string[]): JobData<'retryReplies'>[] =>
  Array.from({ length: Math.ceil(ids.length / MOST_REPLIES) }, (_, index) => ({
    ids: ids.slice(index * MOST_REPLIES, (index + 1) * MOST_REPLIES),
  }));
