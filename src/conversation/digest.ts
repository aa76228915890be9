import { type Block, type OutboundMessage, plainText } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { shorten } from '../core/split.ts';
import { type NoticeMoment, noticeMessage } from '../notices/announce.ts';
import { isOver } from '../notices/dates.ts';
import { KINDS } from '../notices/kinds.ts';
import type { CurrentNotice } from '../notices/notice.ts';
import type { View } from './effects.ts';
import type { ProcessContext } from './processContext.ts';
import type { Identity } from './turn.ts';

export interface DigestParts {
  /** What went out before this person came, the newest first. */
  current: (identityId: string, limit: number) => Promise<CurrentNotice[]>;
  /** The timeline in short, as it is now. */
  timeline: (reader: { language: string; phrases: Phrases; zone: string | null }) => Promise<Block[]>;
  /** The process as it was last seen. */
  around: () => Pick<ProcessContext, 'process' | 'processId' | 'closed'>;
  phrasesIn: (language: string | null) => Phrases;
  secret: string;
  clock: () => number;
}

/** A few are enough for somebody who has just agreed to take part. */
const MOST_CURRENT = 3;
/** How many are read: some of the newest may be out of date. */
const LOOKED_AT = 10;
const MOST_BUTTONS = 5;
const MOST_QUOTED = 200;

/** The way into the private chat: they are there. */
const FOR_GROUPS = { chatLink: () => null, openChat: () => '' };

/** What went out before somebody came, as one message; nothing where there is nothing. */
export function createDigest(parts: DigestParts): (known: Identity, language: string) => Promise<View> {
  return async (known, language) => {
    const moment = { ...parts.around(), now: parts.clock() };
    const isNews = (notice: CurrentNotice) => !isOver({ ...notice, until: null }, moment.process, moment.now);
    const notices = (await parts.current(known.id, LOOKED_AT)).filter(isNews).slice(0, MOST_CURRENT);
    if (notices.length === 0) return { messages: [], dates: false };
    const message = await digest(notices, known, { ...parts, ...moment, language });
    return { messages: [message], dates: notices.some(tellsDates) };
  };
}

/** Its dates may have moved since it went out: the timeline is shown as it is now. */
const tellsDates = ({ kind }: CurrentNotice): boolean => KINDS[kind].rendering === 'timeline';

async function digest(
  notices: readonly CurrentNotice[],
  { key, channel, zone }: Identity,
  { language, timeline, ...parts }: DigestParts & NoticeMoment & { language: string },
): Promise<OutboundMessage> {
  const reader = { language, identityKey: key, channel, recipient: 'person' } as const;
  const rendering = { ...parts, ...FOR_GROUPS };
  const phrases = parts.phrasesIn(language);
  const messages = notices.map((notice) =>
    noticeMessage(notices.length > 1 ? named(notice) : notice, reader, rendering),
  );
  const dates = notices.some(tellsDates) ? await timeline({ language, phrases, zone }) : [];
  const quoted = messages.filter((_, index) => !notices.slice(index, index + 1).some(tellsDates));
  const words = quoted.map((message): Block => ({ kind: 'quote', text: shorten(plainText(message), MOST_QUOTED) }));
  return { blocks: [{ kind: 'text', text: phrases('digest_intro') }, ...words, ...dates], ...firstButtons(messages) };
}

/** Below several notices a plain yes does not say what it answers. */
const named = (notice: CurrentNotice): CurrentNotice => ({
  ...notice,
  buttons: notice.buttons.filter(({ label }) => label !== undefined),
});

function firstButtons(messages: readonly OutboundMessage[]): Pick<OutboundMessage, 'choices' | 'links'> {
  const all = messages.flatMap(({ choices = [], links = [] }) => [...choices, ...links]).slice(0, MOST_BUTTONS);
  const choices = all.filter((button) => 'data' in button);
  const links = all.filter((button) => 'url' in button);
  return { ...(choices.length > 0 && { choices }), ...(links.length > 0 && { links }) };
}
