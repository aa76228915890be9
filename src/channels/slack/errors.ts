import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { SendError, type SendErrorCode } from '../../domain/channel.ts';

const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Slack's own words. `account_inactive` speaks of our token, not of the person; `internal_error` and `fatal_error`
 * say that part of the call may have been carried out (docs.slack.dev/reference/methods/chat.postMessage).
 */
const CODES: Record<SendErrorCode, string[]> = {
  slow_down: ['ratelimited', 'rate_limited', 'message_limit_exceeded'],
  chat_not_found: ['channel_not_found', 'user_not_found', 'users_not_found', 'not_in_channel', 'is_archived'],
  deactivated: ['user_disabled'],
  blocked: ['cannot_dm_bot', 'user_not_visible', 'restricted_action', 'external_channel_migrating'],
  unauthorized: ['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive', 'missing_scope', 'no_permission', 'not_allowed_token_type', 'org_login_required', 'access_denied'],
  unavailable: ['service_unavailable', 'request_timeout', 'team_added_to_org'],
  unknown_outcome: ['internal_error', 'fatal_error'],
  rejected: [],
  moved: [],
  not_connected: [],
};
const BY_WORD = new Map(Object.entries(CODES).flatMap(([code, words]) => words.map((word) => [word, code as SendErrorCode])));

/** Slack's refusal as one of the closed list. */
export function sendError(error: unknown, partsDone = 0): SendError {
  if (error instanceof SendError) return error;
  const { code, detail, retryAfterSeconds } = reading(error);
  return new SendError(code, detail, { partsDone, cause: error, ...(code === 'slow_down' && { retryAfterSeconds: retryAfterSeconds ?? 1 }) });
}

interface Reading {
  code: SendErrorCode;
  detail: string;
  retryAfterSeconds?: number | undefined;
}

function reading(error: unknown): Reading {
  if (error instanceof WebAPIRateLimitedError) return { code: 'slow_down', detail: 'ratelimited', retryAfterSeconds: error.retryAfter };
  if (error instanceof WebAPIPlatformError) return refusal(error);
  if (error instanceof WebAPIHTTPError) return { code: error.statusCode >= 500 ? 'unavailable' : 'rejected', detail: `HTTP ${error.statusCode}` };
  if (error instanceof WebAPIRequestError && codesOf(error.original).some((code) => NEVER_CONNECTED.has(code)))
    return { code: 'not_connected', detail: 'Slack was not reached' };
  // The library has no class for a 429 without Retry-After.
  if (error instanceof Error && error.message.startsWith('Retry header')) return { code: 'slow_down', detail: 'HTTP 429' };
  return { code: 'unknown_outcome', detail: 'no answer from Slack' };
}

function refusal({ data }: WebAPIPlatformError): Reading {
  const word = String(data.error);
  // An answer that is no JSON is handed over by the library as if it were Slack's word.
  if (!/^[a-z0-9_]{1,64}$/.test(word)) return { code: 'unknown_outcome', detail: 'an answer that cannot be read' };
  return { code: BY_WORD.get(word) ?? 'rejected', detail: word, retryAfterSeconds: data.response_metadata?.retryAfter };
}

function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return [...(typeof code === 'string' ? [code] : []), ...codesOf(cause, depth + 1)];
}
