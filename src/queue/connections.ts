import { type Backend, type JobQueue, postgresBackend, redisBackend } from './backend.ts';
import type { QueueName } from './jobs/job.ts';
import { within } from './within.ts';

export interface ConnectionOptions {
  /** Unset: BullMQ on the database itself. */
  redisUrl?: string | null;
  databaseUrl: string;
}

export type Connections = ReturnType<typeof createConnections>;

const CLOSE_WITHIN_MS = 500;

export const backendName = (name: QueueName): string => `hearback-${name}`;

/** The backend and its queues, each opened when it is first needed. */
export function createConnections(
  { redisUrl, databaseUrl }: ConnectionOptions,
  failed: (error: unknown, name: QueueName) => void,
) {
  const queues = new Map<QueueName, JobQueue>();
  let backend: Backend | null = null;
  let prepared: Promise<Backend> | null = null;

  function prepare(): Promise<Backend> {
    prepared ??= made().catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return prepared;
  }

  async function made(): Promise<Backend> {
    backend ??= redisUrl ? redisBackend(redisUrl) : postgresBackend(databaseUrl);
    await backend.prepare();
    return backend;
  }

  return {
    prepare,
    /** Before the next queue is used, the backend prepares once more. */
    prepareAgain(): void {
      prepared = null;
    },
    async queueFor(name: QueueName): Promise<JobQueue> {
      const from = await prepare();
      const queue = queues.get(name) ?? from.queue(backendName(name));
      if (!queues.has(name)) queue.on('error', (error) => failed(error, name));
      queues.set(name, queue);
      return queue;
    },
    /** Gives the queues a moment to close. @param late called when they did not close in time */
    async close(late: (error: Error) => void): Promise<void> {
      const closed = Promise.all([...queues.values()].map((queue) => queue.close()));
      await within(CLOSE_WITHIN_MS, closed).catch(late);
      await backend?.close();
    },
  };
}
