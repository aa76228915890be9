import { GrammyError, HttpError } from 'grammy';
import { SendError } from '../../domain/channel.ts';

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Telegram's refusal as one of the closed list. No message holds the token: grammY keeps it out. */
export function sendError(error: unknown, partsDone: number): SendError {
  if (error instanceof GrammyError) return refusal(error, partsDone);
  if (error instanceof HttpError) {
    const never = codesOf(error.error).some((code) => NEVER_CONNECTED.has(code));
    return new SendError(never ? 'not_connected' : 'unknown_outcome', 'no answer from Telegram', {
      partsDone,
      cause: error,
    });
  }
  return new SendError('unknown_outcome', 'the call broke off', { partsDone, cause: error });
}

function refusal(error: GrammyError, partsDone: number): SendError {
  const { error_code: status, description, parameters } = error;
  const more = { partsDone };
  if (parameters.migrate_to_chat_id !== undefined)
    return new SendError('moved', description, { ...more, address: String(parameters.migrate_to_chat_id) });
  if (status === 429)
    return new SendError('slow_down', description, { ...more, retryAfterSeconds: parameters.retry_after ?? 1 });
  if (status === 401) return new SendError('unauthorized', description, more);
  if (status === 403)
    return new SendError(/deactivated/.test(description) ? 'deactivated' : 'blocked', description, more);
  if (status === 400 && /chat not found/.test(description)) return new SendError('chat_not_found', description, more);
  if (status >= 500) return new SendError('unavailable', description, more);
  return new SendError('rejected', description, more);
}

function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return [...(typeof code === 'string' ? [code] : []), ...codesOf(cause, depth + 1)];
}
