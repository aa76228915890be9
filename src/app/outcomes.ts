import { SEND_ERRORS, type SendError } from '../domain/channel.ts';
import type { MessageRef } from '../domain/message.ts';
import type { ClaimedDelivery, DeliveryReason, Outcome } from '../domain/ports.ts';

/** Tries against a platform that is not there: with the pauses between them about ten minutes. */
const MOST_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** A call without an answer is made once more; a second silence is left to a person's judgement. */
const RESENDS = 1;
const DEFAULT_PATIENCE_MS = 1_000;

/** How far a delivery has come in this attempt. */
export interface Progress {
  messagesDone: number;
  partsDone: number;
  refs: MessageRef[];
  address: string | null;
}

export const startOf = (row: ClaimedDelivery): Progress => ({
  messagesDone: row.messagesDone,
  partsDone: row.partsDone,
  refs: [],
  address: null,
});

function outcome(row: ClaimedDelivery, progress: Progress, what: Partial<Outcome> & Pick<Outcome, 'state'>): Outcome {
  const base = { reason: null, delayMs: 0, refund: false, doubt: false, unreachable: false };
  return { id: row.id, lease: row.lease, ...base, ...progress, ...what };
}

export const sent = (row: ClaimedDelivery, progress: Progress): Outcome => outcome(row, progress, { state: 'sent' });

export const skipped = (row: ClaimedDelivery, reason: DeliveryReason): Outcome =>
  outcome(row, startOf(row), { state: 'skipped', reason });

export const failed = (row: ClaimedDelivery, progress: Progress, reason: DeliveryReason): Outcome =>
  outcome(row, progress, { state: 'failed', reason });

/** Back in line without a mark against it: nothing was tried, or the platform asked for patience. */
export const later = (
  row: ClaimedDelivery,
  progress: Progress,
  delayMs: number,
  reason: DeliveryReason | null,
): Outcome => outcome(row, progress, { state: 'pending', delayMs, refund: true, reason });

export const patienceMs = (error: SendError): number =>
  error.more.retryAfterSeconds === undefined ? DEFAULT_PATIENCE_MS : error.more.retryAfterSeconds * 1000;

/** What a platform's refusal makes of a delivery. `chance` is in [0, 1) and spreads the retries. */
export function refused(row: ClaimedDelivery, progress: Progress, error: SendError, chance: number): Outcome {
  const reached = { ...progress, partsDone: error.more.partsDone ?? progress.partsDone };
  switch (error.code) {
    case 'slow_down':
      return later(row, reached, patienceMs(error), 'slow_down');
    case 'unavailable':
    case 'not_connected':
      if (row.attempts >= MOST_ATTEMPTS) return failed(row, reached, error.code);
      return outcome(row, reached, { state: 'pending', reason: error.code, delayMs: backoff(row.attempts, chance) });
    case 'unknown_outcome':
      return doubtful(row, reached, chance);
    default:
      return { ...failed(row, reached, error.code), unreachable: SEND_ERRORS[error.code].unreachable };
  }
}

function doubtful(row: ClaimedDelivery, progress: Progress, chance: number): Outcome {
  const again = row.onUncertain === 'resend' && row.doubts < RESENDS;
  const state = again ? 'pending' : 'uncertain';
  return outcome(row, progress, {
    state,
    reason: 'unknown_outcome',
    doubt: true,
    delayMs: again ? backoff(1, chance) : 0,
  });
}

const backoff = (attempt: number, chance: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + chance / 2);
