import { DelayedError, type Job } from 'bullmq';
import { createTrouble, type Log } from '../core/log.ts';
import type { JobWorker, Process, Tuning } from './backend.ts';
import type { QueueName } from './jobs/job.ts';
import { type Handlers, type JobData, type JobKey, readJob } from './jobs/list.ts';

export interface WorkParts {
  /** When it aborts, jobs under way stop cleanly. */
  signal: AbortSignal;
  /** Told when the queue fails. */
  report: (error: unknown, name: QueueName) => void;
  /** Whether a job that threw this may be tried again in a moment. */
  isOutage: (error: unknown) => boolean;
  areTablesGone: (error: unknown) => boolean;
  log: Log;
  /** A wait that does not keep the process alive. */
  pause?: (ms: number) => Promise<void>;
}

const DRAIN_MS = 8_000;
/** Time for the queue to hear how the last jobs ended. */
const FAREWELL_MS = 1_000;
/** Longer than a stopping worker still takes jobs: what it gives up, others take. */
const LEAVE_MS = 200;
const BULK_AT_ONCE = 8;
const PROMPT_AT_ONCE = 4;
/** How often jobs come back while the database is unreachable; a queue on Redis keeps running. */
const OUTAGE_PAUSE_MS = 1_000;

/** A dead worker's jobs continue after about four seconds; no number of crashes makes a job fail for good. */
const TUNING = {
  lockDuration: 3_000,
  stalledInterval: 2_000,
  maxStalledCount: 1_000,
  drainDelay: 2,
  runRetryDelay: 1_000,
};

export const atOnce = (name: QueueName): number => (name === 'prompt' ? PROMPT_AT_ONCE : BULK_AT_ONCE);

/** The workers of this process. `run` does one job, from the queue or from this process's own sweep. */
export function createWorkers(handlers: Handlers, parts: WorkParts) {
  const { signal, report, isOutage, areTablesGone, log, pause = after } = parts;
  const workers: JobWorker[] = [];
  const { run, settled } = createRunner(handlers, parts);
  const rest = createRest({ signal, report, pause });

  async function handle(job: Job, token?: string): Promise<void> {
    const { key, data } = readJob(job.name, job.data);
    const again = await run(key, data);
    if (again === null) return;
    await job.moveToDelayed(Date.now() + Math.ceil(signal.aborted ? Math.max(again, LEAVE_MS) : again), token);
    throw new DelayedError();
  }

  function failed(error: unknown): void {
    log.error('A job failed; the sweep adds it again', {}, error);
  }

  return {
    run,
    failed,
    open(name: QueueName, make: (process: Process, tuning: Tuning) => JobWorker): void {
      const worker = make(handle, { ...TUNING, concurrency: atOnce(name) });
      worker.on('error', (error) => {
        if (isLostLock(error)) return log.debug('A job was taken over by another worker', { queue: name });
        report(error, name);
        if (isOutage(error) || areTablesGone(error)) rest(worker, name);
      });
      worker.on('failed', (_job, error) => failed(error));
      workers.push(worker);
    },
    /**
     * Takes no more jobs; resolves when those under way have stopped, at the latest just before they would be killed.
     * @param isAway the queue does not answer: workers would wait to report to it
     */
    async close(isAway: boolean): Promise<void> {
      const over = settled().then(() => pause(isAway ? 0 : FAREWELL_MS));
      const closed = Promise.all(workers.map((worker) => worker.close(isAway)));
      await Promise.race([over, pause(DRAIN_MS), ...(isAway ? [] : [closed])]);
    },
  };
}

function createRunner(handlers: Handlers, { signal, isOutage, log }: WorkParts) {
  const underWay = new Set<Promise<unknown>>();
  const outage = createTrouble(log, { begins: 'Jobs wait for the database', ends: 'Jobs find the database again' });
  return {
    /** Milliseconds after which the job comes back; null when it is finished. */
    async run<Key extends JobKey>(key: Key, data: JobData<Key>): Promise<number | null> {
      if (signal.aborted) return LEAVE_MS;
      const work = handlers[key](data, signal);
      underWay.add(work);
      try {
        const again = (await work)?.againInMs ?? null;
        outage.over();
        return again;
      } catch (error) {
        if (!isOutage(error)) throw error;
        outage.met(error);
        return OUTAGE_PAUSE_MS;
      } finally {
        underWay.delete(work);
      }
    },
    settled: (): Promise<unknown> => Promise.allSettled(underWay),
  };
}

/**
 * Pauses workers after an error: BullMQ itself waits only after a refused connection, and would ask a starting database
 * without a pause.
 */
function createRest({ signal, report, pause }: Pick<Required<WorkParts>, 'signal' | 'report' | 'pause'>) {
  const resting = new Set<JobWorker>();
  return (worker: JobWorker, name: QueueName): void => {
    if (resting.has(worker)) return;
    resting.add(worker);
    worker.pause(true).catch((error) => report(error, name));
    const wake = () => {
      resting.delete(worker);
      if (!signal.aborted) void worker.resume();
    };
    void pause(OUTAGE_PAUSE_MS).then(wake);
  };
}

/** Two workers on one job do no harm: handlers claim their rows first. */
const isLostLock = ({ message }: Error): boolean =>
  /^could not renew lock|^Missing (lock|key)|^Lock mismatch/.test(message);

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
