import { createHash } from 'node:crypto';
import { SEND_ERRORS, type SendError } from '../core/channel.ts';
import type { NoticeMessage } from '../core/message.ts';
import type { ClaimedDelivery, DeliveryReason, Outcome, Progress } from './ports.ts';

/** Attempts while a platform cannot be reached: 12 to 24 minutes with the pauses between them. */
const MOST_ATTEMPTS = 12;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/**
 * After how long a call without an answer is repeated: long enough to survive a connection that is down for a minute.
 * If it gets no answer then either, a person decides. Somebody who speaks to us would rather read a reply twice than
 * never.
 */
const REPLY_AGAIN_MS = [3_000, 45_000, 180_000];
const NOTICE_AGAIN_MS = [45_000];
const DEFAULT_PATIENCE_MS = 1_000;

export const startOf = (row: ClaimedDelivery): Progress => ({
  messagesDone: row.messagesDone,
  partsDone: row.partsDone,
  begun: row.begun,
  brought: [],
  refs: [],
  address: null,
});

/**
 * Continues a message that an earlier attempt did not finish; if its text has changed since, it starts from the first
 * part.
 */
export function begin(row: ClaimedDelivery, progress: Progress, message: NoticeMessage): void {
  const mark = row.noticeId === null ? null : markOf(message);
  if (progress.begun !== mark) progress.partsDone = 0;
  progress.begun = mark;
}

const markOf = (message: NoticeMessage): string =>
  createHash('sha256').update(JSON.stringify(message)).digest('base64url').slice(0, 16);

/** The current message has arrived as a whole. */
export function arrived(progress: Progress, { responses = [] }: NoticeMessage): void {
  progress.messagesDone += 1;
  progress.partsDone = 0;
  progress.brought.push(...responses);
}

function outcome(row: ClaimedDelivery, progress: Progress, what: Partial<Outcome> & Pick<Outcome, 'state'>): Outcome {
  return {
    id: row.id,
    lease: row.lease,
    state: what.state,
    reason: what.reason ?? null,
    delayMs: what.delayMs ?? 0,
    refund: what.refund ?? false,
    doubt: what.doubt ?? false,
    unreachable: false,
    messagesDone: progress.messagesDone,
    partsDone: progress.partsDone,
    begun: progress.partsDone > 0 ? progress.begun : null,
    brought: progress.brought,
    refs: progress.refs,
    address: progress.address,
  };
}

export const sent = (row: ClaimedDelivery, progress: Progress): Outcome => outcome(row, progress, { state: 'sent' });

export const skipped = (row: ClaimedDelivery, reason: DeliveryReason): Outcome =>
  outcome(row, startOf(row), { state: 'skipped', reason });

export const failed = (row: ClaimedDelivery, progress: Progress, reason: DeliveryReason): Outcome =>
  outcome(row, progress, { state: 'failed', reason });

/** Goes back to waiting without counting an attempt: nothing was tried, or the platform asked to slow down. */
export const later = (
  row: ClaimedDelivery,
  progress: Progress,
  delayMs: number,
  reason: DeliveryReason | null,
): Outcome => outcome(row, progress, { state: 'pending', delayMs, refund: true, reason });

export const patienceMs = (error: SendError): number =>
  error.more.retryAfterSeconds === undefined ? DEFAULT_PATIENCE_MS : error.more.retryAfterSeconds * 1000;

/** The outcome of a delivery that the platform refused. `chance`, in [0, 1), spreads the retries. */
export function refused(row: ClaimedDelivery, progress: Progress, error: SendError, chance: number): Outcome {
  const reached = { ...progress, partsDone: error.more.partsDone ?? progress.partsDone };
  switch (error.code) {
    case 'slow_down':
      return later(row, reached, patienceMs(error), 'slow_down');
    case 'unavailable':
    case 'not_connected':
      if (row.attempts >= MOST_ATTEMPTS) return unreached(row, reached, error.code);
      return outcome(row, reached, { state: 'pending', reason: error.code, delayMs: backoff(row.attempts, chance) });
    case 'unknown_outcome':
      return doubtful(row, reached, chance);
    default:
      return { ...failed(row, reached, error.code), unreachable: SEND_ERRORS[error.code].unreachable };
  }
}

/**
 * The outcome where the platform could not be reached: a reply is repeated when the person writes again, and a notice
 * counts as failed.
 */
const unreached = (row: ClaimedDelivery, progress: Progress, reason: DeliveryReason): Outcome =>
  row.noticeId === null ? outcome(row, progress, { state: 'uncertain', reason }) : failed(row, progress, reason);

function doubtful(row: ClaimedDelivery, progress: Progress, chance: number): Outcome {
  const waits = row.noticeId === null ? REPLY_AGAIN_MS : NOTICE_AGAIN_MS;
  const wait = row.onUncertain === 'resend' ? waits[row.doubts] : undefined;
  const state = wait === undefined ? 'uncertain' : 'pending';
  return outcome(row, progress, {
    state,
    reason: 'unknown_outcome',
    doubt: true,
    delayMs: wait === undefined ? 0 : spread(wait, chance),
  });
}

const backoff = (attempt: number, chance: number): number =>
  spread(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)), chance);

const spread = (ms: number, chance: number): number => ms * (0.5 + chance / 2);
