import type { OutboundMessage } from '../core/message.ts';
import type { Recent } from './flow/types.ts';
import type { Gathering, Pacing, TurnWrite } from './turn.ts';

/** Whoever goes on writing without a pause gets the receipt so long after their first message at the latest. */
const LONGEST_MS = 30_000;
/** What comes so soon after the receipt may belong to it: its author is asked. */
const ADDITION_MS = 120_000;

/** What was recorded a moment ago: more of it may come before the receipt is given. */
export const gatheringOf = (
  reference: string,
  quietMs: number,
  receipt: OutboundMessage[],
  now: number,
): Gathering => ({
  reference,
  since: now,
  quietMs,
  due: now + quietMs,
  receipt,
  givenAt: null,
  album: null,
});

/** The same, after more of it has come. */
export const goingOn = (gathering: Gathering, now: number): Gathering =>
  gathering.receipt === null
    ? gathering
    : { ...gathering, due: Math.min(now + gathering.quietMs, gathering.since + LONGEST_MS) };

/** Something has been added of which nothing more needs to be said. */
export const addedTo = (reference: string, now: number): Gathering => ({
  ...gatheringOf(reference, 0, [], now),
  receipt: null,
  givenAt: now,
});

/** @param at when the platform took in what is heard now */
export function recentOf(gathering: Gathering | null | undefined, at: number): Recent | null {
  if (!gathering) return null;
  const { reference, album, due, receipt, givenAt } = gathering;
  const isOpen = receipt !== null && at <= due + LONGEST_MS;
  return { reference, album, isOpen, isJustGiven: givenAt !== null && at - givenAt <= ADDITION_MS };
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
