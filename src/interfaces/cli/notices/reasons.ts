import { counted, grouped } from '../words.ts';

/** Why a message did not go out, or could not be changed, in an organizer's words; the table of `DeliveryReason` and more. */
const WORDS: Record<string, string> = {
  blocked: 'blocked the bot',
  deactivated: 'account closed',
  chat_not_found: 'chat not found',
  moved: 'moved to another chat',
  rejected: 'refused by the platform',
  unauthorized: 'token refused',
  slow_down: 'platform asked for patience',
  unavailable: 'platform out of order',
  not_connected: 'platform not reached',
  unknown_outcome: 'nobody knows whether it arrived',
  stopped: 'stopped the bot',
  unreachable: 'cannot be reached',
  erased: 'erased',
  not_agreed: 'have not agreed to take part',
  answers_only: 'want only answers to themselves',
  critical_only: 'want critical ones only',
  other_topics: 'want other topics only',
  over: 'its time was over',
  cancelled: 'called back in time',
  nothing_to_send: 'nothing left to say',
  no_channel: 'platform not set up',
  too_late: 'too old for the platform',
  gone: 'not to be found any more',
  busy: 'in the middle of something',
};

export const reasonWords = (reason: string): string => WORDS[reason] ?? reason.replaceAll('_', ' ');

/** `blocked the bot 10, account closed 2`, the most frequent first. */
export const reasonList = (reasons: Record<string, number> = {}): string =>
  Object.entries(reasons)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${reasonWords(reason)} ${grouped(count)}`)
    .join(', ');

export const messages = (count: number): string => counted(count, 'message');
