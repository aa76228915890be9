import { z } from 'zod';
import { isOfThisMachine, type KeyRule, needs, ownAddress, webAddress, whole } from '../../core/envKeys.ts';
import { UserError } from '../../core/errors.ts';
import type { OutboundMessage } from '../../core/message.ts';
import { type ProxySettings, proxyFor } from '../../core/proxy.ts';
import { readUrl } from '../../core/readUrl.ts';
import type { PlatformLink } from '../../people/posters.ts';
import type { ChannelKind, MessagePreview } from '../kind.ts';
import { asked, call } from '../platformApi.ts';
import { render } from './render.ts';
import type { TelegramSettings } from './settings.ts';

const KEYS = {
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, 'is not a bot token: copy the line that @BotFather gives, digits, a colon, letters.')
    .optional()
    .describe('Token from @BotFather. Set: Hearback is on Telegram.'),
  TELEGRAM_API_ROOT: webAddress('https://api.telegram.org')
    .default('https://api.telegram.org')
    .describe('Another Bot API server, for example your own.'),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'must be 1 to 256 of A-Z a-z 0-9 _ -; `openssl rand -hex 32` makes a good one.')
    .optional()
    .describe('Set: webhook at `PUBLIC_URL/telegram/webhook`, refused without this secret. Unset: long polling.'),
  TELEGRAM_MESSAGES_PER_SECOND: whole(1, 1000).default(30).describe('Most messages a second to all chats together.'),
};

const keys = z.object(KEYS);

export const telegram: ChannelKind<TelegramSettings> = {
  title: 'Telegram',
  setUp: 'write /newbot to @BotFather, and put its token into .env: TELEGRAM_BOT_TOKEN=…',
  keys: KEYS,
  rules: [needs('TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_BOT_TOKEN'), needsHttps],
  settings(values: unknown, proxy: ProxySettings | null) {
    const read = values as z.output<typeof keys>;
    if (!read.TELEGRAM_BOT_TOKEN) return null;
    return {
      botToken: read.TELEGRAM_BOT_TOKEN,
      apiRoot: read.TELEGRAM_API_ROOT,
      webhookSecret: read.TELEGRAM_WEBHOOK_SECRET ?? null,
      messagesPerSecond: read.TELEGRAM_MESSAGES_PER_SECOND,
      proxy: proxyFor(read.TELEGRAM_API_ROOT, proxy),
    };
  },
  remedy: 'See that this machine reaches TELEGRAM_API_ROOT, through a proxy if there is one.',
  example: '123456',
  toStart: (start) => `send the bot /start ${start}`,
  probe,
  doubts,
  address,
  preview,
  load: () => import('./driver.ts').then(({ driver }) => driver),
};

function needsHttps(given: Parameters<KeyRule>[0]): string | null {
  if (!given.TELEGRAM_WEBHOOK_SECRET) return null;
  const url = given.PUBLIC_URL ?? ownAddress(given.HOST, given.PORT);
  // Loopback is let through for the sandbox; an address that cannot be read has its own mistake already.
  const read = readUrl(url);
  if (read === null || read.protocol === 'https:' || isOfThisMachine(url)) return null;
  return 'TELEGRAM_WEBHOOK_SECRET: Telegram sends webhooks to https only. Set PUBLIC_URL to the https address of this service, or unset the secret for long polling.';
}

/** A stand-in for Telegram on this machine reaches what Telegram does not. */
function doubts({ webhookSecret, apiRoot }: TelegramSettings, publicUrl: string) {
  if (!webhookSecret || !isOfThisMachine(publicUrl)) return [];
  const what = `TELEGRAM_WEBHOOK_SECRET: Telegram is told to deliver to ${publicUrl}, which only this machine reaches`;
  const remedy = 'Set PUBLIC_URL to the https address of this service, or unset the secret: then it fetches by itself.';
  return [{ state: isOfThisMachine(apiRoot) ? ('hint' as const) : ('wrong' as const), what, remedy }];
}

async function probe({ apiRoot, botToken, webhookSecret }: TelegramSettings): Promise<string> {
  const me = await call<{ username: string }>(`${apiRoot}/bot${botToken}/getMe`);
  if (!me.ok || !me.result) {
    throw new UserError(
      'TELEGRAM_BOT_TOKEN: Telegram does not know this token. Send /token to @BotFather and copy it again.',
    );
  }
  const hook = await call<Hook>(`${apiRoot}/bot${botToken}/getWebhookInfo`);
  // Telegram keeps its last error forever: it only matters while updates are waiting.
  const trouble = webhookSecret && hook.result?.pending_update_count ? hook.result.last_error_message : undefined;
  if (trouble)
    throw new UserError(
      `PUBLIC_URL: Telegram could not deliver to the webhook: ${trouble}. Let it reach this service by https.`,
    );
  return `@${me.result.username}, by ${webhookSecret ? 'webhook' : 'long polling'}`;
}

interface Hook {
  pending_update_count?: number;
  last_error_message?: string;
}

async function address({ apiRoot, botToken }: TelegramSettings, start: string): Promise<PlatformLink> {
  const me = await asked<{ username: string }>('TELEGRAM_API_ROOT', () => call(`${apiRoot}/bot${botToken}/getMe`));
  if (!me.result)
    throw new UserError(
      'TELEGRAM_BOT_TOKEN: Telegram does not know this token. Copy it again from @BotFather (/token).',
    );
  return { channel: 'telegram', url: `https://t.me/${me.result.username}?start=${start}`, toType: null };
}

function preview(message: OutboundMessage): MessagePreview {
  const parts = render(message);
  const messages = parts.map(({ text }) => ({ text, characters: text.length, blocks: null }));
  return { messages, buttons: parts.at(-1)?.keyboard.map((row) => row.map(({ text }) => text)) ?? [] };
}
