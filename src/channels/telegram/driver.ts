import { systemClock } from '../../core/clock.ts';
import type { ChannelDriver } from '../kind.ts';
import { createTelegramChannel, type TelegramOptions } from './channel.ts';
import type { TelegramSettings } from './settings.ts';

const PATH = '/telegram/webhook';

export const driver: ChannelDriver<TelegramSettings> = {
  create(settings, { publicUrl, leads, clock, log }) {
    const { botToken, webhookSecret } = settings;
    const channel = createTelegramChannel({
      ...optionsOf(settings),
      webhook: webhookSecret ? { secret: webhookSecret, url: `${publicUrl}${PATH}` } : null,
      // Telegram gives updates to one at a time: of all processes on a database, to the leader.
      mayPoll: leads(`telegram-poll:${botToken.split(':')[0]}`),
      clock,
      log,
    });
    return { ...channel, routes: [{ path: PATH, answer: (headers, body) => webhook(channel, headers, body) }] };
  },
  fetcher: (settings, log) =>
    createTelegramChannel({ ...optionsOf(settings), mayPoll: async () => false, clock: systemClock, log }),
};

const optionsOf = ({ botToken, apiRoot, messagesPerSecond, proxy }: TelegramSettings) =>
  ({ token: botToken, apiRoot, perSecond: messagesPerSecond, proxy }) satisfies Partial<TelegramOptions>;

async function webhook(
  channel: ReturnType<typeof createTelegramChannel>,
  headers: Record<string, string>,
  rawBody: string,
): Promise<{ status: number; body: string }> {
  const secret = headers['x-telegram-bot-api-secret-token'];
  return { status: await channel.handleWebhook(secret, parsed(rawBody)), body: '' };
}

function parsed(rawBody: string): unknown {
  try {
    return JSON.parse(rawBody);
  } catch {
    return null;
  }
}
