import { localOf, spelled } from '../core/calendar.ts';
import type { OutboundMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import { shorten } from '../core/split.ts';
import { textFor } from '../core/texts.ts';
import type { MembersChat } from '../people/memberNews.ts';
import type { ProcessDefinition } from '../process/process.ts';
import type { Notice } from './notice.ts';

/** A notice that was scheduled elsewhere than in the chat. */
export interface ScheduledNotice {
  notice: Pick<Notice, 'id' | 'texts'>;
  /** The member who did it; null: somebody at the terminal who did not say who they are. */
  name: string | null;
  at: Date;
  recipients: number;
}

export interface NewsParts {
  phrases: Phrases;
  process: Pick<ProcessDefinition, 'languages' | 'timeZone'>;
  secret: string;
  now: number;
}

const MOST_QUOTED = 300;

/** What organizers are told of it as long as it can be held back, with the button that does. */
export function scheduledNews(
  { notice: { id, texts }, name, at, recipients: count }: ScheduledNotice,
  { key, language: own }: Pick<MembersChat, 'key' | 'language'>,
  { phrases, process: { languages, timeZone }, secret, now }: NewsParts,
): OutboundMessage {
  const language = own ?? languages[0] ?? 'en';
  const when = spelled(localOf(at.getTime(), timeZone), { language, timeZone, now });
  const told =
    name === null ? phrases('notice_news_terminal', { when, count }) : phrases('notice_news', { name, when, count });
  const button = (label: string, action: string) => ({
    label: phrases(label),
    data: signAction(secret, key, `o:${action}`),
  });
  return {
    blocks: [
      { kind: 'text', text: told },
      { kind: 'quote', text: shorten(textFor(texts, language, languages), MOST_QUOTED) },
    ],
    choices: [button('member_hold', `Q:p:${id}`), button('thread_button_open', `n:${id}`)],
  };
}
