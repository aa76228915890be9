import { namedFiles } from '../contributions/namedFiles.ts';
import { insteadOfWords } from '../contributions/voice.ts';
import type { Attachment } from '../core/inbound.ts';
import { type Block, type Choice, type OutboundMessage, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import { shorten } from '../core/split.ts';
import { dueDay } from '../responses/dueDay.ts';
import type { OwnContribution, OwnContributions, OwnPerson, OwnThread } from './own.ts';

/** Somebody who looks at what they have sent. */
export interface OwnReader extends Pick<OwnPerson, 'contributorId' | 'key'> {
  language: string;
  phrases: Phrases;
  timeZone: string;
  now: number;
  /** Signs their buttons. */
  secret: string;
}

/** Cards on a page: as many as one can follow on a phone. */
const CARDS = 5;
const MOST_THREADS = 10;
const MOST_QUOTED = 200;

/**
 * What somebody has sent: a card for each, the newest first, from that one on, with what can be done with it now. On the
 * first page also what they asked.
 */
export async function ownCards(
  own: Pick<OwnContributions, 'latest' | 'threads'>,
  reader: OwnReader,
  from: number,
): Promise<OutboundMessage[]> {
  const { list, total, earlier } = await own.latest(reader.contributorId, CARDS, from);
  const threads = from === 0 ? await own.threads(reader.contributorId, MOST_THREADS) : [];
  return [
    ...list.map((one) => card(one, reader)),
    ...endOf({ next: from + list.length, total, earlier, asked: threads.length }, reader),
    ...(threads.length > 0 ? [{ blocks: threads.flatMap((thread) => threadBlocks(thread, reader)) }] : []),
  ];
}

/**
 * The card of the newest alone, with when it is answered; all there is where they have given nothing for the forum.
 * @param by the day by which the forum answers; null: nobody knows
 */
export async function newestCard(
  own: Pick<OwnContributions, 'latest' | 'threads'>,
  reader: OwnReader,
  by: string | null,
): Promise<OutboundMessage[]> {
  const [newest] = (await own.latest(reader.contributorId, 1, 0)).list;
  if (!newest) return ownCards(own, reader, 0);
  const message = card(newest, reader);
  if (!OWED.includes(newest.state)) return [message];
  const due = reader.phrases('newest_due', { dated: by === null ? 'no' : 'yes', day: by ?? '' });
  return [{ ...message, blocks: [...message.blocks, { kind: 'text', text: due }] }];
}

/** In which the forum has still to answer. */
const OWED: readonly string[] = ['received', 'triaged', 'decided', 'released'];

interface Said {
  text: string;
  attachments: readonly Attachment[];
}

/** The words, and what came with them. */
function saidBlocks({ text, attachments }: Said, { phrases, language }: OwnReader): Block[] {
  const words = text.trim() === '' ? phrases('no_words', { length: insteadOfWords(attachments) }) : text;
  // What stands for the words names a single file already.
  const files = text.trim() === '' && attachments.length < 2 ? null : namedFiles(attachments, phrases, language);
  return [
    { kind: 'quote', text: shorten(words, MOST_QUOTED) },
    ...(files === null ? [] : [{ kind: 'text' as const, text: phrases('mine_files', { files }) }]),
  ];
}

/** What it is and how far, in the person's own words. */
function card(one: OwnContribution, reader: OwnReader): OutboundMessage {
  const { reference, kind, state } = one;
  const { phrases, secret, key } = reader;
  const button = (label: string, action: string): Choice => ({
    label: phrases(label),
    data: signAction(secret, key, `${action}:${reference}`),
  });
  const choices = [
    ...(state === 'delivered' ? [button('answer_button', 'read')] : []),
    ...(state === 'received' ? [button('edit_button', 'e'), button('withdraw_button', 'w')] : []),
  ];
  const what = phrases('mine_card', { kind, reference });
  const heading = phrases('mine_heading', { what, state: phrases(`state_${state}`) });
  return {
    blocks: [{ kind: 'heading', text: heading }, ...saidBlocks(one, reader), ...nameBlocks(one, reader)],
    ...(choices.length > 0 && { choices }),
    contribution: reference,
  };
}

/** What nobody uses any more is not shown with anything. */
function nameBlocks({ state, shownName }: OwnContribution, { phrases }: OwnReader): Block[] {
  if (state === 'withdrawn') return [];
  const named = shownName === null ? 'no' : 'yes';
  return [{ kind: 'text', text: phrases('mine_name', { named, name: shownName ?? '' }) }];
}

/** What they asked, what they were answered, and what they have said since. */
function threadBlocks(
  { kind, reference, state, asked, answered, since, dueAt }: OwnThread,
  reader: OwnReader,
): Block[] {
  const { phrases, language, timeZone, now } = reader;
  const day = dueDay(dueAt, { language, timeZone, now });
  const what = phrases('mine_thread', { kind, reference });
  const heading = phrases('mine_heading', { what, state: phrases(`thread_state_${state}`, { day }) });
  const later = (label: string, said: Said | null): Block[] =>
    said ? [{ kind: 'text', text: phrases(label) }, ...saidBlocks(said, reader)] : [];
  return [
    { kind: 'heading', text: heading },
    ...saidBlocks(asked, reader),
    ...later('mine_thread_answered', answered),
    ...later('mine_thread_since', since),
  ];
}

/** Below the cards: what there is besides, with a button to the older ones. */
function endOf(
  { next, total, earlier, asked }: { next: number; total: number; earlier: number; asked: number },
  { phrases, secret, key }: OwnReader,
): OutboundMessage[] {
  const older = total - next;
  const lines = [
    ...(total + asked === 0 ? [phrases('mine_none')] : []),
    ...(older > 0 ? [phrases('mine_more', { count: older })] : []),
    ...(earlier > 0 ? [phrases('mine_earlier', { count: earlier })] : []),
  ];
  if (lines.length === 0) return [];
  const more = [{ label: phrases('mine_show_more'), data: signAction(secret, key, `mine:${next}`) }];
  return [say(lines.join('\n'), older > 0 ? more : undefined)];
}
