import { filesAfter } from '../contributions/replacedFiles.ts';
import type { Inbound } from '../core/inbound.ts';
import { type OutboundMessage, say } from '../core/message.ts';
import { signAction } from '../core/signedButtons.ts';
import { isUnseen } from '../core/unseen.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { dueDay } from '../responses/dueDay.ts';
import { dueFrom, type ThreadPlace, threadTerms } from '../responses/thread.ts';
import { done, type Interpretation, readerOf, type TurnContext } from './context.ts';
import { fileBeside } from './flow/files.ts';
import type { Begin } from './flow/types.ts';
import type { ThreadChange, TurnWrite } from './turn.ts';

export type Said = Extract<Inbound['content'], { kind: 'text' | 'media' }>;
type Edited = Extract<Inbound['content'], { kind: 'edited' }>;

/**
 * What somebody changes of their words in a thread is changed there, and members are told, who may have read or answered it
 * already. Null: the message is in none.
 */
export async function editedInThread(content: Edited, context: TurnContext): Promise<Interpretation | null> {
  const { threads, known, phrase, language, detect, processContext } = context;
  const before = await threads.wordsOf(known.id, content.messageId);
  if (before === null) return null;
  const { id, reference, state, messageId } = before;
  const fits = content.tooLarge === undefined;
  const files = fits ? filesAfter(before.attachments, content) : null;
  // A file beside the words has a caption of its own.
  const text = content.messageId === messageId ? content.text : before.text;
  const attachments = files ?? before.attachments;
  const isSame = text === before.text && files === null;
  if (!fits) return done({ messages: [say(phrase('edit_too_large', language, { reference }))] });
  if (isSame || (isUnseen(text) && attachments.length === 0)) return done();
  const reworded = { change: 'reworded' as const, thread: id, text, attachments, messageId };
  return done({
    threads: [{ ...reworded, language: await detect(text, language, processContext.languages) }],
    messages: [say(phrase(`thread_reworded_${state}`, language, { reference }))],
  });
}

export async function goesOn(
  content: Said,
  { id, reference }: ThreadPlace,
  context: TurnContext,
): Promise<Interpretation> {
  const { process, languages } = context.processContext;
  const words = wordsOf(content);
  if (isUnseen(words.text) && words.attachments.length === 0) return done();
  const { messageId } = content;
  const said = await saidIn(id, { ...words, messageId }, { ...context, process, likely: languages });
  return done({
    threads: [said],
    messages: [passedOn(said, reference, { ...context, process, key: context.known.key })],
  });
}

interface PassingOn extends Pick<TurnContext, 'language' | 'phrase' | 'secret' | 'now'> {
  key: string;
  process: Pick<ProcessDefinition, 'timeZone'>;
}

/** That words have gone on in a thread, and a way out for whoever has begun something else with them. */
export function passedOn(
  { dueAt, messageId }: Pick<ThreadSaid, 'dueAt' | 'messageId'>,
  reference: string,
  { process, language, phrase, secret, key, now }: PassingOn,
): OutboundMessage {
  const day = dueDay(new Date(dueAt), { language, now, timeZone: process.timeZone });
  const idea = messageId === null ? null : signAction(secret, key, `n:${messageId}`);
  return say(
    phrase('thread_goes_on', language, { reference, day }),
    idea === null ? undefined : [{ label: phrase('thread_idea', language), data: idea }],
  );
}

/** Words that were taken for more of a thread are an idea of their own instead. */
export async function becomesIdea(messageId: string, { threads, known, phrase, language }: TurnContext) {
  const words = await threads.wordsOf(known.id, messageId);
  if (words === null) return done({ messages: [say(phrase('reply_known', language))] });
  const { id, text, attachments } = words;
  return begunAs(
    { said: isUnseen(text) ? null : text, files: attachments.length > 0 ? attachments : null },
    words.messageId,
    { threads: [{ change: 'taken_out', thread: id, messageId: words.messageId }], used: 'done' },
  );
}

const begunAs = (answers: Begin['answers'], messageId: string, change: Partial<TurnWrite>): Interpretation => ({
  kind: 'input',
  input: { kind: 'begin', flow: 'loose', answers, messageId, spoken: true },
  change,
});

interface SaidTools extends Pick<TurnContext, 'language' | 'detect' | 'now'> {
  likely: readonly string[];
  process: Pick<ProcessDefinition, 'threads'>;
}

/** Words in a thread, which are to be answered by a day from now. */
export async function saidIn(
  thread: string,
  { text, attachments, messageId }: Pick<ThreadSaid, 'text' | 'attachments' | 'messageId'>,
  { language, detect, likely, process, now }: SaidTools,
): Promise<ThreadSaid> {
  const dueAt = dueFrom(now, threadTerms(process)).toISOString();
  return {
    change: 'said',
    thread,
    text,
    attachments,
    messageId,
    dueAt,
    language: await detect(text, language, likely),
  };
}

type ThreadSaid = Extract<ThreadChange, { change: 'said' }>;

/** Of a file that nobody can fetch there is nothing to keep but the words beside it. */
export function wordsOf(content: Said) {
  if (content.kind === 'text') return { text: content.text, attachments: [] };
  return { text: content.caption, attachments: content.tooLarge === undefined ? [content.attachment] : [] };
}

/** What a member writes back to somebody's words is shown to them, and goes once they say so. */
export async function memberAnswers(
  content: Said,
  { reference }: Pick<ThreadPlace, 'reference'>,
  context: TurnContext,
): Promise<Interpretation | null> {
  const begun = await context.memberChat.answering(readerOf(context), reference);
  if (begun === null || 'messages' in begun) return begun && done({ messages: begun.messages });
  const {
    text,
    attachments: [file = null],
  } = wordsOf(content);
  const words = isUnseen(text) ? { words: file } : { words: text, [fileBeside('words')]: file };
  const { messageId } = content;
  const album = content.kind === 'media' && content.album !== undefined ? { album: content.album } : {};
  const answers = { ...begun.answers, ...words };
  return { kind: 'input', input: { kind: 'begin', flow: begun.flow, answers, holds: 'words', messageId, ...album } };
}

/** The button below an answer by which its reader says that they have what they wanted. */
export async function ended(reference: string, context: TurnContext): Promise<Interpretation> {
  const { threads, known, phrase, language } = context;
  const place = await threads.byReference(known.id, reference);
  if (!place) return done();
  return done({
    threads: [{ change: 'ended', thread: place.id }],
    messages: [say(phrase('thread_ended', language, { reference }))],
    used: 'done',
  });
}
