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
import { UserError } from '../core/errors.ts';

/** The part of a BullMQ queue that is used here; both backends have it. */
export interface JobQueue {
  addBulk(jobs: { name: string; data: unknown; opts: object }[]): Promise<unknown>;
  waitUntilReady(): Promise<unknown>;
  count(): Promise<number>;
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
export type Process = (job: Job, token?: string) => Promise<void>;
export type Tuning = Omit<WorkerOptions, 'connection'>;

export interface Backend {
  /** Creates whatever the queue still needs; several processes may do it at once. */
  prepare(): Promise<void>;
  queue(name: string): JobQueue;
  worker(name: string, process: Process, tuning: Tuning): JobWorker;
  close(): Promise<void>;
}

/**
 * Each worker listens on a connection of its own; these are for queries. Small enough that many processes share one
 * database.
 */
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
    // At times BullMQ has no error listener on a connection: an error at that moment would end the process.
    client.on('error', () => undefined).once('end', () => clients.delete(client));
  });
  return {
    async prepare() {
      const client = await connection.connect();
      try {
        await runMigrations(client, DEFAULT_SCHEMA).catch((error) => {
          throw error.code === NOT_ALLOWED ? new UserError(NO_SCHEMA) : error;
        });
      } finally {
        client.release();
      }
    },
    queue: (name) => new Queue(name, { connection }),
    worker: (name, process, tuning) => new Worker(name, process, { ...tuning, connection }),
    async close() {
      await Promise.race([connection.end(), setTimeout(CLOSE_WITHIN_MS, null, { ref: false })]);
      // A worker that is closed while it starts to listen never releases its connection.
      await Promise.all([...clients].map((client) => (client as pg.Client).end()));
    },
  };
}

/** PostgreSQL: insufficient privilege. */
const NOT_ALLOWED = '42501';
const NO_SCHEMA =
  'DATABASE_URL: this user is not allowed to create a schema for the queue in the database. Let it own the database: ALTER DATABASE name OWNER TO user. Or set REDIS_URL.';

/** Sets the schema in the address itself: its options would override any that are given separately. */
function inSchema(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options') ?? '';
  url.searchParams.set('options', `${given} -c search_path=${DEFAULT_SCHEMA}`.trim());
  return url.href;
}

/** Redis refuses the login: waiting would not help. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password))/;

/**
 * Asks Redis whether it answers: null when it does, else the error.
 * @throws UserError when it refuses the login: the queue's own connection would wait for it silently
 */
export async function reachRedis(redisUrl: string): Promise<NodeJS.ErrnoException | null> {
  const limits = { connectTimeout: 3_000, commandTimeout: 3_000 };
  const options = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, ...limits };
  const connection = new Redis(redisUrl, options);
  let first: NodeJS.ErrnoException | null = null;
  connection.on('error', (error) => {
    first ??= error;
  });
  try {
    await connection.connect();
    await connection.ping();
    return null;
  } catch (error) {
    const why = (first ?? error) as NodeJS.ErrnoException;
    if (REFUSED.test(why.message))
      throw new UserError(
        `REDIS_URL: Redis does not let Hearback in (${why.message.split(' ')[0]}). Check user and password.`,
      );
    return why;
  } finally {
    connection.disconnect();
  }
}

/** Longer than a worker's blocking call for the next job: a connection that is silent for longer is replaced. */
const SILENT_MS = 15_000;

export function redisBackend(redisUrl: string): Backend {
  const { Queue, Worker } = withBackend(createRedisBackend);
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null, socketTimeout: SILENT_MS });
  // Each queue and worker reports the same trouble through its own event.
  connection.on('error', () => undefined);
  // A worker that cannot reach Redis never closes the connection it waits on.
  const all = new Set([connection]);
  const duplicate = connection.duplicate.bind(connection);
  connection.duplicate = (override) => {
    const made = duplicate(override);
    all.add(made);
    return made;
  };
  return {
    prepare: async () => undefined,
    queue: (name) => new Queue(name, { connection }),
    worker: (name, process, tuning) => new Worker(name, process, { ...tuning, connection }),
    async close() {
      for (const each of all) each.disconnect();
    },
  };
}
