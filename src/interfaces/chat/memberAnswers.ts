import { DoneBefore, Refused } from '../../actions/refused.ts';
import { MOST_ATTACHMENT_BYTES } from '../../contributions/attachment.ts';
import type { MemberAnswer, MemberReader } from '../../conversation/memberPanels.ts';
import { SendError } from '../../core/channel.ts';
import { UserError } from '../../core/errors.ts';
import type { Attachment } from '../../core/inbound.ts';
import { type OutboundMessage, say } from '../../core/message.ts';
import { channelOf } from '../../people/actor.ts';
import type { AnswerFile } from '../../responses/thread.ts';
import { ENDINGS, MIMES } from './files.ts';
import { actorOf, type MemberChatParts } from './memberParts.ts';

/** What was refused is told; whoever is not a member answers nobody here. */
export async function answerThread(
  reader: MemberReader,
  reference: string,
  { words, files }: MemberAnswer,
  parts: MemberChatParts,
): Promise<OutboundMessage | null> {
  const actor = await actorOf(reader, parts);
  if (!actor) return null;
  const phrases = parts.phrasesIn(reader.language);
  try {
    const fetched = await fetchedFiles(files, reader, reference, parts);
    if (fetched === 'too_large') return say(phrases('thread_file_large', { most: MOST_ATTACHMENT_BYTES / MEGABYTE }));
    const { reached } = await parts.actions.threads.answer(actor, reference, words, fetched);
    return say(phrases(reached ? 'thread_sent' : 'thread_kept', { reference }));
  } catch (error) {
    if (error instanceof DoneBefore) return say(phrases('thread_sent', { reference }));
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
