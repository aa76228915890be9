import type { ChannelName } from '../core/channelName.ts';

type ByChannel = Partial<Record<ChannelName, number>>;

/**
 * Seconds until the last of this many messages has gone, at the messages a second that each platform takes in fact. The
 * platforms are sent to side by side; one without a rate is not sent to, and takes no time.
 */
export function estimateSeconds(messages: ByChannel, perSecond: ByChannel): number {
  const channels = Object.keys(messages) as ChannelName[];
  const seconds = channels.map((channel) => {
    const rate = perSecond[channel] ?? 0;
    return rate > 0 ? (messages[channel] ?? 0) / rate : 0;
  });
  return Math.ceil(Math.max(0, ...seconds));
}
