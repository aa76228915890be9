import type { OutboundMessage } from '../core/message.ts';
import { nextAnswerAt } from './gathering.ts';
import type { HeldBack, Pacing } from './pacing.ts';
import type { TurnWrite } from './turn.ts';

/** Twenty answers at once, and then one a second: a chat takes no more, and nobody reads more. */
const AT_ONCE = 20;
const EVERY_MS = 1_000;
/** Whoever is ahead of that is answered once they pause, */
const PAUSE_MS = 3_000;
/** or after so long, if they do not. */
const LONGEST_MS = 30_000;
/** More would not be read; all are in /mine. */
const MOST_REFERENCES = 10;

/**
 * Words are always stored; only our answers are held back when somebody writes too fast. They are then given together,
 * with the answer to the last message, which leads on.
 * @param caughtUp the moment has come to give what is held back
 */
export function atPace(...given: Parameters<typeof paced>): TurnWrite {
  const write = paced(...given);
  return { ...write, pacing: { ...write.pacing, answerAt: nextAnswerAt(write.pacing) } };
}

function paced(
  write: TurnWrite,
  now: number,
  caughtUp: boolean,
  together: (held: HeldBack) => OutboundMessage,
): TurnWrite {
  const { until, held } = write.pacing;
  const silent = write.messages.length === 0;
  const due = held !== null && ((caughtUp && now >= held.due) || now >= held.since + LONGEST_MS);
  if (silent && !due) return write;
  const answered: Pacing = { ...write.pacing, until: Math.max(until, now) + EVERY_MS, held: null };
  if (held === null && until - now < AT_ONCE * EVERY_MS) return { ...write, pacing: answered };
  const more = { ...(silent && held ? held : heldWith(held, write, now)) };
  more.due = Math.min(now + PAUSE_MS, more.since + LONGEST_MS);
  if (due) return { ...write, pacing: answered, messages: [together(more), ...more.messages] };
  // Replies are repeated only in a turn that says something.
  return { ...write, messages: [], repeats: [], pacing: { ...write.pacing, until, held: more } };
}

function heldWith(held: HeldBack | null, { messages, contributions }: TurnWrite, now: number): HeldBack {
  const references = contributions.map(({ reference }) => reference);
  return {
    since: held?.since ?? now,
    due: now,
    count: (held?.count ?? 0) + 1,
    recorded: (held?.recorded ?? 0) + references.length,
    references: [...(held?.references ?? []), ...references].slice(0, MOST_REFERENCES),
    messages,
  };
}
