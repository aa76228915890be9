import type { ChannelName } from '../core/channelName.ts';
import type { Block, Choice, OutboundFile, OutboundMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { questionAction, signAction } from '../core/signedButtons.ts';
import { spoken, textFor } from '../core/texts.ts';
import { eventAction } from '../process/events/attendance.ts';
import { eventsToCome } from '../process/events/event.ts';
import { answerChoices, eventLines } from '../process/events/eventText.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { isOver } from './dates.ts';
import { type Notice, type NoticeAttachment, type NoticeButton, type Notices, OVER } from './notice.ts';

/** When a notice is read, and the process at that time: the open one, or the last to be closed. */
export interface NoticeMoment {
  process: ProcessDefinition;
  /** The id of the process. */
  processId: number;
  closed: boolean;
  now: number;
}

export interface NoticeRendering extends NoticeMoment {
  notices: Pick<Notices, 'many' | 'file'>;
  /** Signs the buttons. */
  secret: string;
  /** Opens the private chat, for those who read it in a group; null where there is no such address. */
  chatLink(channel: ChannelName, start: string): string | null;
  /** The label of that link. */
  openChat: Phrase;
  /** The chat's words in a language, or in the nearest that there is. */
  phrasesIn: (language: string | null) => Phrases;
}
type Phrase = (language: string | null) => string;

/**
 * What goes out now: each delivery's message by its id, in its reader's language; `over` for a notice that nobody can
 * answer any more.
 */
export async function renderDue(
  rows: readonly NoticeDelivery[],
  rendering: NoticeRendering,
): Promise<Map<string, OutboundMessage[] | typeof OVER>> {
  const notices = await rendering.notices.many(aboutOf(rows));
  const over = [...notices.values()].filter((notice) => isOverIn(notice, rendering)).map(({ id }) => id);
  const isLeft = ({ noticeId }: NoticeDelivery) => !over.includes(noticeId ?? '');
  return new Map<string, OutboundMessage[] | typeof OVER>([
    ...rows.filter((row) => !isLeft(row)).map(({ id }) => [id, OVER] as const),
    ...(await messagesOf(rows.filter(isLeft), notices, rendering)),
  ]);
}

/** Each delivery's message by its id with its present text, even where it has arrived already. */
export const renderNotices = async (
  rows: readonly NoticeDelivery[],
  rendering: NoticeRendering,
): Promise<Map<string, OutboundMessage[]>> => messagesOf(rows, await rendering.notices.many(aboutOf(rows)), rendering);

const aboutOf = (rows: readonly NoticeDelivery[]): string[] => [...new Set(rows.flatMap((row) => row.noticeId ?? []))];

/** Once the process is closed, a notice that asks something is over; one that only informs is not. */
function isOverIn(notice: Notice, { process, processId, closed, now }: NoticeMoment): boolean {
  const isOpen = !closed && notice.process === processId;
  return isOver(notice, isOpen ? process : { ...process, questions: [], events: [] }, now);
}

async function messagesOf(
  rows: readonly NoticeDelivery[],
  notices: ReadonlyMap<string, Notice>,
  rendering: NoticeRendering,
): Promise<Map<string, OutboundMessage[]>> {
  const files = new Map<string, OutboundFile>();
  for (const { id, attachment } of notices.values())
    if (attachment) files.set(id, await fileOf(attachment, rendering.notices));
  return new Map(
    rows.flatMap((row) => {
      const notice = row.noticeId === null ? undefined : notices.get(row.noticeId);
      if (!notice) return [];
      const file = files.get(notice.id);
      return [[row.id, [{ ...noticeMessage(notice, row, rendering), ...(file && { file }) }]] as const];
    }),
  );
}

/** @throws Error when the file is gone, which is a fault of ours */
async function fileOf(
  { name, mime, ...where }: NoticeAttachment,
  notices: Pick<Notices, 'file'>,
): Promise<OutboundFile> {
  if ('url' in where) return { name, mime, url: where.url };
  const bytes = await notices.file(where.file);
  if (!bytes) throw new Error('The file of a notice is gone.');
  return { name, mime, bytes };
}

/** What a notice's text depends on of its reader. */
export interface NoticeReader {
  identityKey: string;
  recipient: 'person' | 'group';
  channel: ChannelName;
  language: string | null;
}

export interface NoticeDelivery extends NoticeReader {
  id: string;
  noticeId: string | null;
}

type Worded = Pick<Notice, 'texts' | 'buttons'> & { process?: number | undefined };

/** A notice as this person or group reads it, without its file. */
export function noticeMessage(
  notice: Worded,
  reader: NoticeReader,
  rendering: Omit<NoticeRendering, 'notices'>,
): OutboundMessage {
  const inTheirs = (texts: Notice['texts']) => textFor(texts, reader.language ?? '', rendering.process.languages);
  const toOpen = notice.buttons.flatMap((button) =>
    'url' in button ? [{ label: inTheirs(button.label), url: button.url }] : [],
  );
  const choices = reader.recipient === 'group' ? [] : choicesOf(notice, reader, rendering, inTheirs);
  const links = [...toOpen, ...(reader.recipient === 'group' ? chatLinks(notice, reader, rendering) : [])];
  return {
    blocks: [{ kind: 'text', text: inTheirs(notice.texts) }, ...invitationBlocks(notice, reader, rendering)],
    ...(choices.length > 0 && { choices }),
    ...(links.length > 0 && { links }),
  };
}

/** What, when and where, for people who are asked whether they are coming, as of now. */
function invitationBlocks(
  { buttons, process: of }: Worded,
  { identityKey: key, language: readers, recipient }: NoticeReader,
  { process, processId, now, secret, phrasesIn }: Omit<NoticeRendering, 'notices'>,
): Block[] {
  const invited = buttons.flatMap((button) => (button.label === undefined ? [button.event] : []));
  const isOurs = of === undefined || of === processId;
  const events = isOurs ? eventsToCome(process, now).filter(({ id }) => invited.includes(id)) : [];
  const language = spoken([readers], process.languages);
  const reader = { key, language, phrases: phrasesIn(language), process, processId, now, secret };
  return events.map((event) => {
    const lines = eventLines(event, reader);
    return {
      kind: 'text',
      text: [...lines, ...(recipient === 'person' ? [reader.phrases('event_ask')] : [])].join('\n'),
    };
  });
}

const choicesOf = (
  { buttons, process = NOT_KEPT }: Worded,
  { identityKey, language }: NoticeReader,
  { secret, phrasesIn }: Omit<NoticeRendering, 'notices'>,
  inTheirs: (texts: Notice['texts']) => string,
): Choice[] =>
  buttons.flatMap((button): Choice[] => {
    if (button.label === undefined)
      return answerChoices(button.event, {
        key: identityKey,
        phrases: phrasesIn(language),
        secret,
        processId: process,
      });
    const action = actionOf(button, process);
    return action ? [{ label: inTheirs(button.label), data: signAction(secret, identityKey, action) }] : [];
  });

/** The process of buttons in a preview, which lead nowhere. */
const NOT_KEPT = 0;

/** Signed buttons work for one person only: in a group they become links to the private chat. */
function chatLinks(
  { buttons }: Worded,
  { channel, language }: NoticeReader,
  { chatLink, openChat }: Omit<NoticeRendering, 'notices'>,
): { label: string; url: string }[] {
  const flow = buttons.find((button) => 'flow' in button);
  const url = chatLink(channel, flow && 'flow' in flow ? flow.flow : '');
  return url === null ? [] : [{ label: openChat(language), url }];
}

function actionOf(button: NoticeButton, process: number): string | null {
  if ('flow' in button) return `flow:${button.flow}`;
  if ('event' in button) return eventAction(button.event, process);
  return 'question' in button ? questionAction(button.question, process) : null;
}
