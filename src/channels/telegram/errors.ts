import { GrammyError, HttpError } from 'grammy';
import { SendError } from '../../domain/channel.ts';
import { NoAnswer } from './transport.ts';

/** Telegram's refusal as one of the closed list. No message holds the token or anybody's words. */
export function sendError(error: unknown, partsDone: number): SendError {
  if (error instanceof SendError) return error;
  if (error instanceof GrammyError) return refusal(error, partsDone);
  const cause = error instanceof HttpError ? error.error : error;
  const never = cause instanceof NoAnswer && !cause.connected;
  return new SendError(never ? 'not_connected' : 'unknown_outcome', 'no answer from Telegram', { partsDone, cause });
}

/** The words are those of the official Bot API server (`telegram-bot-api`), which has no codes finer than HTTP's. */
function refusal(error: GrammyError, partsDone: number): SendError {
  const { error_code: status, description, parameters } = error;
  const { migrate_to_chat_id: movedTo, retry_after: retryAfterSeconds = 1 } = parameters;
  const as = (code: SendError['code'], more = {}) => new SendError(code, description, { partsDone, ...more });
  if (movedTo !== undefined) return as('moved', { address: String(movedTo) });
  if (status === 429) return as('slow_down', { retryAfterSeconds });
  // 404 without a method's name: the token is not even of the right form.
  if (status === 401 || (status === 404 && description === 'Not Found')) return as('unauthorized');
  if (status === 403) return as(/deactivated/i.test(description) ? 'deactivated' : 'blocked');
  if (status === 400 && /chat not found|PEER_ID_INVALID/i.test(description)) return as('chat_not_found');
  // A gateway that gave up waiting does not know either.
  if (status === 504) return as('unknown_outcome');
  return as(status >= 500 ? 'unavailable' : 'rejected');
}
