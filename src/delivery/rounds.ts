import { createTrouble, type Log } from '../core/log.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

/** Work done at intervals, by whichever process gets to it first. */
export interface Round {
  name: string;
  everyMs: number;
  work: () => Promise<unknown>;
}

export interface RoundParts {
  rateLimit: Pick<SharedRateLimit, 'take'>;
  isOutage: (error: unknown) => boolean;
  log: Log;
}

export interface Rounds {
  start(): void;
  /** Starts no more rounds; resolves when those under way are done. */
  stop(): Promise<void>;
}

/**
 * Does each round as often as it says, counted over all processes on the database. BullMQ's job schedulers would not
 * do: the sweep makes up for a queue that does not answer, so it must not depend on the queue.
 */
export function createRounds(rounds: readonly Round[], { rateLimit, isOutage, log }: RoundParts): Rounds {
  const underWay = new Map<string, Promise<void>>();
  const timers: NodeJS.Timeout[] = [];
  const trouble = createTrouble(log, {
    begins: 'Rounds wait for the database',
    ends: 'Rounds find the database again',
  });

  async function go({ name, everyMs, work }: Round): Promise<void> {
    try {
      // Timers are a little early or late: half an interval of tolerance keeps the rate all the same.
      const turn = await rateLimit.take(`round:${name}`, 1, 1000 / everyMs, everyMs / 2);
      if (turn.granted > 0) await work();
      trouble.over();
    } catch (error) {
      failed(name, error);
    }
  }

  function failed(round: string, error: unknown): void {
    if (isOutage(error)) trouble.met(error);
    else log.error('A round failed; the next one tries again', { round }, error);
  }

  function tick(round: Round): void {
    if (underWay.has(round.name)) return;
    underWay.set(
      round.name,
      go(round).finally(() => underWay.delete(round.name)),
    );
  }

  return {
    start() {
      for (const round of rounds) {
        timers.push(setInterval(tick, round.everyMs, round));
        tick(round);
      }
    },
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer);
      await Promise.all(underWay.values());
    },
  };
}
