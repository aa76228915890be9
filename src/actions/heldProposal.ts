import { type Actor, actorName, OPERATOR } from '../people/actor.ts';
import type { Members } from '../people/member.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { type DecisionDrafts, type OpenProposal, type Proposal, proposalMark } from '../responses/proposal.ts';
import { type Deciding, type Opinion, quorumOf } from '../responses/quorum.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export type ProposalSubject = Standing & { proposal: OpenProposal | null };

/** The open proposal for a contribution, held until what is done to it is kept. */
export const proposalFor =
  (reference: string) =>
  async ({ proposals }: Writes): Promise<ProposalSubject> => {
    const proposal = await proposals.hold(reference);
    const agreed = proposal?.opinions.filter(({ agrees }) => agrees) ?? [];
    return { proposal, called: reference, firsts: agreed.map(({ by }) => by) };
  };

/** @throws Refused where it is not the one that was read */
export function theOne<P extends Proposal>(proposal: P | null, reference: string, mark: string): P {
  if (proposal && proposalMark(proposal) === mark) return proposal;
  throw new Refused(
    'agreed',
    `What is proposed for ${reference} is another by now, or nothing. Read it, and do it again.`,
  );
}

/** By whoever does it, from the side on which they are now. */
export async function opinionOf(
  actor: Actor,
  said: Pick<Opinion, 'agrees' | 'words' | 'at'>,
  members: Pick<Members, 'find'>,
): Promise<Opinion> {
  const member = actor.member === null ? null : await members.find(actor.member);
  return { by: actorName(actor), side: member?.side ?? null, ...said };
}

/** What has been said with that of one more, in the place of what they have said before. */
export const withOpinion = (opinions: readonly Opinion[], opinion: Opinion): Opinion[] => [
  ...opinions.filter(({ by }) => by !== opinion.by),
  opinion,
];

export const decidingIn = async (
  process: ProcessDefinition,
  { members }: Pick<Writes, 'members'>,
): Promise<Deciding> => ({
  members: await members.list(),
  quorum: quorumOf(process),
});

/** Nothing that somebody has written is lost by what another makes of it. */
export function keepTexts(
  { reference, by, decision, input, considered, influence, reason, beyond }: Proposal,
  drafts: Pick<DecisionDrafts, 'keep'>,
  at: Date,
): Promise<void> {
  if (by === OPERATOR) return Promise.resolve();
  return drafts.keep(by, reference, { decision, input, considered, influence, reason, beyond }, at);
}

export const nothingIn = (reference: string): string =>
  `There is nothing to decide on in ${reference}: it is not on record, was taken back, or is set aside.`;
