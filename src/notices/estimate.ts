import type { ChannelName } from '../core/channelName.ts';

type ByChannel = Partial<Record<ChannelName, number>>;

/**
 * Seconds until the last of these messages has gone, at the rate that each platform really takes. Platforms are served
 * at the same time; one without a rate is not used.
 */
export function estimateSeconds(messages: ByChannel, perSecond: ByChannel): number {
  const channels = Object.keys(messages) as ChannelName[];
  const seconds = channels.map((channel) => {
    const rate = perSecond[channel] ?? 0;
    return rate > 0 ? (messages[channel] ?? 0) / rate : 0;
  });
  return Math.ceil(Math.max(0, ...seconds));
}
