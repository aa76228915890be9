import { namedFiles } from '../contributions/namedFiles.ts';
import type { Clock } from '../core/clock.ts';
import type { Attachment } from '../core/inbound.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import { dueDay } from './dueDay.ts';
import type { ThreadKind, ThreadState, ThreadSubject } from './thread.ts';
import { threadTakenOut, threadTold } from './threadMessages.ts';

/** What somebody said in a thread that members are still to be told of. */
export interface UntoldWords {
  /** Of the message in the thread. */
  id: string;
  thread: string;
  reference: string;
  kind: ThreadKind;
  text: string;
  attachments: Attachment[];
  about: ThreadSubject | null;
  /** What they had written before, where they have changed it; null: nothing was changed. */
  before: string | null;
  /** They were taken out of the thread: they are an idea. */
  takenOut: boolean;
  state: ThreadState;
  dueAt: Date;
  /** Whom to tell: the member who answers it, or everybody with its role who has a chat. */
  chats: { identityId: string; key: string; channel: string; language: string | null }[];
}

export interface ThreadTelling {
  /**
   * Takes some that nobody was told of, and stores a message about each for each chat. Gives the ids of the deliveries.
   */
  tell(
    limit: number,
    at: Date,
    messageFor: (words: UntoldWords, chat: UntoldWords['chats'][number]) => object,
  ): Promise<string[]>;
}

/** What it takes to tell members something in their chats. */
export interface TellingTools {
  queue: { retryReplies(ids: string[]): void };
  phrasesIn(language: string): Phrases;
  process(): Promise<{ languages: readonly string[]; timeZone: string }>;
  secret: string;
  clock: Clock;
}

export interface TellingParts extends TellingTools {
  telling: ThreadTelling;
}

const MOST_AT_ONCE = 50;

/**
 * Tells members, in their own chats, what people ask and disagree with; calls run one after the other. What one call
 * loses, the next finds.
 */
export function createMemberTelling(parts: TellingParts): () => Promise<void> {
  const { telling, queue, clock } = parts;
  let last = Promise.resolve();
  async function tell(): Promise<void> {
    const { languages, timeZone } = await parts.process();
    const now = clock();
    const deliveries = await telling.tell(MOST_AT_ONCE, new Date(now), (words, chat) => {
      const language = chat.language ?? languages[0] ?? 'en';
      const day = dueDay(words.dueAt, { language, timeZone, now });
      return stored(messageFor(words, chat.key, { phrases: parts.phrasesIn(language), language, day, ...parts }));
    });
    if (deliveries.length > 0) queue.retryReplies(deliveries);
  }
  return () => (last = last.then(tell, tell));
}

function messageFor(
  words: UntoldWords,
  key: string,
  { phrases, language, day, secret }: { phrases: Phrases; language: string; day: string; secret: string },
): OutboundMessage {
  const { reference, kind, text, about, before, state } = words;
  const files = namedFiles(words.attachments, phrases, language);
  if (words.takenOut) return threadTakenOut({ reference, kind, text, files, about: null, before: null }, phrases);
  const button = (label: string, action: string) => ({ label: phrases(label), data: signAction(secret, key, action) });
  return threadTold({ reference, kind, text, files, about, before, state, day }, phrases, [
    button('thread_button_answer', `m:a:${reference}`),
    button('thread_button_open', `o:h:${reference}`),
  ]);
}
