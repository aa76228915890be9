import { type Backend, type JobQueue, postgresBackend, redisBackend } from './backend.ts';
import type { Lane } from './jobs/job.ts';
import { within } from './within.ts';

export interface ConnectionOptions {
  /** Unset: BullMQ on the database itself. */
  redisUrl?: string | null;
  databaseUrl: string;
}

export type Connections = ReturnType<typeof createConnections>;

const CLOSE_WITHIN_MS = 500;

export const queueName = (lane: Lane): string => `hearback-${lane}`;

/** The backend and its queues, one a lane, each made when it is first asked for. */
export function createConnections(
  { redisUrl, databaseUrl }: ConnectionOptions,
  failed: (error: unknown, lane: Lane) => void,
) {
  const queues = new Map<Lane, JobQueue>();
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
    /** What the backend needs is made once more before the next queue is used. */
    prepareAgain(): void {
      prepared = null;
    },
    async queueFor(lane: Lane): Promise<JobQueue> {
      const from = await prepare();
      const queue = queues.get(lane) ?? from.queue(queueName(lane));
      if (!queues.has(lane)) queue.on('error', (error) => failed(error, lane));
      queues.set(lane, queue);
      return queue;
    },
    /** Waits a moment for the queues. @param late told when they did not close in time */
    async close(late: (error: Error) => void): Promise<void> {
      const closed = Promise.all([...queues.values()].map((queue) => queue.close()));
      await within(CLOSE_WITHIN_MS, closed).catch(late);
      await backend?.close();
    },
  };
}
