import type { Ids } from '../core/clock.ts';
import type { DetectLanguage } from '../core/detectLanguage.ts';
import type { Say } from '../core/loadPhrases.ts';
import { type OutboundMessage, say } from '../core/message.ts';
import { makeReference } from '../core/reference.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { dueDay } from '../responses/dueDay.ts';
import type { ThreadPlace } from '../responses/thread.ts';
import type { Amended, Event } from './flow/events.ts';
import { gather, gatherMore } from './gathering.ts';
import type { OwnThreads } from './own.ts';
import { passedOn, saidIn } from './threads.ts';
import type { Identity, ThreadChange, TurnWrite } from './turn.ts';

export interface ThreadTools {
  /** The language of the person at the beginning of the turn. */
  language: string;
  now: number;
  /** What was said came with an album. */
  album: string | null;
  detect: DetectLanguage;
  /** The languages of the process, and that of the person's app. */
  likely: readonly string[];
  process: Pick<ProcessDefinition, 'timeZone' | 'threads'>;
  ids: Ids;
  phrase: Say;
  secret: string;
  threads: Pick<OwnThreads, 'byReference' | 'openAbout'>;
  /** What a member is told whose question reaches no other. */
  askedAlone(): Promise<OutboundMessage | null>;
}

type Opening = Extract<Event, { kind: 'thread_opened' }>;
type Opened = Extract<ThreadChange, { change: 'opened' }>;

/** Whoever says more against an answer, while what they have said waits, says it in the same thread. */
export async function openThread(
  event: Opening,
  write: TurnWrite,
  known: Identity,
  tools: ThreadTools,
): Promise<undefined> {
  const { reference, dueAt } = await beginOrJoin(event.thread, write, known, tools);
  const alone = known.isMember && event.thread.response === null ? await tools.askedAlone() : null;
  if (alone) write.messages.push(alone);
  if (!event.receipt) return;
  const receipt = say(receiptOf(event.receipt, { reference, dueAt }, tools));
  gather({ reference, to: 'thread' }, receipt, event.gatherMs, write, tools);
}

async function beginOrJoin(thread: Opening['thread'], write: TurnWrite, { id }: Identity, tools: ThreadTools) {
  const { response, kind } = thread;
  const before = response === null ? null : await tools.threads.openAbout(id, response, kind !== 'question');
  if (before) {
    write.threads.push(await saidIn(before.id, thread, tools));
    return { reference: before.reference, dueAt: before.dueAt };
  }
  const opened = await newThread(thread, tools);
  write.threads.push(opened);
  return { reference: opened.reference, dueAt: new Date(opened.dueAt) };
}

/** More of what somebody asks is said in the same thread. */
export async function goOn(
  { id, reference }: ThreadPlace,
  { words: { text, parts }, attachments, done, unasked }: Amended,
  write: TurnWrite,
  { key }: Identity,
  tools: ThreadTools,
): Promise<undefined> {
  gatherMore({ reference, to: 'thread' }, write, tools);
  const messageId = parts[0]?.messageId ?? attachments[0]?.messageId ?? null;
  const said = await saidIn(id, { text, attachments, messageId }, tools);
  write.threads.push(said);
  if (done !== null || unasked) write.messages.push(passedOn(said, reference, { ...tools, key }));
}

async function newThread(thread: Opening['thread'], tools: ThreadTools): Promise<Opened> {
  const { ids } = tools;
  const said = await saidIn(ids.uuid(), thread, tools);
  return { ...thread, ...said, change: 'opened', reference: makeReference(ids.bytes(16)) };
}

const receiptOf = (
  receipt: string,
  { reference, dueAt }: { reference: string; dueAt: Date },
  { language, process, now }: ThreadTools,
): string =>
  receipt
    .replaceAll('{reference}', reference)
    .replaceAll('{day}', dueDay(dueAt, { language, now, timeZone: process.timeZone }));
