import { createHash, timingSafeEqual } from 'node:crypto';
import { type Api, GrammyError } from 'grammy';
import { UserError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { sendError } from './errors.ts';
import { grammySignal, pause, UPDATES } from './polling.ts';

export interface WebhookParts {
  api: Api;
  webhook: { secret: string; url: string };
  /** What keeps Telegram from giving updates; null when it gives them. */
  told: (trouble: string | null) => void;
  log: Log;
}

const ASK_AGAIN_MS = 5_000;
const MOST_CONNECTIONS = 100;

const BAD_WEBHOOK = (why: string): string =>
  `PUBLIC_URL: Telegram takes no webhook there (${why}). Give an https address that the internet reaches, or unset TELEGRAM_WEBHOOK_SECRET for long polling.`;

/** Whether Telegram has taken the address; false when it did not answer. @throws UserError when it refuses the address */
export async function setWebhook(
  { api, webhook: { secret, url }, told, log }: WebhookParts,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const more = { secret_token: secret, allowed_updates: UPDATES, max_connections: MOST_CONNECTIONS };
    await api.setWebhook(url, more, grammySignal(signal));
    told(null);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (error instanceof GrammyError && error.error_code === 400) throw new UserError(BAD_WEBHOOK(error.description));
    log.warn('The webhook could not be set, trying again', {}, error);
    told(`the webhook could not be set (${sendError(error, 0).code})`);
    return false;
  }
}

/** Tries again until Telegram takes the address or refuses it, or the signal comes. Never rejects. */
export async function keepSettingWebhook(parts: WebhookParts, signal: AbortSignal): Promise<void> {
  try {
    do await pause(ASK_AGAIN_MS, signal);
    while (!signal.aborted && !(await setWebhook(parts, signal)));
  } catch (refused) {
    parts.told('the webhook was refused');
    parts.log.error('The webhook was refused', {}, refused);
  }
}

/** Whether the secret is the right one, in a time that says nothing of it, its length included. */
export function isSecret(given: string, wanted: string): boolean {
  const [left, right] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
