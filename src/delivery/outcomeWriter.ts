import type { Log } from '../core/log.ts';
import type { Pause } from './localRateLimit.ts';
import type { Outcome } from './ports.ts';

const MOST_AT_ONCE = 500;
/** About an hour of an outage. Few outcomes wait for so long: without the database nothing new is claimed. */
const TRIES = 3_600;
const LONGEST_PAUSE_MS = 1_000;

interface Waiting {
  outcome: Outcome;
  resolve: (written: boolean) => void;
  reject: (error: unknown) => void;
}

export interface OutcomeWriter {
  /** Resolves when it is written; false when another process had the lease. Rejects when it cannot be written. */
  settle(outcome: Outcome): Promise<boolean>;
}

/** Writes outcomes in batches: those that arrive while one batch is written form the next, as one statement. */
export function createOutcomeWriter(
  write: (outcomes: Outcome[]) => Promise<string[]>,
  isOutage: (error: unknown) => boolean,
  pause: Pause,
  log: Log,
): OutcomeWriter {
  const waiting: Waiting[] = [];
  let running = false;

  async function flush(): Promise<void> {
    running = true;
    while (waiting.length > 0) await writeBatch(waiting.splice(0, MOST_AT_ONCE));
    running = false;
  }

  async function writeBatch(batch: Waiting[]): Promise<void> {
    try {
      const written = new Set(await persist(batch.map((item) => item.outcome)));
      for (const item of batch) item.resolve(written.has(item.outcome.id));
      if (written.size < batch.length)
        log.warn('Outcomes came after their lease had expired', { count: batch.length - written.size });
    } catch (error) {
      // One outcome that cannot be written must not fail the others.
      if (batch.length > 1 && !isOutage(error)) for (const item of batch) await writeBatch([item]);
      else for (const item of batch) item.reject(error);
    }
  }

  async function persist(outcomes: Outcome[]): Promise<string[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write(outcomes);
      } catch (error) {
        if (attempt >= TRIES || !isOutage(error)) throw error;
        if (attempt === 1) log.warn('Outcomes could not be written, trying again', { count: outcomes.length }, error);
        await pause(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** attempt));
      }
    }
  }

  return {
    settle(outcome) {
      return new Promise((resolve, reject) => {
        waiting.push({ outcome, resolve, reject });
        if (!running) queueMicrotask(() => running || void flush());
      });
    },
  };
}
