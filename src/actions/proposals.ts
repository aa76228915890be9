import type { Clock, Ids } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName, OPERATOR } from '../people/actor.ts';
import type { MembersChat } from '../people/memberNews.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { DECISIONS, ELEMENTS, type Element } from '../responses/decision.ts';
import { heldAgainst } from '../responses/importDecisions.ts';
import { type DecisionDrafts, type Proposal, proposalMark } from '../responses/proposal.ts';
import type { Rejected } from '../responses/rejectedNews.ts';
import { missingElements, tidy } from '../responses/response.ts';
import { type Action, nothing, type Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export interface ProposalActionParts {
  perform: Perform;
  queue: Pick<Queue, 'retryReplies'>;
  process: () => Promise<ProcessDefinition>;
  /** What the proposer is told of it in that chat. */
  rejectedNews(rejected: Rejected, chat: MembersChat): Promise<OutboundMessage>;
  clock: Clock;
  ids: Ids;
}

/** What somebody has written of a decision. */
export type DecisionDraft = { reference: string; decision: string } & Partial<Record<Element, string>>;

/** How the forum decides in the chat: one proposes, another confirms. What comes of it is kept as a sheet's row would be. */
export interface ProposalActions {
  /** In the place of what was proposed before. @throws UserError for one that is not whole, or on what cannot be decided */
  propose(actor: Actor, draft: DecisionDraft): Promise<Proposal>;
  /** `mark`: of the proposal that was read. @throws Refused for whoever has proposed it, and where it is another by now */
  confirm(actor: Actor, reference: string, mark: string): Promise<void>;
  /**
   * What was written is kept for whoever proposed it, and they are told, where it was another.
   * @param why in a sentence of whoever would not have it like this
   */
  discard(actor: Actor, reference: string, mark: string, why?: string): Promise<void>;
}

export function createProposalActions(parts: ProposalActionParts): ProposalActions {
  const { perform } = parts;
  return {
    propose: (actor, draft) => perform(actor, proposing(actor, draft, parts)),
    confirm: (actor, reference, mark) => perform(actor, confirming(reference, mark, parts)),
    discard: (actor, reference, mark, why = '') =>
      perform(actor, discarding(actor, { reference, mark, why: why.trim() }, parts)),
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
  async act(_, { responses, proposals, decisionDrafts }) {
    const known = (await responses.look([draft.reference])).get(draft.reference);
    if (!known || known.state === 'withdrawn')
      throw new UserError(
        `There is nothing to decide on in ${draft.reference}: it is not on record, or was taken back.`,
      );
    const proposal = { ...wholeOf(draft), id: ids.uuid(), reference: draft.reference, by: actorName(actor) };
    const at = new Date(clock());
    const before = await proposals.find(draft.reference);
    if (before && before.by !== proposal.by) await keepTexts(before, decisionDrafts, at);
    await proposals.put(proposal, at);
    return proposal;
  },
});

type Subject = Standing & { proposal: Proposal | null };

const proposalFor =
  (reference: string) =>
  async ({ proposals }: Writes): Promise<Subject> => {
    const proposal = await proposals.find(reference);
    return { proposal, called: reference, firsts: proposal ? [proposal.by] : [] };
  };

const confirming = (
  reference: string,
  mark: string,
  { process, clock, ids }: ProposalActionParts,
): Action<Subject, void> => ({
  name: 'responses.confirm',
  on: reference,
  find: proposalFor(reference),
  async act({ proposal }, { responses, proposals }) {
    const { id, by, ...row } = theOne(proposal, reference, mark);
    const sheet = { drafts: [{ row: 1, version: '', ...row }], blank: [], notes: [], errors: [] };
    const { languages } = await process();
    const held = await heldAgainst(reference, sheet, { responses, languages, replace: [reference] });
    await held.keep(responses, { clock, ids });
    await proposals.settle(id, 'confirmed');
  },
});

const discarding = (
  actor: Actor,
  { reference, mark, why }: { reference: string; mark: string; why: string },
  { clock, queue, rejectedNews }: ProposalActionParts,
): Action<Subject, void> => ({
  name: 'responses.discard',
  on: reference,
  find: proposalFor(reference),
  async act({ proposal: found }, { proposals, decisionDrafts, members, memberNews }, after) {
    const proposal = theOne(found, reference, mark);
    const { id, by, decision } = proposal;
    const at = new Date(clock());
    await proposals.settle(id, 'discarded');
    await keepTexts(proposal, decisionDrafts, at);
    if (by === actorName(actor)) return;
    const name = (actor.member && (await members.find(actor.member))?.name) ?? actorName(actor);
    const rejected = { reference, decision, name, why };
    const chats = await memberNews.chatsOf([by]);
    const told = await Promise.all(
      chats.map(async (chat) => ({ ...chat, payload: [stored(await rejectedNews(rejected, chat))] })),
    );
    const deliveries = await memberNews.tell(told, at);
    if (deliveries.length > 0) after(() => queue.retryReplies(deliveries));
  },
});

/** Nothing that somebody has written is lost by what another makes of it. */
const keepTexts = ({ id: _, reference, by, ...fields }: Proposal, drafts: DecisionDrafts, at: Date): Promise<void> =>
  by === OPERATOR ? Promise.resolve() : drafts.keep(by, reference, fields, at);

/** @throws UserError that names what is missing */
function wholeOf(draft: DecisionDraft): Omit<Proposal, 'id' | 'reference' | 'by'> {
  const decision = DECISIONS.find((each) => each === draft.decision);
  const missing = missingElements(draft);
  if (!decision || missing.length > 0)
    throw new UserError(
      `A decision has five elements, all of them: ${(decision ? missing : ['decision']).join(', ')} is missing.`,
    );
  const words = Object.fromEntries(ELEMENTS.map((element) => [element, tidy(draft[element] ?? '')]));
  return { decision, ...(words as Record<Element, string>) };
}

/** @throws Refused where it is not the one that was read */
function theOne(proposal: Proposal | null, reference: string, mark: string): Proposal {
  if (proposal && proposalMark(proposal) === mark) return proposal;
  throw new Refused(
    'agreed',
    `What is proposed for ${reference} is another by now, or nothing. Read it, and do it again.`,
  );
}
