import { setTimeout } from 'node:timers/promises';
import {
  createPostgresBackend,
  createRedisBackend,
  DEFAULT_SCHEMA,
  type Job,
  runMigrations,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Mistake } from '../domain/errors.ts';

/** What both backends of BullMQ have in common, as far as it is used here. */
export interface JobQueue {
  addBulk(jobs: { name: string; data: unknown; opts: object }[]): Promise<unknown>;
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}
export interface JobWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  pause(doNotWaitActive?: boolean): Promise<void>;
  resume(): Promise<void>;
  close(force?: boolean): Promise<void>;
}
type Process = (job: Job, token?: string) => Promise<void>;
type Tuning = Omit<WorkerOptions, 'connection'>;

export interface Backend {
  /** Makes what the queue needs and does not find; several processes may do it at once. */
  prepare(): Promise<void>;
  queue(name: string): JobQueue;
  worker(name: string, process: Process, tuning: Tuning): JobWorker;
  close(): Promise<void>;
}

/** Each worker keeps one connection to listen; the rest are for queries: many processes fit one database. */
const POOL = 10;
const CONNECT_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 1_000;

export function postgresBackend(databaseUrl: string): Backend {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = new pg.Pool({
    connectionString: inSchema(databaseUrl),
    max: POOL,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
  });
  const clients = new Set<pg.ClientBase>();
  connection.on('connect', (client) => {
    clients.add(client);
    // BullMQ leaves its connections without a listener for moments in which an error would end the process.
    client.on('error', () => undefined).once('end', () => clients.delete(client));
  });
  return {
    async prepare() {
      const client = await connection.connect();
      try {
        await runMigrations(client, DEFAULT_SCHEMA);
      } finally {
        client.release();
      }
    },
    queue: (name) => new Queue(name, { connection }),
    worker: (name, process, tuning) => new Worker(name, process, { ...tuning, connection }),
    async close() {
      await Promise.race([connection.end(), setTimeout(CLOSE_WITHIN_MS, null, { ref: false })]);
      // A worker that is closed while it begins to listen never gives its connection back.
      await Promise.all([...clients].map((client) => (client as pg.Client).end()));
    },
  };
}

/** In the address, whose own options the driver would take instead of any beside it. */
function inSchema(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options') ?? '';
  url.searchParams.set('options', `${given} -c search_path=${DEFAULT_SCHEMA}`.trim());
  return url.href;
}

/** @throws Mistake when nothing answers there: the queue's own connection would wait for it without a word */
export async function reachRedis(redisUrl: string): Promise<void> {
  const options = { lazyConnect: true, retryStrategy: () => null, connectTimeout: 5_000, maxRetriesPerRequest: 0 };
  const connection = new Redis(redisUrl, options);
  let first: NodeJS.ErrnoException | null = null;
  connection.on('error', (error) => {
    first ??= error;
  });
  try {
    await connection.connect();
    await connection.ping();
  } catch (error) {
    const { code, message } = (first ?? error) as NodeJS.ErrnoException;
    throw new Mistake(
      `REDIS_URL: Redis does not answer (${code ?? message}). See that it runs, and that address and password are right; unset, the queue lives in the database.`,
    );
  } finally {
    connection.disconnect();
  }
}

export function redisBackend(redisUrl: string): Backend {
  const { Queue, Worker } = withBackend(createRedisBackend);
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  // Each queue and worker reports the same trouble through its own event.
  connection.on('error', () => undefined);
  return {
    prepare: async () => undefined,
    queue: (name) => new Queue(name, { connection }),
    worker: (name, process, tuning) => new Worker(name, process, { ...tuning, connection }),
    close: async () => connection.disconnect(),
  };
}
