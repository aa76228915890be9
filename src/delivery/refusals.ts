import { type Channel, SendError } from '../core/channel.ts';
import type { Clock, Ids } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Backoff } from './backoff.ts';
import { patienceMs, refused } from './outcomes.ts';
import type { ClaimedDelivery, Outcome, Progress } from './ports.ts';
import { replyKey } from './replyRate.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

const ASK_ABOUT_BLOCKS_MS = 1_000;

export interface RefusalParts {
  rateLimit: Pick<SharedRateLimit, 'block' | 'blocked'>;
  backoff: Backoff;
  /** The key under which the rate limit counts a channel's calls. */
  keyOf: (channel: Channel['name']) => string;
  clock: Clock;
  ids: Ids;
  log: Log;
}

export type Refusals = ReturnType<typeof createRefusals>;

/** Decides what a refusal means for its delivery, and for everything else that goes to the platform. */
export function createRefusals({ rateLimit, backoff, keyOf, clock, ids, log }: RefusalParts) {
  const askedAt = new Map<string, number>();

  function outcomeOf(row: ClaimedDelivery, progress: Progress, error: unknown): Outcome {
    const chance = (ids.bytes(1)[0] ?? 0) / 256;
    if (!(error instanceof SendError)) {
      log.error('A channel failed with an undeclared error', { delivery: row.id, channel: row.channel }, error);
      return refused(row, progress, new SendError('unknown_outcome', 'undeclared'), chance);
    }
    if (error.code === 'slow_down') slowDown(row, patienceMs(error));
    else backoff.passed(keyOf(row.channel));
    return refused(row, progress, error, chance);
  }

  function slowDown(row: ClaimedDelivery, ms: number): void {
    const key = keyOf(row.channel);
    if (!backoff.hit(key, row.address, ms)) return;
    log.warn('The platform asks for silence', { channel: row.channel, ms });
    const shared = [key, replyKey(key)].map((each) => rateLimit.block(each, ms));
    Promise.all(shared).catch((error) =>
      log.warn('A silence could not be shared with other processes', { channel: row.channel }, error),
    );
  }

  /** A silence that another process was asked for also holds for replies here. */
  function askAboutBlock(key: string): void {
    if (clock() - (askedAt.get(key) ?? Number.NEGATIVE_INFINITY) < ASK_ABOUT_BLOCKS_MS) return;
    askedAt.set(key, clock());
    rateLimit.blocked(key).then(
      (ms) => ms > 0 && backoff.block(key, ms),
      (error) => log.debug('Shared silences could not be read', { key, error: String(error.code) }),
    );
  }

  return { outcomeOf, slowDown, askAboutBlock };
}
