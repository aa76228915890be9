import { type Channel, SendError } from '../core/channel.ts';
import type { Clock, Ids } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { NoticeMessage } from '../core/message.ts';
import type { Backoff } from './backoff.ts';
import type { Leases } from './leases.ts';
import { arrived, begin, later, type Progress, patienceMs, refused, sent, startOf } from './outcomes.ts';
import type { ClaimedDelivery, Outcome } from './ports.ts';
import type { Pause } from './rateLimiter.ts';
import { type ReplyRate, replyKey } from './replyRate.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

/** A reply waits in its place for a platform that asks for patience, so long in all. */
const REPLY_PATIENCE_MS = 60_000;
const ASK_ABOUT_BLOCKS_MS = 1_000;

export interface AttemptParts {
  rateLimit: SharedRateLimit;
  backoff: Backoff;
  leases: Pick<Leases, 'holds'>;
  /** Where the rate limit keeps the calls of a channel. */
  keyOf: (channel: Channel['name']) => string;
  rateOf: (channel: Channel) => ReplyRate;
  /** Everything ends: what can wait for whoever comes next does. */
  leaving: AbortSignal;
  clock: Clock;
  ids: Ids;
  pause: Pause;
  log: Log;
}

/** One try at a delivery in hand, message by message, and what has become of it. */
export function createAttempts({
  rateLimit,
  backoff,
  leases,
  keyOf,
  rateOf,
  leaving,
  clock,
  ids,
  pause,
  log,
}: AttemptParts) {
  const askedAt = new Map<string, number>();

  async function attempt(
    row: ClaimedDelivery,
    channel: Channel,
    messages: NoticeMessage[],
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const isReply = row.noticeId === null;
    const silence = isReply ? 0 : backoff.ask(keyOf(row.channel));
    const progress = startOf(row);
    if (silence > 0) return later(row, progress, silence, 'slow_down');
    try {
      for (const [at, message] of messages.entries()) {
        if (isReply && !(await rateOf(channel).next(at > 0, signal))) return later(row, progress, 0, null);
        // Somebody else may have taken it over: at most what was under way is then sent twice.
        if (!leases.holds(row.id)) return later(row, progress, 0, null);
        await (isReply ? sendReply : sendOne)(row, channel, message, progress);
      }
      backoff.passed(keyOf(row.channel));
      return sent(row, progress);
    } catch (error) {
      return handleRefusal(row, progress, error);
    }
  }

  /** A platform that asks for patience is waited for: nobody's reply comes after a later one, or with the next sweep. */
  async function sendReply(
    row: ClaimedDelivery,
    channel: Channel,
    message: NoticeMessage,
    progress: Progress,
  ): Promise<void> {
    for (let waited = 0; ; ) {
      try {
        return await sendOne(row, channel, message, progress);
      } catch (error) {
        const ms = error instanceof SendError && error.code === 'slow_down' ? patienceMs(error) : null;
        waited += ms ?? 0;
        if (ms === null || waited > REPLY_PATIENCE_MS) throw error;
        slowDown(row, ms);
        progress.partsDone = (error as SendError).more.partsDone ?? progress.partsDone;
        await unless(leaving, pause(ms));
        if (!(await rateOf(channel).next(true)) || !leases.holds(row.id)) throw error;
      }
    }
  }

  async function sendOne(
    row: ClaimedDelivery,
    channel: Channel,
    message: NoticeMessage,
    progress: Progress,
  ): Promise<void> {
    begin(row, progress, message);
    try {
      progress.refs.push(...(await channel.send(progress.address ?? row.address, message, progress.partsDone)));
    } catch (error) {
      const moved = error instanceof SendError && error.code === 'moved' ? error.more.address : undefined;
      if (!moved || progress.address) throw error;
      progress.address = moved;
      progress.refs.push(...(await channel.send(moved, message, progress.partsDone)));
    }
    arrived(progress, message);
  }

  function handleRefusal(row: ClaimedDelivery, progress: Progress, error: unknown): Outcome {
    const chance = (ids.bytes(1)[0] ?? 0) / 256;
    if (!(error instanceof SendError)) {
      log.error('A channel failed in a way it does not declare', { delivery: row.id, channel: row.channel }, error);
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
    Promise.all(shared).catch((error) => log.warn('A block could not be shared', { channel: row.channel }, error));
  }

  /** A silence that another process was told of holds for replies here, too. */
  function askAboutBlock(key: string): void {
    if (clock() - (askedAt.get(key) ?? Number.NEGATIVE_INFINITY) < ASK_ABOUT_BLOCKS_MS) return;
    askedAt.set(key, clock());
    rateLimit.blocked(key).then(
      (ms) => ms > 0 && backoff.block(key, ms),
      (error) => log.debug('Blocks could not be read', { key, error: String(error.code) }),
    );
  }

  return { attempt, askAboutBlock };
}

/** Resolves with the work, or when the signal comes. */
function unless(signal: AbortSignal, work: Promise<void>): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const ended = () => resolve();
    signal.addEventListener('abort', ended);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended));
  });
}
