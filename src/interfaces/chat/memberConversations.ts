import type { DecisionDraft } from '../../actions/proposals.ts';
import { DoneBefore, Refused } from '../../actions/refused.ts';
import { voiceLength } from '../../contributions/voice.ts';
import type { MemberAct } from '../../conversation/flow/source/schema.ts';
import type { MemberConversation, MemberReader } from '../../conversation/memberPanels.ts';
import { UserError } from '../../core/errors.ts';
import type { Attachment } from '../../core/inbound.ts';
import { type OutboundMessage, say } from '../../core/message.ts';
import { signAction } from '../../core/signedButtons.ts';
import { shorten } from '../../core/split.ts';
import { isForum, type Member } from '../../people/member.ts';
import { mayAnswer } from '../../responses/thread.ts';
import { actorOf, type MemberChatParts } from './memberParts.ts';
import { panelMessage } from './panels.ts';

const MOST_QUOTED = 300;

/** What a member's button begins; null for whoever it is not for. */
export async function conversationOf(
  { key, language }: MemberReader,
  action: string,
  parts: MemberChatParts,
): Promise<MemberConversation | null> {
  const [, letter, reference = '', decision = ''] = /^([ad]):(HB-\w{1,20})(?::(\w+))?$/.exec(action) ?? [];
  const member = letter === undefined ? null : await parts.members.byIdentity(key);
  if (!member) return null;
  const said = letter === 'a' ? await askedIn(reference, member, parts) : await decidedOn(reference, member, parts);
  if (said === null) return null;
  const silent = parts.phrasesIn(language)('thread_no_words', { length: voiceLength(said.attachments) });
  const before = shorten(said.text.trim() || silent, MOST_QUOTED);
  return letter === 'a'
    ? { flow: 'answer', answers: { reference, before } }
    : { flow: 'decide', answers: { reference, before, decision } };
}

interface Said {
  text: string;
  attachments: Attachment[];
}

/** The words that are answered. */
async function askedIn(reference: string, member: Member, { threads }: MemberChatParts): Promise<Said | null> {
  const thread = await threads.find(reference);
  if (!thread || !mayAnswer(member, thread.kind)) return null;
  return thread.messages.findLast(({ by }) => by === null) ?? { text: '', attachments: [] };
}

/** The words that are decided on. */
async function decidedOn(reference: string, member: Member, { contributions }: MemberChatParts): Promise<Said | null> {
  return isForum(member) ? ((await contributions.byReference(reference)) ?? null) : null;
}

/** What a conversation with a member ends in. */
export async function actedIn(
  reader: MemberReader,
  act: MemberAct,
  given: Record<string, string>,
  parts: MemberChatParts,
): Promise<OutboundMessage[]> {
  const { reference = '', words = '' } = given;
  if (act === 'propose_decision')
    return proposed(reader, { ...given, reference, decision: given.decision ?? '' }, parts);
  const said = await answerThread(reader, reference, words, parts);
  return [said ?? say(parts.phrasesIn(reader.language)('thread_not_yours'))];
}

/** The proposal as its reader would get it, for another to confirm. */
async function proposed(
  reader: MemberReader,
  draft: DecisionDraft,
  parts: MemberChatParts,
): Promise<OutboundMessage[]> {
  const actor = await actorOf(reader, parts);
  const refused = [say(parts.phrasesIn(reader.language)('decide_refused'))];
  if (!actor) return refused;
  const done = await parts.actions.responses.propose(actor, draft).then(
    () => true,
    (error: unknown) => {
      if (error instanceof DoneBefore) return true;
      if (error instanceof UserError) return false;
      throw error;
    },
  );
  const shown = signAction(parts.secret, reader.key, `o:u:${draft.reference}`);
  const panel = done ? await parts.organize.panel({ key: reader.key, language: reader.language }, shown) : null;
  return panel ? [panelMessage(panel)] : refused;
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
