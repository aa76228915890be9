import type { ChannelLimits } from '../../domain/channel.ts';

/** docs.slack.dev/reference/block-kit and /apis/web-api/rate-limits: about one message a second to each chat. */
export const SLACK_LIMITS: ChannelLimits = {
  text: 12_000,
  buttonLabel: 75,
  buttonData: 150,
  buttons: 100,
  perSecond: 8,
  chatGapMs: 1000,
};

/** Characters, after escaping. */
export const MOST_IN_SECTION = 3000;
/** Context elements are meant to be short; Slack documents no more than this for fields of its kind. */
export const MOST_IN_CONTEXT = 2000;
export const MOST_IN_HEADER = 150;
export const MOST_IN_TITLE = 24;
export const MOST_IN_LABEL = 2000;

export const MOST_BLOCKS = 50;
export const MOST_BLOCKS_IN_VIEW = 100;
export const MOST_ACTIONS = 25;
export const MOST_OPTIONS = 100;
/** More choices than this are a list to open, not a wall of buttons. */
export const MOST_BUTTONS_SHOWN = 10;

/** Of one HTTP request. */
export const MOST_BODY_BYTES = 1024 * 1024;
export const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024;
