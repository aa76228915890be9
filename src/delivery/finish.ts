import type { Channel } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { OVER } from '../notices/notice.ts';
import type { Attempt } from './attempt.ts';
import type { Leases } from './leases.ts';
import type { Pause } from './localRateLimit.ts';
import { sent, skipped, startOf } from './outcomes.ts';
import type { OutcomeWriter } from './outcomeWriter.ts';
import { createPerChatQueue } from './perChatQueue.ts';
import type { ClaimedDelivery, DeliveryReason, Outcome, Rendered } from './ports.ts';

/** Whoever is so far ahead has written three messages within a moment; their answers come one after the other. */
const UNHURRIED_MS = 3_000;
const HURRIED_GAP_MS = 350;

export interface FinishParts {
  attempt: Attempt;
  outcomeWriter: OutcomeWriter;
  leases: Pick<Leases, 'drop'>;
  clock: Clock;
  pause: Pause;
  /**
   * The gap between two answers to somebody who writes fast; left out: wide enough to leave room for everybody else's.
   */
  hurriedGapMs?: number | undefined;
  log: Log;
}

export type Finish = ReturnType<typeof createFinish>;

/** Finishes one claimed delivery: sends it in its chat's order, writes the outcome, releases the lease. */
export function createFinish(parts: FinishParts) {
  const { attempt, outcomeWriter, leases, clock, pause, hurriedGapMs = HURRIED_GAP_MS, log } = parts;
  const perChat = createPerChatQueue(clock, pause);

  /**
   * Sends one delivery and writes its outcome. Gives how many calls it took beyond one a message: a long message takes
   * several.
   */
  async function send(
    row: ClaimedDelivery,
    channel: Channel,
    messages: Rendered,
    signal?: AbortSignal,
  ): Promise<number> {
    if (messages === OVER) {
      await settle(empty(row, OVER));
      return 0;
    }
    const outcome =
      messages.length === 0
        ? empty(row, 'nothing_to_send')
        : await perChat.run(chatOf(row), gapOf(row, channel), () => attempt(row, channel, messages, signal));
    await settle(outcome);
    return Math.max(0, outcome.refs.length - messages.length);
  }

  /** Replies go at once, except to somebody who floods us: theirs leave room for everybody else's. */
  function gapOf({ noticeId, pacedUntil = 0 }: ClaimedDelivery, { limits }: Channel): number {
    if (noticeId !== null) return limits.chatGapMs;
    return pacedUntil - clock() > UNHURRIED_MS ? hurriedGapMs : 0;
  }

  async function settle(outcome: Outcome): Promise<void> {
    try {
      await outcomeWriter.settle(outcome);
    } catch (error) {
      // The lease expires, and the sweep picks the row up with a doubt: it is not lost.
      log.error('An outcome could not be written', { delivery: outcome.id }, error);
    } finally {
      leases.drop(outcome.id);
    }
  }

  /** Whether something else has to go to the same chat first. */
  const mustWait = (row: ClaimedDelivery, channel: Channel): boolean =>
    perChat.isBusy(chatOf(row), gapOf(row, channel));

  return { send, settle, mustWait };
}

const chatOf = ({ channel, address }: ClaimedDelivery): string => `${channel}:${address}`;

/** The outcome where nothing is left to send: what arrived before counts as the whole. */
const empty = (row: ClaimedDelivery, reason: DeliveryReason): Outcome =>
  row.messagesDone > 0 ? sent(row, startOf(row)) : skipped(row, reason);
