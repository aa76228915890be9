import type { ChannelLimits } from '../../domain/channel.ts';

/** core.telegram.org/bots/api and /bots/faq: 4096 characters, 64 bytes of callback data, about 30 messages a second. */
export const TELEGRAM_LIMITS: ChannelLimits = {
  text: 4096,
  buttonLabel: 64,
  buttonData: 64,
  buttons: 100,
  perSecond: 30,
  chatGapMs: 1000,
};

/** A document's caption, in characters; longer words go before it as a message of their own. */
export const MOST_CAPTION = 1024;
/** What getFile serves. */
export const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024;
