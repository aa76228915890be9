import type { DecisionDraft } from '../../actions/proposals.ts';
import { DoneBefore } from '../../actions/refused.ts';
import { insteadOfWords } from '../../contributions/voice.ts';
import type { MemberAct } from '../../conversation/flow/source/schema.ts';
import type { MemberConversation, MemberHeard, MemberReader } from '../../conversation/memberPanels.ts';
import { UserError } from '../../core/errors.ts';
import type { Attachment } from '../../core/inbound.ts';
import { type OutboundMessage, say } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { signAction } from '../../core/signedButtons.ts';
import { shorten } from '../../core/split.ts';
import { isForum, type Member } from '../../people/member.ts';
import { ELEMENTS, type Element } from '../../responses/decision.ts';
import { mayAnswer, takesAnswer } from '../../responses/thread.ts';
import { answerThread, shownAnswer } from './memberAnswers.ts';
import { actorOf, type MemberChatParts } from './memberParts.ts';
import { panelMessage } from './panels.ts';

const MOST_QUOTED = 300;
/** As much as a question can hold beside the rest. */
const MOST_BEFORE = 1000;

/** What a member's button begins; null for whoever it is not for. */
export async function conversationOf(
  { key, language }: MemberReader,
  action: string,
  parts: MemberChatParts,
): Promise<MemberHeard | null> {
  const [, letter, reference = '', decision = ''] = /^([ad]):(HB-\w{1,20})(?::(\w+))?$/.exec(action) ?? [];
  const member = letter === undefined ? null : await parts.members.byIdentity(key);
  if (!member) return null;
  return letter === 'a'
    ? answeringIn(reference, member, language, parts)
    : decidingOn({ reference, decision }, member, language, parts);
}

/** The words that are answered, for somebody who may. */
export async function answeringIn(
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

/** The words that are decided on; where there is an answer, with what it says and what was said against it. */
async function decidingOn(
  { reference, decision }: { reference: string; decision: string },
  member: Member,
  language: string,
  { contributions, responses, threads, phrasesIn }: MemberChatParts,
): Promise<MemberConversation | null> {
  const idea = isForum(member) ? await contributions.byReference(reference) : null;
  if (!idea) return null;
  const phrases = phrasesIn(language);
  const latest = (await responses.look([reference])).get(reference)?.latest ?? null;
  const before = wordsOf(idea, phrases);
  if (!latest) return { flow: 'decide', answers: { reference, before, decision } };
  const open = (await threads.list({ about: reference })).filter(
    ({ kind, state }) => kind !== 'question' && state !== 'closed',
  );
  const against = open.filter(({ said }) => said.trim() !== '').map(({ said }) => shorten(said, MOST_QUOTED));
  const whole = [before, ...(against.length > 0 ? [phrases('decide_against'), ...against] : [])].join('\n\n');
  const was = ELEMENTS.map((element) => [`was_${element}`, shorten(latest[element], MOST_BEFORE)]);
  return {
    flow: 'redecide',
    answers: { reference, before: shorten(whole, MOST_BEFORE), decision, ...Object.fromEntries(was) },
  };
}

interface Said {
  text: string;
  attachments: Attachment[];
}

const wordsOf = ({ text, attachments }: Said, phrases: Phrases): string =>
  shorten(text.trim() || phrases('thread_no_words', { length: insteadOfWords(attachments) }), MOST_QUOTED);

/** What a conversation with a member ends in. */
export async function actedIn(
  reader: MemberReader,
  act: MemberAct,
  { given, files }: { given: Record<string, string>; files: readonly Attachment[] },
  parts: MemberChatParts,
): Promise<OutboundMessage[]> {
  const { reference = '', words = '' } = given;
  if (act === 'propose_decision')
    return proposed(reader, { ...given, reference, decision: given.decision ?? '' }, parts);
  const answer = { words, files };
  return act === 'show_answer'
    ? shownAnswer(reader, reference, answer, parts)
    : [await answerThread(reader, reference, answer, parts)];
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
  const done = await parts.actions.responses.propose(actor, await whole(draft, parts)).then(
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

/** Elements that were not rewritten stay as they are in the answer that is in force. */
async function whole(draft: DecisionDraft, { responses }: MemberChatParts): Promise<DecisionDraft> {
  const latest = (await responses.look([draft.reference])).get(draft.reference)?.latest;
  if (!latest) return draft;
  const written = (element: Element) => draft[element]?.trim() || latest[element];
  return { ...draft, ...Object.fromEntries(ELEMENTS.map((element) => [element, written(element)])) };
}
