import { createSlackChannel, type SlackChannel } from '../channels/slack/channel.ts';
import { download } from '../channels/slack/send.ts';
import { createTelegramChannel, type TelegramChannel } from '../channels/telegram/channel.ts';
import type { Config } from '../config.ts';
import type { Channel, ChannelName } from '../core/channel.ts';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { ORGANIZE } from '../core/surfaces.ts';
import type { Content } from './conversation.ts';

type TelegramConfig = NonNullable<Config['telegram']>;

/** @param publicUrl where the outside reaches this service. @param mayPoll whether this process is the one that polls. */
export function telegramChannel(
  { botToken, apiRoot, webhookSecret, messagesPerSecond, proxy }: TelegramConfig,
  publicUrl: string,
  mayPoll: () => Promise<boolean>,
  log: Log,
): TelegramChannel {
  return createTelegramChannel({
    token: botToken,
    apiRoot,
    webhook: webhookSecret ? { secret: webhookSecret, url: `${publicUrl}/telegram/webhook` } : null,
    mayPoll,
    perSecond: messagesPerSecond,
    proxy,
    clock: systemClock,
    log,
  });
}

export function slackChannel(
  config: NonNullable<Config['slack']>,
  { commands, surfaces }: Pick<Content, 'commands' | 'surfaces'>,
  log: Log,
): SlackChannel {
  const { messagesPerSecond, ...tokens } = config;
  return createSlackChannel({
    ...tokens,
    // In no menu, and still a command: where it is named, it is written as Slack's people have to type it.
    commands: () => [...commands().map(({ name }) => name), ORGANIZE],
    surfaces,
    perSecond: messagesPerSecond,
    clock: systemClock,
    log,
  });
}

/** Fetches the files of one platform without listening to it; null where its tokens are not set. */
export function fetcher(
  name: ChannelName,
  { telegram, slack, publicUrl }: Config,
  log: Log,
): Pick<Channel, 'download'> | null {
  if (name === 'telegram' && telegram) return telegramChannel(telegram, publicUrl, async () => false, log);
  return name === 'slack' && slack ? { download: (ref) => download(ref, slack) } : null;
}
