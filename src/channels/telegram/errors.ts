import { GrammyError, HttpError } from 'grammy';
import { SendError } from '../../core/channel.ts';
import { NoAnswer } from './exchange.ts';

/** Telegram's refusal as one of the closed list. No message holds the token or anybody's words. */
export function sendError(error: unknown, partsDone: number): SendError {
  if (error instanceof SendError) return error;
  if (error instanceof GrammyError) return refusal(error, partsDone);
  const cause = error instanceof HttpError ? error.error : error;
  const never = cause instanceof NoAnswer && !cause.connected;
  return new SendError(never ? 'not_connected' : 'unknown_outcome', 'no answer from Telegram', { partsDone, cause });
}

/** For calls that do no harm when repeated: no doubt has to be recorded. */
export function repeatableError(error: unknown): SendError {
  const refused = sendError(error, 0);
  return refused.code === 'unknown_outcome' ? new SendError('unavailable', refused.detail, refused.more) : refused;
}

/** For what is done to messages: they stay behind where a group has moved on. */
export function changeError(error: unknown): SendError {
  const refused = repeatableError(error);
  return refused.code === 'moved' ? new SendError('rejected', refused.detail) : refused;
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
  // A group that does not let us write stays reachable: nobody tells us when its admins change their mind.
  return as(status >= 500 ? 'unavailable' : 'rejected');
}

const says = (error: unknown, words: RegExp): boolean =>
  error instanceof GrammyError && error.error_code === 400 && words.test(error.description);

export const isUnchanged = (error: unknown): boolean => says(error, /message is not modified/i);
export const isTopicGone = (error: unknown): boolean => says(error, /message thread not found|TOPIC_(DELETED|CLOSED)/i);
export const isGone = (error: unknown): boolean => says(error, /message to delete not found/i);
/** Telegram does not know the file any more by the id that it gave us. */
export const isForgotten = (error: unknown): boolean => says(error, /file[ _](identifier|id|reference)/i);
/** Too long or too wide, or broken: it can still be handed over as a document. */
export const isNoPhoto = (error: unknown): boolean => says(error, /PHOTO_\w*INVALID|IMAGE_PROCESS_FAILED/);
