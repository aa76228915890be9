import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Clock } from '../core/clock.ts';
import { OVER } from '../notices/notice.ts';
import type { Slice } from '../notices/queue.ts';
import type { Claims } from './claims.ts';
import type { Finish } from './finish.ts';
import { chunkFor, type LocalRateLimit, type Pause, rateLimitKey, safeRate } from './localRateLimit.ts';
import type { Deliveries } from './ports.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

/** How far ahead reservations are made: what is reserved and not used is lost to everybody. */
const HORIZON_MS = 1_000;
/** For how long a worker waits itself; for longer waits the job goes back to the queue. */
const PATIENCE_MS = 1_500;
/** How long before the first message may go its rows are claimed. */
const CLAIM_AHEAD_MS = 60;
/** For how long at most a job waits in the queue for the rest of its slice. */
const LONGEST_SLEEP_MS = 10_000;

export interface SliceParts {
  deliveries: Pick<Deliveries, 'due' | 'nextDue'>;
  claims: Claims;
  finish: Finish;
  rateLimit: SharedRateLimit;
  localRateLimit: LocalRateLimit;
  channels: ReadonlyMap<ChannelName, Channel>;
  clock: Clock;
  pause: Pause;
}

/** Delivers a slice of a notice at its channel's rate. */
export const createSlices =
  (parts: SliceParts) =>
  async (slice: Pick<Slice, 'channel' | 'ids'>, signal?: AbortSignal): Promise<{ againInMs: number | null }> => {
    const { deliveries, clock, pause } = parts;
    const channel = parts.channels.get(slice.channel);
    if (!channel) return { againInMs: null };
    const gapMs = 1000 / safeRate(channel.limits.perSecond);
    // Only what goes out counts against the rate: a cancelled or paused notice uses none of it.
    let left = await deliveries.due(slice.ids);
    const held: Promise<number>[] = [];
    while (left.length > 0 && !signal?.aborted) {
      const turn = await takeTurn(channel, left.length, parts);
      if (turn.granted === 0 && turn.waitMs > PATIENCE_MS) {
        await settleCalls(channel, held, gapMs, parts);
        return { againInMs: turn.waitMs };
      }
      const start = clock() + turn.waitMs;
      if (turn.waitMs > CLAIM_AHEAD_MS) await pause(turn.waitMs - (turn.granted > 0 ? CLAIM_AHEAD_MS : 0));
      if (turn.granted === 0) continue;
      const claimed = await deliverChunk(left.splice(0, turn.granted), { channel, start, gapMs, held }, parts);
      if (claimed < turn.granted) left = await deliveries.due(left);
    }
    await settleCalls(channel, held, gapMs, parts);
    const wait = await deliveries.nextDue(slice.ids);
    // Later ones the sweep finds: a job that slept until the morning would block others with the id of its slice.
    return { againInMs: wait !== null && wait <= LONGEST_SLEEP_MS ? wait : null };
  };

function takeTurn({ name, limits }: Channel, left: number, { rateLimit }: SliceParts) {
  const rate = safeRate(limits.perSecond);
  return rateLimit.take(rateLimitKey(name), Math.min(left, chunkFor(rate)), rate, HORIZON_MS);
}

/** How a chunk goes out: the first call at `start`, the others `gapMs` apart. */
interface Pace {
  channel: Channel;
  start: number;
  gapMs: number;
  /** Deliveries that wait for their own chat, before or between messages; the others do not wait for them. */
  held: Promise<number>[];
}

/** Gives how many deliveries could be claimed. */
async function deliverChunk(
  chunk: string[],
  { channel, start, gapMs, held }: Pace,
  parts: SliceParts,
): Promise<number> {
  const { claims, finish, localRateLimit } = parts;
  const rows = await claims.take(chunk);
  const messages = await claims.messagesOf(rows);
  const work: Promise<number>[] = [];
  const fires = rows.map((row) => () => {
    const ofRow = messages.get(row.id) ?? [];
    const apart = (ofRow !== OVER && ofRow.length > 1) || finish.mustWait(row, channel) ? held : work;
    apart.push(finish.send(row, channel, ofRow));
  });
  await localRateLimit.run(rateLimitKey(channel.name), start, gapMs, fires);
  await settleCalls(channel, work, gapMs, parts);
  return rows.length;
}

/** A message in several parts took several calls: later ones wait accordingly. */
async function settleCalls(
  { name }: Channel,
  work: Promise<number>[],
  gapMs: number,
  { rateLimit }: SliceParts,
): Promise<void> {
  const more = (await Promise.all(work)).reduce((sum, count) => sum + count, 0);
  if (more > 0) await rateLimit.take(rateLimitKey(name), more, 1000 / gapMs, Number.MAX_SAFE_INTEGER);
}
