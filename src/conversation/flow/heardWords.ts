import { NO_WORDS, wordsOf } from '../../contributions/parts.ts';
import { isUnseen } from '../../core/unseen.ts';
import type { Input } from './types.ts';

/** What somebody said while nothing asked for it. */
export interface FreeText {
  said: string | null;
  file: Extract<Input, { kind: 'media' }>['attachment'] | null;
  messageId: string | null;
  /** Somebody else's words: all of them, or some; null: none. */
  forwarded: 'all' | 'some' | null;
}

/** The words and the file of a message; null where it has neither. */
export function freeTextIn(input: Input): FreeText | null {
  if (input.kind !== 'text' && input.kind !== 'media') return null;
  const words = input.kind === 'text' ? input.text : input.caption;
  const said = isUnseen(words) ? null : words;
  const file = input.kind === 'media' ? input.attachment : null;
  if (said === null && file === null) return null;
  const messageId = said === null ? null : (input.messageId ?? null);
  return { said, file, messageId, forwarded: input.forwarded === true ? 'all' : (input.forwarded ?? null) };
}

export const spokenIn = ({ said, messageId }: FreeText) => (said === null ? NO_WORDS : wordsOf(said, messageId));
