import type { DecisionDraft } from '../../actions/proposals.ts';
import { DoneBefore } from '../../actions/refused.ts';
import type { MemberConversation, MemberReader } from '../../conversation/memberPanels.ts';
import { UserError } from '../../core/errors.ts';
import { type OutboundMessage, say } from '../../core/message.ts';
import { signAction } from '../../core/signedButtons.ts';
import { shorten } from '../../core/split.ts';
import { type Actor, OPERATOR } from '../../people/actor.ts';
import { isForum, type Member } from '../../people/member.ts';
import { ELEMENTS, type Element } from '../../responses/decision.ts';
import type { DraftFields } from '../../responses/proposal.ts';
import { actorOf, type MemberChatParts } from './memberParts.ts';
import { MOST_QUOTED, wordsOf } from './memberSaid.ts';
import { panelMessage } from './panels.ts';

/** As much as a question can hold beside the rest. */
const MOST_BEFORE = 1000;

interface Deciding {
  reference: string;
  decision: string;
}

/**
 * The words that are decided on; where the member has written about them before, or there is an answer, with what that says, and
 * what was said against the answer.
 */
export async function decidingOn(
  { reference, decision }: Deciding,
  member: Member,
  language: string,
  parts: MemberChatParts,
): Promise<MemberConversation | null> {
  const idea = isForum(member) ? await parts.contributions.byReference(reference) : null;
  if (!idea) return null;
  const phrases = parts.phrasesIn(language);
  const before = wordsOf(idea, phrases);
  const so = await soFar(member.id, reference, parts);
  if (!isWhole(so)) return { flow: 'decide', answers: { reference, before, decision, ...so } };
  const against = await saidAgainst(reference, parts);
  const whole = [before, ...(against.length > 0 ? [phrases('decide_against'), ...against] : [])].join('\n\n');
  const was = ELEMENTS.map((element) => [`was_${element}`, shorten(so[element], MOST_BEFORE)]);
  return {
    flow: 'redecide',
    answers: { reference, before: shorten(whole, MOST_BEFORE), decision, ...Object.fromEntries(was) },
  };
}

type Elements = Partial<Record<Element, string>>;
const isWhole = (texts: Elements): texts is Record<Element, string> => ELEMENTS.every((element) => texts[element]);

/** What the member has written and not proposed; else what the answer says that stands. */
async function soFar(member: string, reference: string, { responses, drafts }: MemberChatParts): Promise<Elements> {
  const draft: DraftFields = (await drafts.find(member, reference)) ?? {};
  const latest = (await responses.look([reference])).get(reference)?.latest;
  const texts = ELEMENTS.map((element) => [element, draft[element]?.trim() || latest?.[element]]);
  return Object.fromEntries(texts.filter(([, text]) => text));
}

async function saidAgainst(reference: string, { threads }: MemberChatParts): Promise<string[]> {
  const open = (await threads.list({ about: reference })).filter(
    ({ kind, state }) => kind !== 'question' && state !== 'closed',
  );
  return open.filter(({ said }) => said.trim() !== '').map(({ said }) => shorten(said, MOST_QUOTED));
}

/** The proposal as its reader would get it, for another to confirm. Elements that were not rewritten stay as they were. */
export async function proposed(
  reader: MemberReader,
  draft: DecisionDraft,
  parts: MemberChatParts,
): Promise<OutboundMessage[]> {
  const { reference } = draft;
  const actor = await actorOf(reader, parts);
  if (!actor?.member) return [refusedIn(reader, parts)];
  const so = await soFar(actor.member, reference, parts);
  const written = ELEMENTS.map((element) => [element, draft[element]?.trim() || (so[element] ?? '')]);
  const whole = { ...draft, ...Object.fromEntries(written) };
  if (!(await isDone(parts.actions.responses.propose(actor, whole)))) return [refusedIn(reader, parts)];
  await parts.drafts.drop(actor.member, reference);
  return shown(`u:${reference}`, reader, parts);
}

const refusedIn = ({ language }: MemberReader, { phrasesIn }: MemberChatParts): OutboundMessage =>
  say(phrasesIn(language)('decide_refused'));

/** False: it was refused. The same update again finds it done. */
const isDone = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    (error: unknown) => {
      if (error instanceof DoneBefore) return true;
      if (error instanceof UserError) return false;
      throw error;
    },
  );

async function shown(
  action: string,
  { key, language }: MemberReader,
  { organize, secret }: MemberChatParts,
): Promise<OutboundMessage[]> {
  const panel = await organize.panel({ key, language }, signAction(secret, key, `o:${action}`));
  return panel ? [panelMessage(panel)] : [];
}

/** Which proposal a member has read, and where they go on. */
interface Read {
  reference: string;
  mark: string;
  among: string;
}

/** They are asked why they would not have it like this. */
export async function rejectingOf(
  { reference, mark, among }: Read,
  member: Member,
  { members, proposals }: MemberChatParts,
): Promise<MemberConversation | null> {
  const proposal = isForum(member) ? await proposals.find(reference) : null;
  if (!proposal) return null;
  const proposer = await nameOf(proposal.by, { members });
  return { flow: 'reject', answers: { reference, mark, ...(among !== '' && { among }), proposer } };
}

const nameOf = async (by: string, { members }: Pick<MemberChatParts, 'members'>): Promise<string> =>
  (by === OPERATOR ? null : await members.find(by))?.name ?? by;

/** The next that waits follows, for whoever goes through those. */
export async function rejected(
  reader: MemberReader,
  { reference, mark, among, why }: Read & { why: string },
  parts: MemberChatParts,
): Promise<OutboundMessage[]> {
  const actor: Actor | null = await actorOf(reader, parts);
  if (!actor) return [refusedIn(reader, parts)];
  const phrases = parts.phrasesIn(reader.language);
  const done = await isDone(parts.actions.responses.dissent(actor, reference, mark, why));
  const stands = done && (await parts.proposals.find(reference)) !== null;
  const what = stands ? 'decide_dissent' : 'decide_rejected';
  const told = say(phrases(done ? what : 'changed_meanwhile', { reference }));
  return [told, ...(await shown(among === '' ? `u:${reference}` : among, reader, parts))];
}
