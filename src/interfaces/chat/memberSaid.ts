import { insteadOfWords } from '../../contributions/voice.ts';
import type { Attachment } from '../../core/inbound.ts';
import type { Phrases } from '../../core/phrases.ts';
import { shorten } from '../../core/split.ts';

export const MOST_QUOTED = 300;

interface Said {
  text: string;
  attachments: Attachment[];
}

/** What a member is shown of somebody's words, before they write about these. */
export const wordsOf = ({ text, attachments }: Said, phrases: Phrases): string =>
  shorten(text.trim() || phrases('thread_no_words', { length: insteadOfWords(attachments) }), MOST_QUOTED);
