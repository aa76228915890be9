import type { Logger, LogLevel } from '@slack/bolt';
import type { WebClient, WebClientOptions } from '@slack/web-api';
import { UserError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { isTokenRefused } from './errors.ts';

export const CALL_MS = 15_000;

/** One call, one request: the caller decides whether it is made again. */
export const clientOptions = (apiUrl: string, log: Log): WebClientOptions => ({
  slackApiUrl: apiUrl,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: CALL_MS,
  logger: quiet(log),
});

/** Our own names at Slack. */
export interface Me {
  botUserId: string;
  botId: string;
  /** The workspace; where the app is installed for a whole organization, that. */
  teamId: string;
  isWholeOrganization: boolean;
  /** Null where Slack does not say. */
  appId: string | null;
}

/** @throws UserError when the token is refused, or Slack is not there */
export async function whoAmI(client: WebClient): Promise<Me> {
  try {
    const { user_id = '', bot_id = '', ...found } = await client.auth.test();
    const { team_id = '', enterprise_id = team_id, is_enterprise_install: isWholeOrganization = false } = found;
    const teamId = isWholeOrganization ? enterprise_id : team_id;
    const appId = found.app_id ?? (await appOf(client, bot_id));
    return { botUserId: user_id, botId: bot_id, teamId, isWholeOrganization, appId };
  } catch (error) {
    if (isTokenRefused(error))
      throw new UserError(
        'SLACK_BOT_TOKEN: Slack does not know this token. Copy it again from api.slack.com/apps, OAuth & Permissions, Bot User OAuth Token.',
      );
    throw new UserError(
      'SLACK_API_URL: Slack does not answer. Check the network, or the address if you use another one.',
    );
  }
}

const appOf = (client: WebClient, bot: string): Promise<string | null> =>
  client.bots.info({ bot }).then(
    (found) => found.bot?.app_id ?? null,
    () => null,
  );

/**
 * Opens the private chat with us (docs.slack.dev/interactivity/deep-linking); nothing can be said along with it. Where the
 * app is not known, its bot's user is as good; people of an organization go to the workspace that they are in.
 */
export function linkTo({ appId, botUserId, teamId, isWholeOrganization }: Me): string {
  const query = new URLSearchParams(appId === null ? { channel: botUserId } : { app: appId });
  if (!isWholeOrganization) query.set('team', teamId);
  return `https://slack.com/app_redirect?${query}`;
}

/** Slack's libraries write payloads into their messages: only that something happened goes to our log. */
export function quiet(log: Log): Logger {
  const none = () => undefined;
  return {
    debug: none,
    info: none,
    warn: () => log.debug('The Slack client warns'),
    error: () => log.warn('The Slack client reports an error'),
    setLevel: none,
    getLevel: () => 'error' as LogLevel,
    setName: none,
  };
}
