import type { Config } from '../../config.ts';
import { UserError } from '../../core/errors.ts';
import type { PlatformLink } from '../../people/posters.ts';
import { call, type TokenAnswer } from './tokens.ts';

/** The addresses of our private chat on each platform that is set up. Nothing is listened to, nothing is sent. */
export async function addresses({ telegram, slack }: Config, start: string): Promise<PlatformLink[]> {
  return [...(telegram ? [await onTelegram(telegram, start)] : []), ...(slack ? [await onSlack(slack, start)] : [])];
}

async function onTelegram(
  { apiRoot, botToken }: NonNullable<Config['telegram']>,
  start: string,
): Promise<PlatformLink> {
  const me = await asked<{ username: string }>('TELEGRAM_API_ROOT', () => call(`${apiRoot}/bot${botToken}/getMe`));
  if (!me.result)
    throw new UserError(
      'TELEGRAM_BOT_TOKEN: Telegram does not know this token. Copy it again from @BotFather (/token).',
    );
  return { channel: 'telegram', url: `https://t.me/${me.result.username}?start=${start}`, toType: null };
}

/** docs.slack.dev/interactivity/deep-linking: nothing can be said along with the link. */
async function onSlack({ apiUrl, botToken }: NonNullable<Config['slack']>, start: string): Promise<PlatformLink> {
  const ask = (method: string) => asked<never>('SLACK_API_URL', () => call(`${apiUrl}/${method}`, botToken));
  const me: SlackAnswer = await ask('auth.test');
  if (!me.ok)
    throw new UserError(`SLACK_BOT_TOKEN: Slack refused it (${me.error}). Install the app again and copy its token.`);
  const { bot }: SlackAnswer = await ask(`bots.info?bot=${encodeURIComponent(me.bot_id ?? '')}`);
  const query = new URLSearchParams({
    ...(bot?.app_id ? { app: bot.app_id } : { channel: me.user_id ?? '' }),
    team: me.team_id ?? '',
  });
  return { channel: 'slack', url: `https://slack.com/app_redirect?${query}`, toType: `/hearback start ${start}` };
}

interface SlackAnswer extends TokenAnswer<never> {
  user_id?: string;
  team_id?: string;
  bot_id?: string;
  bot?: { app_id?: string };
}

/** @throws UserError when the platform is not there */
async function asked<T>(key: string, ask: () => Promise<TokenAnswer<T>>): Promise<TokenAnswer<T>> {
  try {
    return await ask();
  } catch {
    throw new UserError(
      `${key}: it does not answer. See that this machine reaches it, through a proxy if there is one.`,
    );
  }
}
