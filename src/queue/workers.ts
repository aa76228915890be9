import { DelayedError, type Job } from 'bullmq';
import { createTrouble, type Log } from '../core/log.ts';
import type { JobWorker, Process, Tuning } from './backend.ts';
import type { Lane } from './jobs/job.ts';
import { type Handlers, type JobData, type JobKey, readJob } from './jobs/list.ts';

export interface WorkParts {
  /** Jobs under way give up in good order when it aborts. */
  signal: AbortSignal;
  /** The queue does not do what it should. */
  report: (error: unknown, lane: Lane) => void;
  /** Whether a job that threw this may be tried again in a moment. */
  isOutage: (error: unknown) => boolean;
  areTablesGone: (error: unknown) => boolean;
  log: Log;
  /** A wait that keeps no process alive. */
  pause?: (ms: number) => Promise<void>;
}

const DRAIN_MS = 8_000;
/** For the queue to hear what became of the last jobs. */
const FAREWELL_MS = 1_000;
/** Longer than a worker that stops still looks for jobs: what it gives up is for others. */
const LEAVE_MS = 200;
const BULK_AT_ONCE = 8;
const PROMPT_AT_ONCE = 4;
/** While the database is away its jobs come back so often; with Redis, the queue itself goes on. */
const OUTAGE_PAUSE_MS = 1_000;

/** A dead worker's jobs go on after about four seconds; no number of crashes makes a job fail for good. */
const TUNING = {
  lockDuration: 3_000,
  stalledInterval: 2_000,
  maxStalledCount: 1_000,
  drainDelay: 2,
  runRetryDelay: 1_000,
};

export const atOnce = (lane: Lane): number => (lane === 'prompt' ? PROMPT_AT_ONCE : BULK_AT_ONCE);

/** What works through jobs. `run` does one, whether a queue has brought it or this process has it from its own sweep. */
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
    log.error('A job failed; the sweep makes it again', {}, error);
  }

  return {
    run,
    failed,
    open(lane: Lane, make: (process: Process, tuning: Tuning) => JobWorker): void {
      const worker = make(handle, { ...TUNING, concurrency: atOnce(lane) });
      worker.on('error', (error) => {
        if (isLostLock(error)) return log.debug('A job was taken over by another worker', { lane });
        report(error, lane);
        if (isOutage(error) || areTablesGone(error)) rest(worker, lane);
      });
      worker.on('failed', (_job, error) => failed(error));
      workers.push(worker);
    },
    /**
     * Takes no more; resolves when the jobs under way have given up, and at the latest when they would be killed.
     * @param isAway nobody is there to tell what became of them, and a worker would wait for that
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
    /** Milliseconds after which the job comes back; null when it is over. */
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

/** BullMQ waits after a refused connection only; a database that is starting up it would ask without a pause. */
function createRest({ signal, report, pause }: Pick<Required<WorkParts>, 'signal' | 'report' | 'pause'>) {
  const resting = new Set<JobWorker>();
  return (worker: JobWorker, lane: Lane): void => {
    if (resting.has(worker)) return;
    resting.add(worker);
    worker.pause(true).catch((error) => report(error, lane));
    const wake = () => {
      resting.delete(worker);
      if (!signal.aborted) void worker.resume();
    };
    void pause(OUTAGE_PAUSE_MS).then(wake);
  };
}

/** The handlers claim what they do by rows: two workers on one job do no harm. */
const isLostLock = ({ message }: Error): boolean =>
  /^could not renew lock|^Missing (lock|key)|^Lock mismatch/.test(message);

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
