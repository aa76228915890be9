import { createTrouble, type Log } from '../core/log.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

/** Work that is done at intervals, by whichever process gets to it first. */
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
  /** Begins no more; resolves when what is under way is done. */
  stop(): Promise<void>;
}

/**
 * All processes on a database together do each round as often as it says. Not by BullMQ's job schedulers: the sweep is what
 * makes good for a queue that is away, so that it cannot wait for the queue itself.
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
      // A timer is a little early or late: half a turn of tolerance, and the rate is kept all the same.
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
