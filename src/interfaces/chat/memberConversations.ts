import type { MemberAct } from '../../conversation/flow/source/schema.ts';
import type { MemberHeard, MemberReader } from '../../conversation/memberPanels.ts';
import type { Attachment } from '../../core/inbound.ts';
import { type OutboundMessage, say } from '../../core/message.ts';
import type { Member } from '../../people/member.ts';
import { mayAnswer, takesAnswer } from '../../responses/thread.ts';
import { answerThread, shownAnswer } from './memberAnswers.ts';
import { decidingOn, proposed, rejected, rejectingOf } from './memberDecisions.ts';
import type { MemberChatParts } from './memberParts.ts';
import { wordsOf } from './memberSaid.ts';

/** What a member's button begins; null for whoever it is not for. */
export async function conversationOf(
  { key, language }: MemberReader,
  action: string,
  parts: MemberChatParts,
): Promise<MemberHeard | null> {
  const [, letter, reference = '', ...more] = /^([adn]):(HB-\w{1,20})(?::(\w+))?(?::(\w+))?$/.exec(action) ?? [];
  const member = letter === undefined ? null : await parts.members.byIdentity(key);
  if (!member) return null;
  const [first = '', second = ''] = more;
  switch (letter) {
    case 'a':
      return answeringIn(reference, member, language, parts);
    case 'd':
      return decidingOn({ reference, decision: first }, member, language, parts);
    default:
      return rejectingOf({ reference, mark: first, among: second }, member, parts);
  }
}

/** The words that are answered, for somebody who may. */
async function answeringIn(
  reference: string,
  member: Member,
  language: string,
  parts: MemberChatParts,
): Promise<MemberHeard | null> {
  const thread = await parts.threads.find(reference);
  if (!thread || !mayAnswer(member, thread.kind)) return null;
  const phrases = parts.phrasesIn(language);
  if (!takesAnswer(thread, member.id)) return { messages: [say(phrases('thread_over', { reference }))] };
  const said = thread.messages.findLast(({ by }) => by === null) ?? { text: '', attachments: [] };
  return { flow: 'answer', answers: { reference, before: wordsOf(said, phrases) } };
}

/** What a conversation with a member ends in. */
export async function actedIn(
  reader: MemberReader,
  act: MemberAct,
  { given, files }: { given: Record<string, string>; files: readonly Attachment[] },
  parts: MemberChatParts,
): Promise<OutboundMessage[]> {
  const { reference = '', words = '' } = given;
  const answer = { words, files };
  switch (act) {
    case 'show_answer':
      return shownAnswer(reader, reference, answer, parts);
    case 'answer_thread':
      return [await answerThread(reader, reference, answer, parts)];
    case 'propose_decision':
      return proposed(reader, { ...given, reference, decision: given.decision ?? '' }, parts);
    default:
      return rejected(
        reader,
        { reference, mark: given.mark ?? '', among: given.among ?? '', why: given.why ?? '' },
        parts,
      );
  }
}
