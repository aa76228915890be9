import type { OutboundMessage } from '../domain/message.ts';
import type { ContributionState } from '../domain/records.ts';
import type { Known, OwnContributions, TurnStore, TurnWrite } from '../domain/turn.ts';
import type { FlowBook } from '../flow/book.ts';
import type { Input } from '../flow/types.ts';
import type { PressEvent } from './events.ts';
import type { MemberDesk, Reader } from './members.ts';
import type { Say } from './phrases.ts';
import type { Surroundings } from './surroundings.ts';

/** What an update comes to: an input for the engine, or a write that needs no turn; `change` is laid over the quiet one. */
export type Meaning =
  | { kind: 'input'; input: Input; change?: Partial<TurnWrite> }
  | { kind: 'done'; change: Partial<TurnWrite> };

export interface Context {
  known: Known;
  base: TurnWrite;
  book: FlowBook;
  surroundings: Surroundings;
  language: string;
  phrase: Say;
  turns: Pick<TurnStore, 'openContribution' | 'isDone'>;
  own: Pick<OwnContributions, 'find' | 'hasReplied'>;
  pressEvent: PressEvent;
  desk: MemberDesk;
  secret: string;
}

export const readerOf = ({ known, language, base }: Context): Reader => ({
  key: known.key,
  language,
  update: base.updateId,
});
export const answered = (message: OutboundMessage | null): Meaning =>
  done(message === null ? {} : { messages: [message] });
export const done = (change: Partial<TurnWrite> = {}): Meaning => ({ kind: 'done', change });

/** Who says /start comes back, whatever else they say with it. */
const restarted = ({ consentVersion }: TurnWrite): Partial<TurnWrite> => ({
  status: 'active',
  consents: [{ change: 'restarted', words: '/start', version: consentVersion }],
});

/** Whoever becomes a member speaks with us again. */
export const joined = (message: OutboundMessage, { base }: Context): Meaning =>
  done({ messages: [message], ...(base.status === 'stopped' && restarted(base)) });

/** Why something can no longer be changed. */
export const tooLate = (state: ContributionState, phrase: Say, language: string, reference: string): string =>
  phrase(state === 'withdrawn' ? 'already_withdrawn' : 'edit_too_late', language, { reference });
