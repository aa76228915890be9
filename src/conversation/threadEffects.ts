import type { Ids } from '../core/clock.ts';
import type { DetectLanguage } from '../core/detectLanguage.ts';
import { say } from '../core/message.ts';
import { makeReference } from '../core/reference.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { dueDay } from '../responses/dueDay.ts';
import type { ThreadPlace } from '../responses/thread.ts';
import type { Amended, Event } from './flow/types.ts';
import { gather, gatherMore } from './gathering.ts';
import { saidIn } from './threads.ts';
import type { ThreadChange, TurnWrite } from './turn.ts';

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
}

type Opening = Extract<Event, { kind: 'thread_opened' }>;
type Opened = Extract<ThreadChange, { change: 'opened' }>;

export async function openThread(event: Opening, write: TurnWrite, tools: ThreadTools): Promise<undefined> {
  const opened = await newThread(event, tools);
  write.threads.push(opened);
  if (!event.receipt) return;
  const receipt = say(receiptOf(event.receipt, opened, tools));
  gather({ reference: opened.reference, to: 'thread' }, receipt, event.gatherMs, write, tools);
}

/** More of what somebody asks is said in the same thread. */
export async function goOn(
  { id, reference }: ThreadPlace,
  { words: { text, parts }, attachments, done }: Amended,
  write: TurnWrite,
  tools: ThreadTools,
): Promise<undefined> {
  gatherMore({ reference, to: 'thread' }, write, tools);
  const messageId = parts[0]?.messageId ?? attachments[0]?.messageId ?? null;
  write.threads.push(await saidIn(id, { text, attachments, messageId }, tools));
  if (done !== null) write.messages.push(say(done));
}

async function newThread({ thread }: Opening, tools: ThreadTools): Promise<Opened> {
  const { ids } = tools;
  const said = await saidIn(ids.uuid(), thread, tools);
  return { ...thread, ...said, change: 'opened', reference: makeReference(ids.bytes(16)) };
}

const receiptOf = (receipt: string, { reference, dueAt }: Opened, { language, process, now }: ThreadTools): string =>
  receipt
    .replaceAll('{reference}', reference)
    .replaceAll('{day}', dueDay(new Date(dueAt), { language, now, timeZone: process.timeZone }));
