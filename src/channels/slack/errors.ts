import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { SendError, type SendErrorCode } from '../../domain/channel.ts';

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const TOKEN_REFUSALS = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'not_allowed_token_type',
  'missing_scope',
]);

export const isTokenRefused = (error: unknown): boolean =>
  error instanceof WebAPIPlatformError && TOKEN_REFUSALS.has(error.data.error);

/** docs.slack.dev/reference/methods/chat.postMessage, errors. What is not here is `rejected`. */
const REFUSALS: Record<string, SendErrorCode> = {
  ratelimited: 'slow_down',
  rate_limited: 'slow_down',
  channel_not_found: 'chat_not_found',
  user_not_found: 'chat_not_found',
  users_not_found: 'chat_not_found',
  // It speaks of our token, not of the person: the bot or its workspace is gone.
  account_inactive: 'unauthorized',
  user_disabled: 'deactivated',
  invalid_auth: 'unauthorized',
  not_authed: 'unauthorized',
  token_revoked: 'unauthorized',
  token_expired: 'unauthorized',
  is_archived: 'blocked',
  not_in_channel: 'blocked',
  cannot_dm_bot: 'blocked',
  internal_error: 'unavailable',
  fatal_error: 'unavailable',
  service_unavailable: 'unavailable',
};

/** Slack's refusal as one of the closed list; the cause is left out, as it can hold the request with its token. */
export function sendError(error: unknown, partsDone: number): SendError {
  if (error instanceof SendError) return error;
  if (error instanceof WebAPIRateLimitedError)
    return new SendError('slow_down', 'ratelimited', { partsDone, retryAfterSeconds: error.retryAfter });
  if (error instanceof WebAPIPlatformError) return refusal(error.data.error, partsDone);
  if (error instanceof WebAPIHTTPError)
    return new SendError(error.statusCode >= 500 ? 'unavailable' : 'rejected', `Slack answered ${error.statusCode}`, {
      partsDone,
    });
  const never = codesOf(error instanceof WebAPIRequestError ? error.original : error).some((code) =>
    NEVER_CONNECTED.has(code),
  );
  return new SendError(never ? 'not_connected' : 'unknown_outcome', 'no answer from Slack', { partsDone });
}

/** Slack has answered, and would answer the same again. */
export const isFinal = (error: unknown): boolean =>
  error instanceof WebAPIPlatformError && !refusal(error.data.error, 0).retryable;

function refusal(name: string, partsDone: number): SendError {
  const code = Object.hasOwn(REFUSALS, name) ? (REFUSALS[name] ?? 'rejected') : 'rejected';
  return new SendError(code, name, { partsDone, ...(code === 'slow_down' && { retryAfterSeconds: 1 }) });
}

function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return [...(typeof code === 'string' ? [code] : []), ...codesOf(cause, depth + 1)];
}
