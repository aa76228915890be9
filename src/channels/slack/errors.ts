import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { SendError, type SendErrorCode } from '../../core/channel.ts';

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
  // Slack says what it refuses with 200: other statuses are those of a fault, or of a proxy before it.
  if (error instanceof WebAPIHTTPError)
    return new SendError('unavailable', `the answer was ${error.statusCode}`, { partsDone });
  const causes = causesOf(error instanceof WebAPIRequestError ? error.original : error);
  if (causes.some(isProxyRefusal)) return new SendError('unavailable', 'the proxy let nothing through', { partsDone });
  if (causes.some(isSlowDown))
    return new SendError('slow_down', 'the answer was 429', { partsDone, retryAfterSeconds: 1 });
  const never = causes.some(({ code }) => NEVER_CONNECTED.has(code));
  return new SendError(never ? 'not_connected' : 'unknown_outcome', 'no answer from Slack', { partsDone });
}

/** Slack has answered, and would answer the same again. */
export const isFinal = (error: unknown): boolean =>
  error instanceof WebAPIPlatformError && !refusal(error.data.error, 0).retryable;

/** Slack's library takes for a name what stands in place of one: a whole page, or nothing. */
const isName = (name: unknown): boolean => typeof name === 'string' && /^[a-z0-9_]{1,100}$/.test(name);

function refusal(name: string, partsDone: number): SendError {
  if (!isName(name)) return new SendError('unavailable', 'the answer is not one of Slack', { partsDone });
  const code = Object.hasOwn(REFUSALS, name) ? (REFUSALS[name] ?? 'rejected') : 'rejected';
  return new SendError(code, name, { partsDone, ...(code === 'slow_down' && { retryAfterSeconds: 1 }) });
}

interface Cause {
  code: string;
  message: string;
}

function causesOf(error: unknown, depth = 0): Cause[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  return [{ code: String(code), message: String(message) }, ...causesOf(cause, depth + 1)];
}

/** Slack's library has no error for a 429 that does not say for how long. */
const isSlowDown = ({ message }: Cause): boolean => message.startsWith('Retry header did not contain');

/** undici has no code for a proxy that does not open the way. */
const isProxyRefusal = ({ message }: Cause): boolean => message.startsWith('Proxy response');
