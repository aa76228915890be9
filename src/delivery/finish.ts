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

/** Whoever is so far ahead of the pace of answers has written three in a moment; theirs come one after the other. */
const UNHURRIED_MS = 3_000;
const HURRIED_GAP_MS = 350;

export interface FinishParts {
  attempt: Attempt;
  outcomeWriter: OutcomeWriter;
  leases: Pick<Leases, 'drop'>;
  clock: Clock;
  pause: Pause;
  /** Between two answers to whoever hurries; left out: so much that theirs leave room for everybody else's. */
  hurriedGapMs?: number | undefined;
  log: Log;
}

export type Finish = ReturnType<typeof createFinish>;

/** Brings one delivery in hand to its end: sent in the order of its chat, its outcome written, let go of. */
export function createFinish(parts: FinishParts) {
  const { attempt, outcomeWriter, leases, clock, pause, hurriedGapMs = HURRIED_GAP_MS, log } = parts;
  const lanes = createPerChatQueue(clock, pause);

  /** Sends one delivery and writes its outcome; gives the calls beyond one for each message: a long one is several. */
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
        : await lanes.run(laneOf(row), gapOf(row, channel), () => attempt(row, channel, messages, signal));
    await settle(outcome);
    return Math.max(0, outcome.refs.length - messages.length);
  }

  /** Replies go at once, but to whoever sends a flood: theirs leave room for everybody else's. */
  function gapOf({ noticeId, pacedUntil = 0 }: ClaimedDelivery, { limits }: Channel): number {
    if (noticeId !== null) return limits.chatGapMs;
    return pacedUntil - clock() > UNHURRIED_MS ? hurriedGapMs : 0;
  }

  async function settle(outcome: Outcome): Promise<void> {
    try {
      await outcomeWriter.settle(outcome);
    } catch (error) {
      // The lease runs out and the sweep takes the row up with a doubt: it is not lost.
      log.error('An outcome could not be written', { delivery: outcome.id }, error);
    } finally {
      leases.drop(outcome.id);
    }
  }

  /** Whether something else goes to the same chat first. */
  const mustWait = (row: ClaimedDelivery, channel: Channel): boolean => lanes.isBusy(laneOf(row), gapOf(row, channel));

  return { send, settle, mustWait };
}

const laneOf = ({ channel, address }: ClaimedDelivery): string => `${channel}:${address}`;

/** Where the rest of it was superseded, what has arrived is all there was to send. */
const empty = (row: ClaimedDelivery, reason: DeliveryReason): Outcome =>
  row.messagesDone > 0 ? sent(row, startOf(row)) : skipped(row, reason);
