import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Backoff } from './backoff.ts';
import { rateLimitKey, safeRate } from './localRateLimit.ts';
import { createReplyRate, type ReplyRate, type ReplyRateParts } from './replyRate.ts';

type ReplyRatesParts = Pick<ReplyRateParts, 'rateLimit' | 'localRateLimit' | 'clock' | 'pause' | 'log'> & {
  backoff: Pick<Backoff, 'ask'>;
};

/** One rate for the replies of each channel. */
export function createReplyRates({ backoff, ...parts }: ReplyRatesParts) {
  const rates = new Map<ChannelName, ReplyRate>();

  function make({ name, limits }: Channel): ReplyRate {
    const bulkKey = rateLimitKey(name);
    const silence = () => backoff.ask(bulkKey);
    return createReplyRate({ ...parts, bulkKey, perSecond: safeRate(limits.perSecond), silence });
  }

  return {
    of(channel: Channel): ReplyRate {
      const rate = rates.get(channel.name) ?? make(channel);
      rates.set(channel.name, rate);
      return rate;
    },
    stop() {
      for (const rate of rates.values()) rate.stop();
    },
  };
}
