import { setMaxListeners } from 'node:events';
import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Clock, Ids } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Slice } from '../notices/queue.ts';
import { createAttempt } from './attempt.ts';
import { createBackoff } from './backoff.ts';
import { createClaims, unsent } from './claims.ts';
import { createFinish, type FinishParts } from './finish.ts';
import { createLeases } from './leases.ts';
import { createLocalRateLimit, type Pause, rateLimitKey, safeRate, systemPause } from './localRateLimit.ts';
import { later, startOf } from './outcomes.ts';
import { createOutcomeWriter } from './outcomeWriter.ts';
import type { ClaimedDelivery, ClaimedReply, Deliveries, Rendered } from './ports.ts';
import { createRefusals } from './refusals.ts';
import { createReplyRates } from './replyRates.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';
import { createSlices } from './slices.ts';

/** How long to wait before trying a reply again whose platform is not set up. */
const TRY_AGAIN_MS = 1_500;
/** For how long waiting replies may still go when the service stops; the next process sends the rest. */
const MOST_STOPPING_MS = 3_000;

export interface DeliverParts {
  deliveries: Deliveries;
  rateLimit: SharedRateLimit;
  channels: ReadonlyMap<ChannelName, Channel>;
  /**
   * What is left to send of notices, by delivery id. A delivery that is missing has nothing left to say; one that is
   * over is no longer of interest.
   */
  render: (rows: ClaimedDelivery[]) => Promise<Map<string, Rendered>>;
  /** Whether a write that failed may succeed in a moment. */
  isOutage: (error: unknown) => boolean;
  clock: Clock;
  ids: Ids;
  log: Log;
  pause?: Pause;
  hurriedGapMs?: FinishParts['hurriedGapMs'];
}

export interface Deliverer {
  /** Delivers a slice at the channel's rate. Says when the rest of it may be tried again. */
  deliver(slice: Pick<Slice, 'channel' | 'ids'>, signal?: AbortSignal): Promise<{ againInMs: number | null }>;
  /** Sends the replies of committed turns, as fast as the platform takes them; resolves when their outcomes are written. */
  sendClaimed(replies: ClaimedReply[]): Promise<void>;
  /** Claims and sends replies that an earlier attempt left behind. */
  retryReplies(ids: string[], signal?: AbortSignal): Promise<void>;
  /** Resolves when no delivery is claimed. */
  idle(): Promise<void>;
  /** Releases what would have to wait longer than a moment; resolves when no delivery is claimed. */
  stop(): Promise<void>;
}

export function createDeliverer(parts: DeliverParts): Deliverer {
  const { channels, pause = systemPause } = parts;
  const leaving = new AbortController();
  // Each message under way may listen to it: many listeners are not a leak.
  setMaxListeners(0, leaving.signal);
  const { leases, rates, refusals, finish, claims, deliver } = stepsOf({ ...parts, pause }, leaving.signal);

  async function sendRows(rows: ClaimedDelivery[], signal?: AbortSignal): Promise<void> {
    await Promise.all(
      rows.map(async (row) => {
        const channel = channels.get(row.channel);
        if (!channel) return finish.settle(later(row, startOf(row), TRY_AGAIN_MS, 'no_channel'));
        refusals.askAboutBlock(rateLimitKey(row.channel));
        const messages = unsent(row);
        const more = await finish.send(row, channel, messages, signal);
        if (more > 0) rates.of(channel).spent(more);
      }),
    );
  }

  return {
    deliver,
    async sendClaimed(replies) {
      const rows = replies.map(claimedReply);
      leases.take(rows);
      await sendRows(rows);
    },
    retryReplies: async (replies, signal) => sendRows(await claims.take(replies), signal),
    idle: () => leases.empty(),
    async stop() {
      await Promise.race([leases.empty(), pause(MOST_STOPPING_MS)]);
      leaving.abort();
      rates.stop();
      await leases.empty();
    },
  };
}

/** What a delivery goes through, from its claim to its outcome. */
function stepsOf(parts: DeliverParts & { pause: Pause }, leaving: AbortSignal) {
  const { deliveries, rateLimit, channels, clock, ids, log, pause } = parts;
  const time = { clock, pause, log };
  const [localRateLimit, backoff] = [createLocalRateLimit(clock, pause), createBackoff(clock)];
  const leases = createLeases(deliveries, clock, log);
  const rates = createReplyRates({ rateLimit, localRateLimit, backoff, ...time });
  const refusals = createRefusals({ rateLimit, backoff, keyOf: rateLimitKey, ids, clock, log });
  const attempt = createAttempt({
    ...{ backoff, leases, refusals, rateOf: rates.of, pause },
    reserve: async ({ name, limits }) =>
      (await rateLimit.take(rateLimitKey(name), 1, safeRate(limits.perSecond), Number.MAX_SAFE_INTEGER)).waitMs,
    keyOf: rateLimitKey,
    leaving,
  });
  const outcomeWriter = createOutcomeWriter((outcomes) => deliveries.settle(outcomes), parts.isOutage, pause, log);
  const finish = createFinish({ attempt, outcomeWriter, leases, ...time, hurriedGapMs: parts.hurriedGapMs });
  const claims = createClaims({ deliveries, leases, finish, render: parts.render, ids });

  const deliver = createSlices({ deliveries, claims, finish, rateLimit, localRateLimit, channels, clock, pause });
  return { leases, rates, refusals, finish, claims, deliver };
}

const claimedReply = (reply: ClaimedReply): ClaimedDelivery => ({
  id: reply.id,
  lease: reply.lease,
  identityId: reply.identityId,
  channel: reply.channel,
  address: reply.address,
  pacedUntil: reply.pacedUntil,
  identityKey: '',
  recipient: 'person',
  noticeId: null,
  kind: null,
  onUncertain: 'resend',
  language: null,
  payload: reply.messages,
  attempts: 1,
  doubts: 0,
  messagesDone: 0,
  partsDone: 0,
  begun: null,
});
