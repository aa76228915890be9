import type { ChannelLimits } from '../../domain/channel.ts';

/** docs.slack.dev/reference/block-kit/blocks: 3000 characters a section, 75 a button's label, 2000 its value. */
export const SLACK_LIMITS: ChannelLimits = {
  text: 3000,
  buttonLabel: 75,
  buttonData: 2000,
  buttons: 100,
  perSecond: 8,
  chatGapMs: 1000,
};

export const MOST_BLOCKS = 50;
export const BUTTONS_A_BLOCK = 5;
export const MOST_HEADER = 150;
/** All blocks of a message together; Slack answers `msg_blocks_too_long` somewhat above it. */
export const MOST_CHARACTERS = 12_000;
export const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024;
