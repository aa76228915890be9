import type { Choice } from '../core/message.ts';
import type { ButtonUse } from '../core/usedButtons.ts';
import type { Turn } from './flow/events.ts';
import { openedBy } from './flow/steps/ask.ts';
import { readStanding, type Standing } from './flow/steps/standing.ts';
import type { Input, Session } from './flow/types.ts';
import type { Identity, TurnWrite } from './turn.ts';

/** What the button has come to that brought this turn about; null where there was none, or one that goes on working. */
export function useOf(input: Input, before: Session | null, { session: after, events }: Turn): ButtonUse | null {
  if (events.some(({ kind }) => kind === 'accepted')) return 'done';
  if (input.kind !== 'choice' || openedBy(input.data) !== null) return null;
  const standing = readStanding(input.data);
  if (standing) return isAskedIn(after, standing) ? 'asked_again' : 'answered';
  const isOf = (nonce: string | null | undefined) => typeof nonce === 'string' && input.data.startsWith(`${nonce}:`);
  if (isOf(before?.open?.nonce)) return isOf(after?.open?.nonce) ? 'asked_again' : 'answered';
  // Pressed twice: what the first press has come to stands there already.
  return isOf(before?.lastNonce) ? null : 'asked_again';
}

const isAskedIn = (session: Session | null, { flow, step }: Standing): boolean => {
  const frame = session?.stack.at(-1);
  return Boolean(session?.open) && frame?.flow === flow && frame.step === step;
};

/** Where the open question stands: in this answer where it is the end of it, or where it stood. */
export function asksIn({ session, messages }: TurnWrite, known: Identity): TurnWrite['asks'] {
  const nonce = nonceIn(session);
  if (nonce === null) return null;
  const isAsked = ({ data }: Choice) => data.startsWith(`${nonce}:`) || readStanding(data) !== null;
  if (messages.at(-1)?.choices?.some(isAsked)) return 'now';
  return known.askedIn !== null && nonceIn(known.session) === nonce ? 'still' : null;
}

const nonceIn = (session: unknown): string | null => (session as Session | null)?.open?.nonce ?? null;
