import type { Api } from 'grammy';
import type { KeepUnreadable, Receive } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import type { Unreadable } from '../../core/inbound.ts';
import type { Log } from '../../core/log.ts';
import type { Track } from '../underWay.ts';
import { sendError } from './errors.ts';
import { parseUpdate } from './parse.ts';
import { pressOfUsed } from './usedButtons.ts';

export interface TelegramIntakeParts {
  api: Api;
  botId: () => number;
  clock: Clock;
  log: Log;
  track: Track;
}

/** Where updates go: those that were read, and those that nobody could read. */
export interface TelegramRecorder {
  receive: Receive;
  keepUnreadable: KeepUnreadable;
}

/** Takes one update of Telegram: resolves when it is recorded, or is not for us. */
export function createIntake({ api, botId, clock, log, track }: TelegramIntakeParts) {
  function parsedOrUnreadable(update: unknown): ReturnType<typeof parseUpdate> | Unreadable {
    try {
      return parseUpdate(update, botId(), clock());
    } catch (error) {
      const { update_id: number } = update as { update_id?: unknown };
      return { id: `telegram:${botId()}:${number}`, raw: JSON.stringify(update), error: String(error) };
    }
  }

  /** Only stops the button's spinning: nobody waits for it. */
  function answerButton(callbackId: string): void {
    const unanswered = (error: unknown) => log.debug('A button was not answered', { code: sendError(error, 0).code });
    void track(api.answerCallbackQuery(callbackId).then(() => undefined, unanswered));
  }

  return async (update: unknown, { receive, keepUnreadable }: TelegramRecorder): Promise<void> => {
    const again = pressOfUsed(update);
    if (again !== null) return answerButton(again);
    const parsed = parsedOrUnreadable(update);
    if (!parsed) return log.debug('An update that is not for us');
    if ('raw' in parsed) return track(keepUnreadable(parsed));
    await track(receive(parsed.inbound));
    if (parsed.callbackId !== null) answerButton(parsed.callbackId);
  };
}
