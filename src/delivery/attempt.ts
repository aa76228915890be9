import { type Channel, SendError } from '../core/channel.ts';
import type { MessageRef, NoticeMessage } from '../core/message.ts';
import type { Backoff } from './backoff.ts';
import type { Leases } from './leases.ts';
import type { Pause } from './localRateLimit.ts';
import { arrived, begin, later, patienceMs, sent, startOf } from './outcomes.ts';
import type { ClaimedDelivery, Outcome, Progress } from './ports.ts';
import type { Refusals } from './refusals.ts';
import type { ReplyRate } from './replyRate.ts';

/** For how long in all a reply waits when the platform asks to slow down. */
const REPLY_PATIENCE_MS = 60_000;

export interface AttemptParts {
  backoff: Backoff;
  leases: Pick<Leases, 'holds'>;
  refusals: Pick<Refusals, 'outcomeOf' | 'slowDown'>;
  /** The key under which the rate limit counts a channel's calls. */
  keyOf: (channel: Channel['name']) => string;
  rateOf: (channel: Channel) => ReplyRate;
  /** Reserves a call for a further message of a notice; gives the milliseconds to wait for it. */
  reserve: (channel: Channel) => Promise<number>;
  /** Aborts when the service stops: what can wait is left to the next process. */
  leaving: AbortSignal;
  pause: Pause;
}

export type Attempt = ReturnType<typeof createAttempt>;

/** Tries a claimed delivery once, message by message, and gives its outcome. */
export function createAttempt(parts: AttemptParts) {
  const { backoff, leases, refusals, keyOf, rateOf, reserve, leaving, pause } = parts;
  const sendReply = createReplySender(parts);

  async function attempt(
    row: ClaimedDelivery,
    channel: Channel,
    messages: NoticeMessage[],
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const isReply = row.noticeId === null;
    const silence = isReply ? 0 : backoff.ask(keyOf(row.channel));
    const progress = startOf(row);
    if (silence > 0) return later(row, progress, silence, 'slow_down');
    try {
      for (const [at, message] of messages.entries()) {
        const mayGo = isReply ? rateOf(channel).next(at > 0, signal) : at === 0 || nextOf(channel);
        if (!(await mayGo)) return later(row, progress, 0, null);
        // Another process may have taken it over: at most the message under way is then sent twice.
        if (!leases.holds(row.id)) return later(row, progress, 0, null);
        await (isReply ? sendReply : sendOne)(row, channel, message, progress);
      }
      backoff.passed(keyOf(row.channel));
      return sent(row, progress);
    } catch (error) {
      return refusals.outcomeOf(row, progress, error);
    }
  }

  /** Waits until the chat takes the next of several messages; false: the next process sends the rest. */
  async function nextOf(channel: Channel): Promise<boolean> {
    const waitMs = Math.max(await reserve(channel), channel.limits.chatGapMs);
    if (waitMs > 0) await unless(leaving, pause(waitMs));
    return !leaving.aborted;
  }

  return attempt;
}

type SendOne = typeof sendOne;

/**
 * Waits when the platform asks to slow down, so that a reply neither comes after a later one nor waits for the sweep.
 */
function createReplySender({ leases, refusals, rateOf, leaving, pause }: AttemptParts): SendOne {
  return async (row, channel, message, progress) => {
    for (let waited = 0; ; ) {
      try {
        return await sendOne(row, channel, message, progress);
      } catch (error) {
        const ms = error instanceof SendError && error.code === 'slow_down' ? patienceMs(error) : null;
        waited += ms ?? 0;
        if (ms === null || waited > REPLY_PATIENCE_MS) throw error;
        refusals.slowDown(row, ms);
        progress.partsDone = (error as SendError).more.partsDone ?? progress.partsDone;
        await unless(leaving, pause(ms));
        if (!(await rateOf(channel).next(true)) || !leases.holds(row.id)) throw error;
      }
    }
  };
}

/** Sends what is left of one message; if the chat has moved, once more to its new address. */
async function sendOne(
  row: ClaimedDelivery,
  channel: Channel,
  message: NoticeMessage,
  progress: Progress,
): Promise<void> {
  begin(row, progress, message);
  const send = async (address: string) =>
    progress.refs.push(...tellingOf(message, await channel.send(address, message, progress.partsDone)));
  try {
    await send(progress.address ?? row.address);
  } catch (error) {
    const moved = error instanceof SendError && error.code === 'moved' ? error.more.address : undefined;
    if (!moved || progress.address) throw error;
    progress.address = moved;
    await send(moved);
  }
  arrived(progress, message);
}

function tellingOf({ contribution, responses = [] }: NoticeMessage, refs: readonly MessageRef[]): MessageRef[] {
  const [response, ...others] = responses;
  const of = {
    ...(contribution !== undefined && { contribution }),
    ...(response !== undefined && others.length === 0 && { response }),
  };
  return refs.map((ref) => ({ ...ref, ...of }));
}

/** Resolves when the work is done or the signal aborts. */
function unless(signal: AbortSignal, work: Promise<void>): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const ended = () => resolve();
    signal.addEventListener('abort', ended);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended));
  });
}
