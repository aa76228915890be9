import type { OutboundMessage } from '../core/message.ts';
import type { AnswerTo, Recent } from './flow/types.ts';
import type { Gathering, Pacing } from './pacing.ts';
import type { TurnWrite } from './turn.ts';

/** Somebody who keeps writing gets the receipt no later than this after their first message. */
const LONGEST_MS = 30_000;
/** What comes so soon after a receipt may belong to the same contribution. */
export const ADDITION_MS = 120_000;

/** What was recorded a moment ago. */
export interface Made {
  reference: string;
  to: AnswerTo;
}

/** More of it may come before the receipt is given. */
const gatheringOf = ({ reference, to }: Made, quietMs: number, receipt: OutboundMessage[], now: number): Gathering => ({
  ...{ reference, to },
  since: now,
  quietMs,
  due: now + quietMs,
  receipt,
  givenAt: null,
  album: null,
});

/** The same, after more of it has come. */
const goingOn = (gathering: Gathering, now: number): Gathering =>
  gathering.receipt === null
    ? gathering
    : { ...gathering, due: Math.min(now + gathering.quietMs, gathering.since + LONGEST_MS) };

/** Something was added that needs no message of its own. */
const addedTo = (made: Made, now: number): Gathering => ({
  ...gatheringOf(made, 0, [], now),
  receipt: null,
  givenAt: now,
});

interface Hearing {
  now: number;
  /** What was said came with an album. */
  album: string | null;
}

/** The receipt waits for more, unless something else is said now. */
export function gather(
  made: Made,
  receipt: OutboundMessage,
  quietMs: number,
  write: TurnWrite,
  { now, album }: Hearing,
): void {
  // The receipt of an earlier one stops waiting as soon as the next is recorded.
  write.messages.push(...(write.pacing.gathering?.receipt ?? []));
  const isGiven = quietMs === 0 || write.messages.length > 0;
  if (isGiven) write.messages.push(receipt);
  const gathering = isGiven ? addedTo(made, now) : gatheringOf(made, quietMs, [receipt], now);
  write.pacing = { ...write.pacing, gathering: { ...gathering, album } };
}

/** More of what was said has come, before its receipt or after. */
export function gatherMore(made: Made, write: TurnWrite, { now, album }: Hearing): void {
  const { gathering } = write.pacing;
  const isOpen = gathering?.receipt && gathering.reference === made.reference;
  const after = isOpen ? goingOn(gathering, now) : addedTo(made, now);
  write.pacing = { ...write.pacing, gathering: { ...after, album: album ?? gathering?.album ?? null } };
}

/** @param at when the platform took in what is heard now */
export function recentOf(gathering: Gathering | null | undefined, at: number): Omit<Recent, 'named'> | null {
  if (!gathering) return null;
  const { reference, to = 'idea', album, due, receipt, givenAt } = gathering;
  const isOpen = receipt !== null && at <= due + LONGEST_MS;
  return { reference, to, album, isOpen, isJustGiven: givenAt !== null && at - givenAt <= ADDITION_MS };
}

/** The receipt is given when its moment has come, and before anything else that is said. */
export function withReceipt(write: TurnWrite, now: number): TurnWrite {
  const { gathering } = write.pacing;
  if (!gathering?.receipt || (write.messages.length === 0 && now < gathering.due)) return write;
  const given = { ...gathering, receipt: null, givenAt: now };
  return {
    ...write,
    messages: [...gathering.receipt, ...write.messages],
    pacing: { ...write.pacing, gathering: given },
  };
}

/** When the next of what waits is to be said. */
export const nextAnswerAt = ({ held, gathering }: Omit<Pacing, 'answerAt'>): number | null => {
  const moments = [held?.due, gathering?.receipt ? gathering.due : undefined].filter((moment) => moment !== undefined);
  return moments.length === 0 ? null : Math.min(...moments);
};
