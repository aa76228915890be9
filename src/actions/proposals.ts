import type { Clock, Ids } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { DECISIONS, ELEMENTS, type Element } from '../responses/decision.ts';
import { heldAgainst } from '../responses/importDecisions.ts';
import type { OpenProposal, Proposal } from '../responses/proposal.ts';
import { type Agreement, agreementOn } from '../responses/quorum.ts';
import { missingElements, normalized } from '../responses/response.ts';
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

export interface ProposalActionParts {
  perform: Perform;
  process: () => Promise<ProcessDefinition>;
  clock: Clock;
  ids: Ids;
}

/** What somebody has written of a decision. */
export type DecisionDraft = { reference: string; decision: string } & Partial<Record<Element, string>>;

/** What has become of a proposal that somebody has confirmed. */
export type Confirmed = Pick<Agreement, 'missing'>;

/**
 * How the forum decides together: one proposes, as many of each side as it takes confirm. What comes of it is kept as a sheet's
 * row would be.
 */
export interface ProposalActions {
  /**
   * In the place of what was proposed before, which is kept for whoever wrote that.
   * @throws UserError for one that is not whole, or on what cannot be decided; Refused for whoever has an interest of their own
   */
  propose(actor: Actor, draft: DecisionDraft): Promise<Proposal>;
  /**
   * `mark`: of the proposal that was read. It is decided once nothing is missing. @throws Refused for whoever has agreed
   * already, or has an interest of their own in it, and where it is another by now
   */
  confirm(actor: Actor, reference: string, mark: string): Promise<Confirmed>;
  /** What was written is kept for whoever takes it back. @throws Refused for everybody else */
  takeBack(actor: Actor, reference: string, mark: string): Promise<void>;
}

export function createProposalActions(parts: ProposalActionParts): ProposalActions {
  const { perform } = parts;
  return {
    propose: (actor, draft) => perform(actor, proposing(actor, draft, parts)),
    confirm: (actor, reference, mark) => perform(actor, confirming(actor, { reference, mark }, parts)),
    takeBack: (actor, reference, mark) => perform(actor, takingBack(actor, { reference, mark }, parts)),
  };
}

const proposing = (
  actor: Actor,
  draft: DecisionDraft,
  { ids, clock }: ProposalActionParts,
): Action<Standing, Proposal> => ({
  name: 'responses.propose',
  on: draft.reference,
  find: nothing,
  async act(_, { responses, proposals, decisionDrafts, members }) {
    const { reference } = draft;
    const known = (await responses.look([reference])).get(reference);
    if (!known || known.state === 'withdrawn' || known.state === 'set_aside') throw new UserError(nothingIn(reference));
    expectNoInterest(actor, reference, await proposals.interestedIn(reference));
    const proposal = { ...wholeOf(draft), id: ids.uuid(), reference, by: actorName(actor) };
    const at = new Date(clock());
    const before = await proposals.hold(reference);
    if (before && before.by !== proposal.by) await keepTexts(before, decisionDrafts, at);
    await proposals.put(proposal, at);
    await proposals.say(proposal.id, await opinionOf(actor, { agrees: true, words: null, at }, members));
    return proposal;
  },
});

interface Read {
  reference: string;
  mark: string;
}

const confirming = (
  actor: Actor,
  { reference, mark }: Read,
  parts: ProposalActionParts,
): Action<ProposalSubject, Confirmed> => ({
  name: 'responses.confirm',
  on: reference,
  find: proposalFor(reference),
  async act({ proposal: found }, writes) {
    const proposal = theOne(found, reference, mark);
    const { id, opinions, interested } = proposal;
    expectNoInterest(actor, reference, interested);
    const said = { agrees: true, words: null, at: new Date(parts.clock()) };
    const opinion = await opinionOf(actor, said, writes.members);
    await writes.proposals.say(id, opinion);
    const process = await parts.process();
    const deciding = await decidingIn(process, writes);
    const { missing } = agreementOn(withOpinion(opinions, opinion), interested, deciding);
    if (missing.length === 0) await decide(proposal, process, writes, parts);
    return { missing };
  },
  detail: ({ missing }) => ({ decided: missing.length === 0 }),
});

async function decide(
  { id, reference, by, opinions: _, interested: __, ...row }: OpenProposal,
  { languages }: Pick<ProcessDefinition, 'languages'>,
  { responses, proposals, decisionDrafts }: Writes,
  { clock, ids }: ProposalActionParts,
): Promise<void> {
  const sheet = { drafts: [{ row: 1, version: '', reference, ...row }], blank: [], notes: [], errors: [] };
  const held = await heldAgainst(reference, sheet, { responses, languages, replace: [reference] });
  await held.keep(responses, { clock, ids });
  await proposals.settle(id, 'confirmed');
  await decisionDrafts.drop(by, reference);
}

const takingBack = (
  actor: Actor,
  { reference, mark }: Read,
  { clock }: ProposalActionParts,
): Action<ProposalSubject, void> => ({
  name: 'responses.take_back',
  on: reference,
  find: proposalFor(reference),
  async act({ proposal: found }, { proposals, decisionDrafts }) {
    const proposal = theOne(found, reference, mark);
    if (proposal.by !== actorName(actor))
      throw new Refused('role', `Only ${proposal.by} can take this proposal back; others say why they do not agree.`);
    await proposals.settle(proposal.id, 'discarded');
    await keepTexts(proposal, decisionDrafts, new Date(clock()));
  },
});

/** @throws UserError that names what is missing */
function wholeOf(draft: DecisionDraft): Omit<Proposal, 'id' | 'reference' | 'by'> {
  const decision = DECISIONS.find((each) => each === draft.decision);
  const missing = missingElements(draft);
  if (!decision || missing.length > 0)
    throw new UserError(
      `A decision has five elements, all of them: ${(decision ? missing : ['decision']).join(', ')} is missing.`,
    );
  const words = Object.fromEntries(ELEMENTS.map((element) => [element, normalized(draft[element] ?? '')]));
  return { decision, ...(words as Record<Element, string>) };
}

function expectNoInterest({ member }: Actor, reference: string, interested: readonly string[]): void {
  if (member === null || !interested.includes(member)) return;
  const words = `${member} has declared an interest of their own in ${reference}: they neither propose nor confirm.`;
  throw new Refused('interest', words);
}
