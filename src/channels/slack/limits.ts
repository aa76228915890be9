import type { ChannelLimits } from '../../core/channel.ts';

/**
 * docs.slack.dev/reference/block-kit/blocks. All blocks of a message together: Slack answers `msg_blocks_too_long`
 * somewhat above 12,000 characters. A button's value may be longer than that of an option in a list.
 */
export const SLACK_LIMITS: ChannelLimits = {
  text: 12_000,
  buttonLabel: 75,
  buttonData: 150,
  buttons: 100,
  perSecond: 8,
  // docs.slack.dev/apis/web-api/rate-limits, tier 3, for chat.update and for chat.delete: 50 a minute.
  changesPerSecond: 50 / 60,
  chatGapMs: 1000,
};

export const MOST_SECTION = 3000;
export const MOST_CONTEXT = 2000;
export const MOST_HEADER = 150;
/** What stands for an image. */
export const MOST_ALT = 2000;
export const MOST_BLOCKS = 50;
export const BUTTONS_A_BLOCK = 5;
/** More choices than this are a list to open, not a wall of buttons. */
export const MOST_BUTTONS_SHOWN = 10;
export const MOST_OPTIONS = 100;
/** docs.slack.dev/reference/views and the elements of an input block. */
export const MOST_BLOCKS_IN_VIEW = 100;
export const MOST_TITLE = 24;
export const MOST_QUESTION = 2000;
export const MOST_TYPED = 3000;
export const MOST_RADIOS = 10;
export const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024;
/** Of one request of Slack. */
export const MOST_BODY_BYTES = 1024 * 1024;
