import type { Clock, Ids } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { DECISIONS, ELEMENTS, type Element } from '../responses/decision.ts';
import { heldAgainst } from '../responses/importDecisions.ts';
import { type Proposal, proposalMark } from '../responses/proposal.ts';
import { missingElements, tidy } from '../responses/response.ts';
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

/** How the forum decides in the chat: one proposes, another confirms. What comes of it is kept as a sheet's row would be. */
export interface ProposalActions {
  /** In the place of what was proposed before. @throws UserError for one that is not whole, or on what cannot be decided */
  propose(actor: Actor, draft: DecisionDraft): Promise<Proposal>;
  /** `mark`: of the proposal that was read. @throws Refused for whoever has proposed it, and where it is another by now */
  confirm(actor: Actor, reference: string, mark: string): Promise<void>;
  discard(actor: Actor, reference: string, mark: string): Promise<void>;
}

export function createProposalActions(parts: ProposalActionParts): ProposalActions {
  const { perform } = parts;
  return {
    propose: (actor, draft) => perform(actor, proposing(actor, draft, parts)),
    confirm: (actor, reference, mark) => perform(actor, confirming(reference, mark, parts)),
    discard: (actor, reference, mark) =>
      perform(actor, {
        name: 'responses.discard',
        on: reference,
        find: proposalFor(reference),
        act: async ({ proposal }, { proposals }) => proposals.settle(theOne(proposal, reference, mark).id, 'discarded'),
      }),
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
  async act(_, { responses, proposals }) {
    const known = (await responses.look([draft.reference])).get(draft.reference);
    if (!known || known.state === 'withdrawn')
      throw new UserError(
        `There is nothing to decide on in ${draft.reference}: it is not on record, or was taken back.`,
      );
    const proposal = { ...wholeOf(draft), id: ids.uuid(), reference: draft.reference, by: actorName(actor) };
    await proposals.put(proposal, new Date(clock()));
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
