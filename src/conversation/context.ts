import type { ContributionState } from '../contributions/contribution.ts';
import type { DetectLanguage } from '../core/detectLanguage.ts';
import type { Say } from '../core/loadPhrases.ts';
import type { OutboundMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import type { PressEvent } from '../process/events/answers.ts';
import type { FlowRegistry } from './flow/flowRegistry.ts';
import type { Input, Session } from './flow/types.ts';
import type { MemberChat, MemberReader } from './memberPanels.ts';
import type { OwnContributions, OwnThreads } from './own.ts';
import type { ProcessContext } from './processContext.ts';
import type { Identity, Subjects, TurnStore, TurnWrite } from './turn.ts';

/** What an update means: an input for the engine, or a write that needs no turn; `change` is merged into the write. */
export type Interpretation =
  | { kind: 'input'; input: Input; change?: Partial<TurnWrite> }
  | { kind: 'done'; change: Partial<TurnWrite> };

export interface TurnContext {
  known: Identity;
  /** Their session before this turn; it is never changed in place. */
  session: Session | null;
  base: TurnWrite;
  registry: FlowRegistry;
  processContext: ProcessContext;
  language: string;
  phrase: Say;
  turns: Pick<TurnStore, 'contributionOf' | 'isDone'>;
  own: Pick<OwnContributions, 'find' | 'latest' | 'threads' | 'answer'>;
  /** The frame of responses. */
  frameIn: (language: string) => Phrases;
  threads: OwnThreads;
  subjects: Subjects;
  detect: DetectLanguage;
  /** The message that they reply to; null: none. */
  replyTo: string | null;
  now: number;
  /** When the platform took in what is heard now. */
  saidAt: number;
  pressEvent: PressEvent;
  /** Of the published timeline; null while there is none. */
  timelineNumber: () => Promise<number | null>;
  memberChat: MemberChat;
  secret: string;
}

export const readerOf = ({ known, language, base }: TurnContext): MemberReader => ({
  key: known.key,
  language,
  update: base.updateId,
});
export const answered = (message: OutboundMessage | null): Interpretation =>
  done(message === null ? {} : { messages: [message] });
export const done = (change: Partial<TurnWrite> = {}): Interpretation => ({ kind: 'done', change });

/** Whoever says /start comes back, whatever follows the word. */
const restarted = ({ consentVersion }: TurnWrite): Partial<TurnWrite> => ({
  status: 'active',
  consents: [{ change: 'restarted', words: '/start', version: consentVersion }],
});

/** Whoever becomes a member speaks with us again. */
export const joined = (message: OutboundMessage, { base }: TurnContext): Interpretation =>
  done({ messages: [message], ...(base.status === 'stopped' && restarted(base)) });

/** Why something can no longer be changed. */
export const tooLate = (state: ContributionState, phrase: Say, language: string, reference: string): string =>
  phrase(state === 'withdrawn' ? 'already_withdrawn' : 'edit_too_late', language, { reference });
