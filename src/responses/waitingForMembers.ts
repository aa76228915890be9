import { type Choice, type OutboundMessage, stored } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import { dueDay } from './dueDay.ts';
import type { TellingTools } from './tellMembers.ts';

/** What waits for one member, in one of their chats. */
export interface WaitingForMember {
  identityId: string;
  key: string;
  channel: string;
  language: string | null;
  /** Decisions that others have proposed. */
  proposals: number;
  /** People to whom they owe an answer, how many of these longer than promised, and the day on which the next is due. */
  people: number;
  overdue: number;
  dueAt: Date | null;
}

export interface WaitingTelling {
  /**
   * Stores a message for each chat with something new to tell. Gives the ids of the deliveries. Proposals are told once
   * none was added for `quietMs`, or the first has waited for `mostMs`. At most once a day in a chat, and never where
   * somebody has stopped, is busy, or must not be disturbed.
   */
  tell(
    at: Date,
    gathering: { quietMs: number; mostMs: number },
    messageFor: (waiting: WaitingForMember) => object,
  ): Promise<string[]>;
}

export interface WaitingParts extends TellingTools {
  waiting: WaitingTelling;
}

/** Somebody who works through a theme proposes one decision after the other: they are told together. */
const GATHERING = { quietMs: 10 * 60_000, mostMs: 60 * 60_000 };
const LOOK_EVERY_MS = 30_000;

/**
 * Tells members, in their own chats and once a day, that proposals wait for a second member and people for an answer.
 */
export function createWaitingNews({ waiting, queue, clock, ...parts }: WaitingParts): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = clock();
    if (now < next) return;
    next = now + LOOK_EVERY_MS;
    const { languages, timeZone } = await parts.process();
    const deliveries = await waiting.tell(new Date(now), GATHERING, (member) => {
      const language = member.language ?? languages[0] ?? 'en';
      const day = member.dueAt === null ? null : dueDay(member.dueAt, { language, timeZone, now });
      return stored(newsFor(member, day, parts.phrasesIn(language), parts.secret));
    });
    if (deliveries.length > 0) queue.retryReplies(deliveries);
  };
}

function newsFor(
  { key, proposals, people, overdue }: WaitingForMember,
  day: string | null,
  phrases: Phrases,
  secret: string,
): OutboundMessage {
  const button = (label: string, action: string): Choice => ({ label, data: signAction(secret, key, `o:${action}`) });
  const lines = [
    ...(people > 0 ? [phrases('waiting_people', { count: people, overdue })] : []),
    ...(people > overdue && day !== null ? [phrases('waiting_due', { day })] : []),
    ...(proposals > 0 ? [phrases('waiting_proposals', { count: proposals })] : []),
  ];
  return {
    blocks: [
      { kind: 'heading', text: phrases('title_threads') },
      { kind: 'text', text: lines.join('\n') },
    ],
    choices: [
      ...(people > 0 ? [button(phrases('button_people', { count: people }), 'p')] : []),
      ...(proposals > 0 ? [button(phrases('button_confirm', { count: proposals }), 'y')] : []),
    ],
  };
}
