import { type Channel, SendError } from '../core/channel.ts';
import type { MessageRef, NoticeMessage } from '../core/message.ts';
import type { Backoff } from './backoff.ts';
import type { Leases } from './leases.ts';
import type { Pause } from './localRateLimit.ts';
import { arrived, begin, later, patienceMs, sent, startOf } from './outcomes.ts';
import type { ClaimedDelivery, Outcome, Progress } from './ports.ts';
import type { Refusals } from './refusals.ts';
import type { ReplyRate } from './replyRate.ts';

/** A reply waits in its place for a platform that asks for patience, so long in all. */
const REPLY_PATIENCE_MS = 60_000;

export interface AttemptParts {
  backoff: Backoff;
  leases: Pick<Leases, 'holds'>;
  refusals: Pick<Refusals, 'outcomeOf' | 'slowDown'>;
  /** Where the rate limit keeps the calls of a channel. */
  keyOf: (channel: Channel['name']) => string;
  rateOf: (channel: Channel) => ReplyRate;
  /** Reserves a call for a further message of a notice; gives the milliseconds to wait for it. */
  reserve: (channel: Channel) => Promise<number>;
  /** Everything ends: what can wait for whoever comes next does. */
  leaving: AbortSignal;
  pause: Pause;
}

export type Attempt = ReturnType<typeof createAttempt>;

/** One try at a claimed delivery, message by message, and what has become of it. */
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
        // Somebody else may have taken it over: at most what was under way is then sent twice.
        if (!leases.holds(row.id)) return later(row, progress, 0, null);
        await (isReply ? sendReply : sendOne)(row, channel, message, progress);
      }
      backoff.passed(keyOf(row.channel));
      return sent(row, progress);
    } catch (error) {
      return refusals.outcomeOf(row, progress, error);
    }
  }

  /** Several messages for one person come one after the other, as the chat takes them; false: whoever comes next goes on. */
  async function nextOf(channel: Channel): Promise<boolean> {
    const waitMs = Math.max(await reserve(channel), channel.limits.chatGapMs);
    if (waitMs > 0) await unless(leaving, pause(waitMs));
    return !leaving.aborted;
  }

  return attempt;
}

type SendOne = typeof sendOne;

/** Waits for a platform that asks for patience: nobody's reply comes after a later one, or with the next sweep. */
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

/** Sends one message from where it was left; somebody who has moved is followed once. */
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

/** Resolves with the work, or when the signal comes. */
function unless(signal: AbortSignal, work: Promise<void>): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const ended = () => resolve();
    signal.addEventListener('abort', ended);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended));
  });
}
