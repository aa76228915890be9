import type { ChannelName } from '../core/channelName.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../notices/queue.ts';
import { reachRedis } from './backend.ts';
import { createConnections, queueName } from './connections.ts';
import { createHealth } from './health.ts';
import { createHints } from './hints.ts';
import { createInPlace } from './inPlace.ts';
import type { Lane } from './jobs/job.ts';
import type { Handlers, JobData, JobKey } from './jobs/list.ts';
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

const LOOK_EVERY_MS = 3_000;
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
  const { signal } = stopping;
  const lanes = ['prompt', ...options.channels] as const;
  const health = createHealth(options.redisUrl ? 'Redis' : 'it', log);
  const connections = createConnections(options, report);
  const workers = handlers && createWorkers(handlers, { signal, report, isOutage, areTablesGone, log, pause });
  const inPlace = workers && createInPlace(workers.run, atOnce, workers.failed);
  const hints = createHints({ queueFor: connections.queueFor, health, failed: report, inPlace });
  let timer: NodeJS.Timeout | null = null;
  let starting: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;

  function report(error: unknown, lane?: Lane): void {
    if (signal.aborted) return;
    health.failed(error, lane);
    // Somebody has taken the queue's tables away; made again, the sweep fills them.
    if (areTablesGone(error)) connections.prepareAgain();
  }

  async function open(): Promise<void> {
    const away = options.redisUrl ? await reachRedis(options.redisUrl) : null;
    if (away) report(away);
    const from = await openQueues(lanes, connections, !options.redisUrl);
    if (!workers) return;
    for (const lane of lanes) workers.open(lane, (process, tuning) => from.worker(queueName(lane), process, tuning));
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

/** On the database a queue is waited for; Redis may be away. */
async function openQueues(lanes: readonly Lane[], connections: ReturnType<typeof createConnections>, waits: boolean) {
  const from = await connections.prepare();
  for (const lane of lanes) {
    const queue = await connections.queueFor(lane);
    if (waits) await queue.waitUntilReady();
  }
  return from;
}

type Hint = <Key extends JobKey>(key: Key, list: readonly JobData<Key>[], delayMs: number) => void;

/** What can be asked for, each as its jobs. */
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
