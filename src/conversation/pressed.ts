import type { ButtonUse } from '../core/usedButtons.ts';
import type { Turn } from './flow/events.ts';
import { openedBy } from './flow/steps/ask.ts';
import type { Input, Session } from './flow/types.ts';

/** What the button has come to that brought this turn about; null where there was none, or one that goes on working. */
export function useOf(input: Input, before: Session | null, { session: after, events }: Turn): ButtonUse | null {
  if (events.some(({ kind }) => kind === 'accepted')) return 'done';
  if (input.kind !== 'choice' || openedBy(input.data) !== null) return null;
  const isOf = (nonce: string | null | undefined) => typeof nonce === 'string' && input.data.startsWith(`${nonce}:`);
  if (isOf(before?.open?.nonce)) return isOf(after?.open?.nonce) ? 'asked_again' : 'answered';
  // Pressed twice: what the first press has come to stands there already.
  return isOf(before?.lastNonce) ? null : 'asked_again';
}
