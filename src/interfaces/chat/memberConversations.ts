import { DoneBefore, Refused } from '../../actions/refused.ts';
import type { MemberConversation, MemberReader } from '../../conversation/memberPanels.ts';
import { UserError } from '../../core/errors.ts';
import { type OutboundMessage, say } from '../../core/message.ts';
import { shorten } from '../../core/split.ts';
import { type Actor, interfaceOf } from '../../people/actor.ts';
import { mayAnswer } from '../../responses/thread.ts';
import type { MemberChatParts } from './members.ts';

/** Null for somebody who is not a member. */
export async function actorOf(
  { key, update }: MemberReader,
  { members }: Pick<MemberChatParts, 'members'>,
): Promise<Actor | null> {
  const member = await members.byIdentity(key);
  return member && { member: member.id, through: interfaceOf(key), request: update };
}

const MOST_QUOTED = 300;

/** What a member's button begins; null for whoever it is not for. */
export async function conversationOf(
  { key, language }: MemberReader,
  action: string,
  { members, threads, phrasesIn }: MemberChatParts,
): Promise<MemberConversation | null> {
  const [, reference] = /^a:(HB-\w{1,20})$/.exec(action) ?? [];
  const member = reference === undefined ? null : await members.byIdentity(key);
  const thread = reference === undefined || !member ? null : await threads.find(reference);
  if (!member || !thread || !mayAnswer(member, thread.kind)) return null;
  const said = thread.messages.findLast(({ by }) => by === null);
  const before = shorten(said?.text.trim() || phrasesIn(language)('thread_no_words'), MOST_QUOTED);
  return { flow: 'answer', answers: { reference: thread.reference, before } };
}

/** What a conversation with a member ends in. */
export async function actedIn(
  reader: MemberReader,
  { reference = '', words = '' }: Record<string, string>,
  parts: MemberChatParts,
): Promise<OutboundMessage[]> {
  const said = await answerThread(reader, reference, words, parts);
  return [said ?? say(parts.phrasesIn(reader.language)('thread_not_yours'))];
}

/** What was refused is told; whoever is not a member answers nobody here. */
export async function answerThread(
  reader: MemberReader,
  reference: string,
  words: string,
  parts: MemberChatParts,
): Promise<OutboundMessage | null> {
  const actor = await actorOf(reader, parts);
  if (!actor) return null;
  const phrases = parts.phrasesIn(reader.language);
  try {
    const { reached } = await parts.actions.threads.answer(actor, reference, words);
    return say(phrases(reached ? 'thread_sent' : 'thread_kept', { reference }));
  } catch (error) {
    if (error instanceof DoneBefore) return say(phrases('thread_sent', { reference }));
    if (error instanceof Refused && error.reason === 'state') return say(phrases('thread_over', { reference }));
    if (error instanceof UserError) return say(phrases('thread_not_yours'));
    throw error;
  }
}
