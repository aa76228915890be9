import { namedFiles } from '../../contributions/namedFiles.ts';
import type { Block } from '../../core/message.ts';
import { isForum, type Member } from '../../people/member.ts';
import { dueDay } from '../../responses/dueDay.ts';
import { mayAnswer, THREAD_KINDS, type Thread, type ThreadLine, type ThreadMessage } from '../../responses/thread.ts';
import { earlierBlocks, threadHead } from '../../responses/threadMessages.ts';
import { noted, type PanelContext, type PanelView, text } from './context.ts';
import { unlessDone } from './repeated.ts';

/** The threads that wait for somebody like this member, those longest due first; what another answers is theirs. */
export async function waitingThreads({ threads, member }: PanelContext): Promise<ThreadLine[]> {
  const kinds = THREAD_KINDS.filter((kind) => mayAnswer(member, kind));
  const open = await threads.list({ state: 'open', kinds });
  return open.filter(({ assigned }) => assigned === null || assigned === member.id);
}

/** The first of those that wait; each leads to the next. */
export async function waitingThreadView(context: PanelContext): Promise<PanelView | null> {
  const [first] = await waitingThreads(context);
  return first ? threadView(context, first.reference) : noneView(context);
}

/** One thread: the person's words, what they are about, what was said since, and what this member may do. */
export async function threadView(
  context: PanelContext,
  reference: string,
  note: string | null = null,
): Promise<PanelView | null> {
  const { threads, phrases, button } = context;
  const thread = await threads.find(reference);
  if (!thread) return null;
  const waiting = await waitingThreads(context);
  const at = waiting.findIndex((line) => line.reference === reference);
  const next = waiting[at + 1];
  const mine = mayAnswer(context.member, thread.kind) && thread.state !== 'closed';
  const { about } = thread;
  const hasFiles = thread.messages.some(({ attachments }) => attachments.length > 0);
  return {
    about: thread.id,
    title: phrases('title_threads'),
    blocks: [...noted(note), ...threadBlocks(thread, await context.members.list(), context)],
    choices: [
      ...(hasFiles ? [button(phrases('decide_files'), `b:${reference}`)] : []),
      ...(mine ? [button(phrases('thread_button_answer'), `>a:${reference}`)] : []),
      ...(about && isForum(context.member) ? [button(phrases('thread_button_decide'), `u:${about.reference}`)] : []),
      ...(mine ? [button(phrases('thread_button_hand'), `i:${reference}`)] : []),
      ...(mine ? [button(phrases('thread_button_close'), `j:${reference}`)] : []),
      ...(next ? [button(phrases('button_next'), `h:${next.reference}`)] : []),
      button(phrases('button_overview'), ''),
    ],
  };
}

function threadBlocks(thread: Thread, members: readonly Member[], context: PanelContext): Block[] {
  const { phrases, language, zone: timeZone, now } = context;
  const [first, ...later] = thread.messages;
  const { reference, kind, about, state, assigned } = thread;
  const files = namedFiles(first?.attachments ?? [], phrases, language);
  const day = dueDay(thread.dueAt, { language, timeZone, now });
  return [
    ...threadHead(
      { reference, kind, about, files, text: first?.text ?? '', before: first?.earlier.at(-1) ?? null },
      phrases,
    ),
    ...later.flatMap((message) => saidBlocks(message, members, context)),
    text(phrases(`thread_is_${state}`, { day })),
    ...(assigned === null ? [] : [text(phrases('thread_assigned', { name: nameOf(assigned, members) }))]),
  ];
}

function saidBlocks(
  { by, text: words, attachments, earlier }: ThreadMessage,
  members: readonly Member[],
  { phrases, language }: PanelContext,
): Block[] {
  const files = namedFiles(attachments, phrases, language);
  return [
    text(by === null ? phrases('thread_said') : phrases('thread_by', { name: nameOf(by, members) })),
    ...(words.trim() === '' ? [] : [{ kind: 'quote' as const, text: words }]),
    ...(files === null ? [] : [text(phrases('thread_files', { files }))]),
    ...earlierBlocks(earlier.at(-1) ?? null, phrases),
  ];
}

const nameOf = (id: string, members: readonly Member[]): string => members.find((one) => one.id === id)?.name ?? id;

function noneView({ phrases, button }: PanelContext): PanelView {
  return {
    title: phrases('title_threads'),
    blocks: [text(phrases('threads_none'))],
    choices: [button(phrases('button_overview'), '')],
  };
}

const MOST_MEMBERS = 20;

/** To whom it can be handed. */
export async function handView(context: PanelContext, reference: string): Promise<PanelView | null> {
  const { members, threads, phrases, button } = context;
  const thread = await threads.find(reference);
  if (!thread) return null;
  const others = (await members.list()).filter((one: Member) => one.id !== context.member.id);
  const able = others.filter((one) => mayAnswer(one, thread.kind)).slice(0, MOST_MEMBERS);
  return {
    title: phrases('title_threads'),
    blocks: [text(phrases(able.length === 0 ? 'thread_hand_none' : 'thread_hand_ask', { reference }))],
    choices: [
      ...able.map(({ id, name }) => button(name, `I:${reference}:${id}`)),
      button(phrases('button_back'), `h:${reference}`),
    ],
  };
}

export async function handedView(context: PanelContext, reference: string, to: string): Promise<PanelView | null> {
  const { actions, actor, members, phrases } = context;
  await unlessDone(actions.threads.handOver(actor, reference, to));
  return threadView(context, reference, phrases('thread_handed', { name: nameOf(to, await members.list()) }));
}

export function closeAskView({ phrases, button }: PanelContext, reference: string): PanelView {
  return {
    title: phrases('title_confirm'),
    blocks: [text(phrases('thread_close_ask', { reference }))],
    choices: [
      button(phrases('thread_button_close'), `J:${reference}`),
      button(phrases('button_back'), `h:${reference}`),
    ],
  };
}

export async function closedView(context: PanelContext, reference: string): Promise<PanelView | null> {
  await unlessDone(context.actions.threads.close(context.actor, reference));
  return threadView(context, reference);
}
