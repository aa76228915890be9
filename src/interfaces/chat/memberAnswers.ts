import { DoneBefore, Refused } from '../../actions/refused.ts';
import { MOST_ATTACHMENT_BYTES } from '../../contributions/attachment.ts';
import { namedFiles } from '../../contributions/namedFiles.ts';
import type { MemberReader } from '../../conversation/memberPanels.ts';
import { SendError } from '../../core/channel.ts';
import { UserError } from '../../core/errors.ts';
import type { Attachment } from '../../core/inbound.ts';
import { type OutboundMessage, say } from '../../core/message.ts';
import { signAction } from '../../core/signedButtons.ts';
import { channelOf } from '../../people/actor.ts';
import { foreignTo } from '../../responses/answerLanguages.ts';
import { answerIn } from '../../responses/sheet/sheet.ts';
import type { AnswerFile } from '../../responses/thread.ts';
import { text } from './context.ts';
import { ENDINGS, MIMES } from './files.ts';
import { actorOf, type MemberChatParts } from './memberParts.ts';
import { foreignWords } from './words.ts';

/** What a member says to somebody. */
export interface MemberAnswer {
  words: string;
  /** Their own files, still with the platform. */
  files: readonly Attachment[];
}

/** As the person would read it, in their language, before it goes. */
export async function shownAnswer(
  { language }: MemberReader,
  reference: string,
  { words, files }: MemberAnswer,
  { threads, threadMessages, phrasesIn, languages }: MemberChatParts,
): Promise<OutboundMessage[]> {
  const thread = await threads.find(reference);
  if (!thread) return [];
  const phrases = phrasesIn(language);
  const reader = { key: '', language: thread.reads, messageId: null };
  const [read] = await threadMessages({ ...thread, reader }, { answered: words.trim(), files: [] });
  const named = namedFiles(files, phrases, language);
  const known = await languages();
  const foreign = await foreignTo(thread.reads, words, known);
  const reads = answerIn(thread.reads, known);
  return [
    {
      blocks: [
        text(phrases('thread_shown')),
        ...(read?.blocks ?? []),
        ...(named === null ? [] : [text(phrases('thread_files', { files: named }))]),
        ...(foreign === null ? [] : [foreignWords('thread_foreign', { reads, foreign }, { phrases, language })]),
      ],
    },
  ];
}

/** What was refused is told; whoever is not a member answers nobody here. */
export async function answerThread(
  reader: MemberReader,
  reference: string,
  { words, files }: MemberAnswer,
  parts: MemberChatParts,
): Promise<OutboundMessage> {
  const actor = await actorOf(reader, parts);
  const phrases = parts.phrasesIn(reader.language);
  if (!actor) return say(phrases('thread_not_yours'));
  const read = { label: phrases('thread_button_open'), data: signAction(parts.secret, reader.key, `o:h:${reference}`) };
  try {
    const fetched = await fetchedFiles(files, reader, reference, parts);
    if (fetched === 'too_large') return say(phrases('thread_file_large', { most: MOST_ATTACHMENT_BYTES / MEGABYTE }));
    const { reached } = await parts.actions.threads.answer(actor, reference, words, fetched);
    return say(phrases(reached ? 'thread_sent' : 'thread_kept', { reference }), [read]);
  } catch (error) {
    if (error instanceof DoneBefore) return say(phrases('thread_sent', { reference }), [read]);
    if (error instanceof SendError) return say(phrases('thread_file_failed'));
    if (error instanceof Refused && error.reason === 'state') return say(phrases('thread_over', { reference }));
    if (error instanceof UserError) return say(phrases('thread_not_yours'));
    throw error;
  }
}

const MEGABYTE = 1024 * 1024;
const sizeOf = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

/** The files themselves, as far as all of them together may go to somebody. @throws SendError */
async function fetchedFiles(
  files: readonly Attachment[],
  { key }: MemberReader,
  reference: string,
  { download }: MemberChatParts,
): Promise<AnswerFile[] | 'too_large'> {
  if (sizeOf(files.map(({ size }) => size ?? 0)) > MOST_ATTACHMENT_BYTES) return 'too_large';
  const fetched: AnswerFile[] = [];
  for (const { kind, ref, name, mime, seconds } of files) {
    const bytes = await download(channelOf(key), ref);
    const named = { name: name ?? `${reference}${ENDINGS[kind]}`, mime: mime ?? MIMES[kind] };
    fetched.push({ kind, ...named, bytes, ...(seconds !== undefined && { seconds }) });
  }
  return sizeOf(fetched.map(({ bytes }) => bytes.length)) > MOST_ATTACHMENT_BYTES ? 'too_large' : fetched;
}
