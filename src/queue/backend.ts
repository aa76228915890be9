import { createPostgresBackend, createRedisBackend, type Job, type WorkerOptions, withBackend } from 'bullmq';
import { Redis } from 'ioredis';

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
  close(force?: boolean): Promise<void>;
}
type Process = (job: Job, token?: string) => Promise<void>;
type Tuning = Omit<WorkerOptions, 'connection'>;

export interface Backend {
  queue(name: string): JobQueue;
  worker(name: string, process: Process, tuning: Tuning): JobWorker;
  close(): Promise<void>;
}

/** Two connections for queries, and one to listen, for each queue and worker: many processes fit one database. */
const POOL = 2;

export function postgresBackend(databaseUrl: string): Backend {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = { connectionString: databaseUrl, max: POOL, migrate: true, keepAlive: true };
  return {
    queue: (name) => new Queue(name, { connection }),
    worker: (name, process, tuning) => new Worker(name, process, { ...tuning, connection }),
    close: async () => undefined,
  };
}

export function redisBackend(redisUrl: string): Backend {
  const { Queue, Worker } = withBackend(createRedisBackend);
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  // Each queue and worker reports the same trouble through its own event.
  connection.on('error', () => undefined);
  return {
    queue: (name) => new Queue(name, { connection }),
    worker: (name, process, tuning) => new Worker(name, process, { ...tuning, connection }),
    close: async () => connection.disconnect(),
  };
}
