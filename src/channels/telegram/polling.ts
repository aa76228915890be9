import { setTimeout } from 'node:timers/promises';
import { type Api, GrammyError, HttpError } from 'grammy';
import type { Update } from 'grammy/types';
import type { Log } from '../../core/log.ts';
import { sendError } from './errors.ts';

export const UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;
export const POLL_SECONDS = 25;
const BATCH = 100;
const TURN_MS = 1000;
const MOST_PAUSE_MS = 5000;
/** Stopping does not wait longer for a courtesy. */
const MOST_STOPPING_MS = 1000;

interface PollingParts {
  api: Api;
  /** Whether this process is the one that may poll: Telegram allows one at a time. */
  mayPoll: () => Promise<boolean>;
  take: (update: Update) => Promise<void>;
  /** What keeps Telegram from giving updates; null when it gives them. */
  told: (trouble: string | null) => void;
  log: Log;
}

/** Takes updates until the signal; resolves when the last of them is done with. Never rejects. */
export async function poll(parts: PollingParts, signal: AbortSignal): Promise<void> {
  const { api, log } = parts;
  const state = { offset: 0, webhookGone: false };
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (await parts.mayPoll()) await takeBatch(parts, state, signal);
      else await pause(TURN_MS, signal);
      failures = 0;
      parts.told(null);
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      parts.told(refusalOf(error));
      log.warn('Updates from Telegram could not be taken in, trying again', { failures }, error);
      // 409: somebody else polls, or a webhook was set meanwhile.
      if (error instanceof GrammyError && error.error_code === 409) state.webhookGone = false;
      await pause(backoffMs(failures, error), signal);
    }
  }
  if (state.offset > 0) await confirm(api, state.offset, log);
}

/** An update is confirmed, by asking for those after it, only when all up to it are recorded. */
async function takeBatch(
  { api, take }: PollingParts,
  state: { offset: number; webhookGone: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (!state.webhookGone) state.webhookGone = await api.deleteWebhook({}, grammySignal(signal));
  const ask = { offset: state.offset, limit: BATCH, timeout: POLL_SECONDS, allowed_updates: UPDATES };
  const updates = await api.getUpdates(ask, grammySignal(signal));
  const outcomes = await Promise.allSettled(updates.map(take));
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  if (refused) throw refused.reason;
  // After a week of silence Telegram may go on with a lower number; with nothing open, zero asks for any.
  state.offset = Math.max(0, ...updates.map((update) => update.update_id + 1));
}

/** What stays unconfirmed comes once more at the next start, and is recognised. */
async function confirm(api: Api, offset: number, log: Log): Promise<void> {
  const signal = grammySignal(AbortSignal.timeout(MOST_STOPPING_MS));
  await api
    .getUpdates({ offset, limit: 1, timeout: 0 }, signal)
    .catch((error) => log.debug('The last updates stay unconfirmed', { error: String(error.name) }));
}

/** Null for what is not a refusal of Telegram's. */
const refusalOf = (error: unknown): string | null =>
  error instanceof GrammyError || error instanceof HttpError
    ? `updates do not come (${sendError(error, 0).code})`
    : null;

function backoffMs(failures: number, error: unknown): number {
  const wish = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1000 : 0;
  const own = Math.min(MOST_PAUSE_MS, 100 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random() / 2);
  return Math.max(wish, own);
}

/** grammY types its signals by a package older than Node's own, which do as well. */
export const grammySignal = (signal: AbortSignal) => signal as unknown as Parameters<Api['getUpdates']>[1];

/** Shorter when the signal comes. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);
