import type { Config } from '../../config.ts';
import { UserError } from '../../core/errors.ts';
import { useProxy } from '../../core/useProxy.ts';
import type { Probes } from './doctor.ts';

const PATIENCE_MS = 10_000;

/** Asks each platform that is set whether it knows the tokens; nothing is sent to anybody. */
export function tokenProbes({ telegram, slack, proxy }: Config): Probes {
  return {
    ...(telegram && { telegram: () => useProxy(proxy).then(() => askTelegram(telegram)) }),
    ...(slack && { slack: () => useProxy(proxy).then(() => askSlack(slack)) }),
  };
}

async function askTelegram({ apiRoot, botToken, webhookSecret }: NonNullable<Config['telegram']>): Promise<string> {
  const me = await call<{ username: string }>(`${apiRoot}/bot${botToken}/getMe`);
  if (!me.ok || !me.result) {
    throw new UserError(
      'TELEGRAM_BOT_TOKEN: Telegram does not know this token. Send /token to @BotFather and copy it again.',
    );
  }
  const hook = await call<Hook>(`${apiRoot}/bot${botToken}/getWebhookInfo`);
  // Telegram remembers the last trouble forever: it matters while updates are waiting.
  const trouble = webhookSecret && hook.result?.pending_update_count ? hook.result.last_error_message : undefined;
  if (trouble)
    throw new UserError(
      `PUBLIC_URL: Telegram could not deliver to the webhook: ${trouble}. Let it reach this service by https.`,
    );
  return `@${me.result.username}, by ${webhookSecret ? 'webhook' : 'long polling'}`;
}

async function askSlack({ apiUrl, botToken, appToken }: NonNullable<Config['slack']>): Promise<string> {
  const me = await call<never>(`${apiUrl}/auth.test`, botToken);
  const opened = appToken ? await call<never>(`${apiUrl}/apps.connections.open`, appToken) : { ok: true };
  const mistakes = [
    ...(me.ok ? [] : [`SLACK_BOT_TOKEN: Slack refused it (${me.error}). Install the app again and copy its token.`]),
    ...(opened.ok
      ? []
      : [
          `SLACK_APP_TOKEN: Slack refused it (${opened.error}). It needs connections:write, and Socket Mode switched on.`,
        ]),
  ];
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'), mistakes);
  return `${me.user} in ${me.team}, by ${appToken ? 'Socket Mode' : 'HTTP'}`;
}

interface Hook {
  pending_update_count?: number;
  last_error_message?: string;
}

export interface TokenAnswer<T> {
  ok: boolean;
  result?: T;
  error?: string;
  user?: string;
  team?: string;
}

/** One call of a platform's API. @throws Error when what answers is no such API */
export async function call<T>(url: string, bearer?: string): Promise<TokenAnswer<T>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer = (await response.json().catch(() => null)) as TokenAnswer<T> | null;
  if (!answer) throw new Error(`answered ${response.status} without JSON: is this the address of the API?`);
  return answer;
}
