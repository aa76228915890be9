import { createTrouble, type Log } from '../core/log.ts';
import type { QueueName } from './jobs/job.ts';

export type QueueHealth = ReturnType<typeof createHealth>;

/** Whether the queue answers, as its users have found. @param name what is reported not to answer */
export function createHealth(name: string, log: Log) {
  const trouble = createTrouble(log, { begins: 'The queue is in trouble', ends: 'The queue works again' });
  let away = new AbortController();
  let reason = '';
  return {
    failed(error: unknown, queue?: QueueName): void {
      const { code } = error as { code?: unknown };
      reason = `${name} does not answer${typeof code === 'string' ? ` (${code})` : ''}`;
      trouble.met(error, { queue });
      away.abort();
    },
    works(): void {
      trouble.over();
      if (away.signal.aborted) away = new AbortController();
    },
    isAway: (): boolean => trouble.lasts(),
    /** Aborts when the queue is found not to answer; once it answers again there is a new signal. */
    away: (): AbortSignal => away.signal,
    /** In words; null while it answers. */
    trouble: (): string | null => (trouble.lasts() ? reason : null),
  };
}
