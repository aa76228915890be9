import type { Channel, ChannelName } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { Slice } from '../notices/queue.ts';
import type { Claims } from './claims.ts';
import type { Finish } from './finish.ts';
import type { Deliveries } from './ports.ts';
import { chunkFor, type Pause, type RateLimiter, rateLimitKey, safeRate } from './rateLimiter.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

/** Reservations further ahead than this are not made: what is reserved and not used is lost to everybody. */
const HORIZON_MS = 1_000;
/** A worker waits this long in place; for longer waits the job goes back to the queue. */
const PATIENCE_MS = 1_500;
/** Claiming begins this much before the first message may go. */
const CLAIM_AHEAD_MS = 60;
/** The longest for which a job waits in the queue for what is left of it. */
const LONGEST_SLEEP_MS = 10_000;

export interface SliceParts {
  deliveries: Pick<Deliveries, 'due' | 'nextDue'>;
  claims: Claims;
  finish: Finish;
  rateLimit: SharedRateLimit;
  rateLimiter: RateLimiter;
  channels: ReadonlyMap<ChannelName, Channel>;
  clock: Clock;
  pause: Pause;
}

/** Works through a slice of a notice at its channel's rate. */
export function createSlices(parts: SliceParts) {
  const { deliveries, claims, finish, rateLimit, rateLimiter, clock, pause } = parts;

  async function deliver(slice: Pick<Slice, 'channel' | 'ids'>, signal?: AbortSignal) {
    const channel = parts.channels.get(slice.channel);
    if (!channel) return { againInMs: null };
    const rate = safeRate(channel.limits.perSecond);
    // The rate is for what goes out: of a notice that was cancelled or paused, none of it is used up.
    let left = await deliveries.due(slice.ids);
    const held: Promise<number>[] = [];
    while (left.length > 0 && !signal?.aborted) {
      const turn = await rateLimit.take(
        rateLimitKey(slice.channel),
        Math.min(left.length, chunkFor(rate)),
        rate,
        HORIZON_MS,
      );
      if (turn.granted === 0 && turn.waitMs > PATIENCE_MS) {
        await settleCalls(channel, held, 1000 / rate);
        return { againInMs: turn.waitMs };
      }
      const start = clock() + turn.waitMs;
      if (turn.waitMs > CLAIM_AHEAD_MS) await pause(turn.waitMs - (turn.granted > 0 ? CLAIM_AHEAD_MS : 0));
      if (turn.granted === 0) continue;
      const claimed = await deliverChunk(channel, left.splice(0, turn.granted), start, 1000 / rate, held);
      if (claimed < turn.granted) left = await deliveries.due(left);
    }
    await settleCalls(channel, held, 1000 / rate);
    const wait = await deliveries.nextDue(slice.ids);
    // Further off the sweep finds them: a job that sleeps until the morning would keep its name from others of its slice.
    return { againInMs: wait !== null && wait <= LONGEST_SLEEP_MS ? wait : null };
  }

  /** Gives how many could be claimed. Whoever has to wait for their own chat joins `held`; the others do not wait for them. */
  async function deliverChunk(
    channel: Channel,
    chunk: string[],
    start: number,
    gapMs: number,
    held: Promise<number>[],
  ): Promise<number> {
    const rows = await claims.take(chunk);
    const messages = await claims.messagesOf(rows);
    const work: Promise<number>[] = [];
    const fires = rows.map((row) => () => {
      const apart = finish.mustWait(row, channel) ? held : work;
      apart.push(finish.send(row, channel, messages.get(row.id) ?? []));
    });
    await rateLimiter.run(rateLimitKey(channel.name), start, gapMs, fires);
    await settleCalls(channel, work, gapMs);
    return rows.length;
  }

  /** A message in several parts was several calls: the others wait for it. */
  async function settleCalls(channel: Channel, work: Promise<number>[], gapMs: number): Promise<void> {
    const calls = (await Promise.all(work)).reduce((sum, count) => sum + count, 0);
    if (calls > work.length)
      await rateLimit.take(rateLimitKey(channel.name), calls - work.length, 1000 / gapMs, Number.MAX_SAFE_INTEGER);
  }

  return deliver;
}
