import type { ChannelLimits } from '../../core/channel.ts';

/** core.telegram.org/bots/api and /bots/faq: 4096 characters, 64 bytes of callback data, about 30 messages a second. */
export const TELEGRAM_LIMITS: ChannelLimits = {
  text: 4096,
  buttonLabel: 64,
  buttonData: 64,
  buttons: 100,
  perSecond: 30,
  chatGapMs: 1000,
};

/** A file's caption, in characters; longer words go before it as a message of their own. */
export const MOST_CAPTION = 1024;
/** What getFile serves. */
export const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024;
/** What sendPhoto takes; a larger one goes as a document. */
export const MOST_PHOTO_BYTES = 10 * 1024 * 1024;
/** What a deep link carries: core.telegram.org/bots/features#deep-linking */
export const START_PAYLOAD = /^[A-Za-z0-9_-]{1,64}$/;
/**
 * Telegram's apps send a longer text as several messages of 4096 characters each, or a little less, so that the cut falls
 * between sentences; its desktop app goes back by up to a half for that.
 */
export const CUT_FROM = TELEGRAM_LIMITS.text / 2;
