import type { Clock } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { MembersChat } from '../people/memberNews.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { MOST_OF_ELEMENT } from '../responses/decision.ts';
import type { OpenProposal, Proposal } from '../responses/proposal.ts';
import { agreementOn, type Opinion } from '../responses/quorum.ts';
import type { Rejected } from '../responses/rejectedNews.ts';
import { normalized } from '../responses/response.ts';
import {
  decidingIn,
  keepTexts,
  nothingIn,
  opinionOf,
  type ProposalSubject,
  proposalFor,
  theOne,
  withOpinion,
} from './heldProposal.ts';
import { type Action, nothing, type Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export interface OpinionActionParts {
  perform: Perform;
  queue: Pick<Queue, 'retryReplies'>;
  process: () => Promise<ProcessDefinition>;
  /** What the proposer is told of it in that chat. */
  rejectedNews(rejected: Rejected, chat: MembersChat): Promise<OutboundMessage>;
  clock: Clock;
}

/** What members say of what others propose, and of themselves. */
export interface OpinionActions {
  /**
   * Keeps that a member does not agree with what is proposed, or was decided (`mark`: of the proposal that was read); whoever
   * proposed it is told, and can go on from what they wrote. It stands all the same, unless too few are left to confirm it.
   * @param why in their words; may be empty
   */
  dissent(actor: Actor, reference: string, mark: string, why: string): Promise<{ stands: boolean }>;
  /** They have an interest of their own in what becomes of it: from now on they neither propose nor confirm. */
  declareInterest(actor: Actor, reference: string): Promise<void>;
  withdrawInterest(actor: Actor, reference: string): Promise<void>;
}

export function createOpinionActions(parts: OpinionActionParts): OpinionActions {
  const { perform, clock } = parts;
  return {
    dissent: (actor, reference, mark, why) => perform(actor, dissenting(actor, { reference, mark, why }, parts)),
    declareInterest: (actor, reference) => perform(actor, interest(actor, reference, new Date(clock()))),
    withdrawInterest: (actor, reference) => perform(actor, interest(actor, reference, null)),
  };
}

const dissenting = (
  actor: Actor,
  { reference, mark, why }: { reference: string; mark: string; why: string },
  parts: OpinionActionParts,
): Action<ProposalSubject, { stands: boolean }> => ({
  name: 'responses.dissent',
  on: reference,
  find: proposalFor(reference),
  async act({ proposal: open }, writes, after) {
    const proposal = theOne(open ?? (await writes.proposals.latest(reference)), reference, mark);
    const words = normalized(why);
    if (words.length > MOST_OF_ELEMENT)
      throw new UserError(`Say in at most ${MOST_OF_ELEMENT} characters why you do not agree.`);
    const said = { agrees: false, words, at: new Date(parts.clock()) };
    const opinion = await opinionOf(actor, said, writes.members);
    await writes.proposals.say(proposal.id, opinion);
    const stands = open === null || !(await hasFailed(open, opinion, writes, parts));
    if (!stands) await writes.proposals.settle(proposal.id, 'discarded');
    await keepTexts(proposal, writes.decisionDrafts, said.at);
    const deliveries = await tellProposer(actor, proposal, { why: words, stands }, writes, parts);
    if (deliveries.length > 0) after(() => parts.queue.retryReplies(deliveries));
    return { stands };
  },
  detail: ({ stands }) => ({ stands }),
});

async function hasFailed(
  { opinions, interested }: OpenProposal,
  opinion: Opinion,
  writes: Writes,
  { process }: OpinionActionParts,
): Promise<boolean> {
  const deciding = await decidingIn(await process(), writes);
  return agreementOn(withOpinion(opinions, opinion), interested, deciding).failed;
}

/** Gives the ids of the deliveries, of which there are none to somebody who speaks against themselves. */
async function tellProposer(
  actor: Actor,
  { reference, by, decision }: Proposal,
  said: Pick<Rejected, 'why' | 'stands'>,
  { members, memberNews }: Writes,
  { clock, rejectedNews }: OpinionActionParts,
): Promise<string[]> {
  if (by === actorName(actor)) return [];
  const name = (actor.member && (await members.find(actor.member))?.name) ?? actorName(actor);
  const chats = await memberNews.chatsOf([by]);
  const told = await Promise.all(
    chats.map(async (chat) => ({
      ...chat,
      payload: [stored(await rejectedNews({ reference, decision, name, ...said }, chat))],
    })),
  );
  return memberNews.tell(told, new Date(clock()));
}

const interest = (actor: Actor, reference: string, since: Date | null): Action<Standing, void> => ({
  name: since === null ? 'responses.withdraw_interest' : 'responses.declare_interest',
  on: reference,
  find: nothing,
  async act(_, { responses, proposals }) {
    if (actor.member === null) throw new Refused('member', 'Say who has an interest of their own in it: --as MEMBER.');
    if (!(await responses.look([reference])).has(reference)) throw new UserError(nothingIn(reference));
    await proposals.setInterest(reference, actor.member, since);
  },
});
