import type { Actor } from '../people/actor.ts';
import { type ConsoleActionParts, type ConsoleActions, createConsoleActions } from './console.ts';
import { createEditActions, type EditActionParts, type EditActions } from './edits.ts';
import { createFinalizeActions, type FinalizeActionParts, type FinalizeActions } from './finalize.ts';
import { held } from './heldNotice.ts';
import { createMemberActions, type MemberActionParts, type MemberActions } from './members.ts';
import { createDraftActions, type DraftActionParts, type DraftActions } from './noticeDrafts.ts';
import { createRunActions, type RunActionParts, type RunActions } from './noticeRuns.ts';
import { createOpinionActions, type OpinionActionParts, type OpinionActions } from './opinions.ts';
import { createPersonActions, type PersonActionParts, type PersonActions } from './people.ts';
import { createPlaceActions, type PlaceActionParts, type PlaceActions } from './places.ts';
import { createProcessActions, type ProcessActionParts, type ProcessActions } from './process.ts';
import { createProposalActions, type ProposalActionParts, type ProposalActions } from './proposals.ts';
import { createReading, type Read } from './reading.ts';
import { createResponseActions, type ResponseActionParts, type ResponseActions } from './responses.ts';
import type { ActionName } from './table.ts';
import { createThreadActions, type ThreadActionParts, type ThreadActions } from './threads.ts';
import { createTriageActions, type TriageActionParts, type TriageActions } from './triage.ts';

/** Everything that members and operators do that affects others. */
export interface Actions {
  notices: DraftActions & RunActions & EditActions;
  responses: ResponseActions & ProposalActions & OpinionActions;
  process: ProcessActions & FinalizeActions;
  members: MemberActions;
  console: ConsoleActions;
  places: PlaceActions;
  people: PersonActions;
  threads: ThreadActions;
  triage: TriageActions;
  /** To be called before anything personal is shown. @throws Refused */
  read: Read;
  /** To be called before a person is asked to agree, so that they are not asked in vain. @throws Refused */
  expect(actor: Actor, name: ActionName): Promise<void>;
  expectNotice(actor: Actor, name: ActionName, id: string): Promise<void>;
}

type Needed = DraftActionParts &
  RunActionParts &
  EditActionParts &
  ResponseActionParts &
  MemberActionParts &
  ConsoleActionParts &
  PlaceActionParts &
  PersonActionParts &
  ThreadActionParts &
  ProposalActionParts &
  TriageActionParts &
  OpinionActionParts &
  FinalizeActionParts &
  ProcessActionParts;
export type ActionParts = Needed;

export const createActions = (parts: ActionParts): Actions => ({
  notices: { ...createDraftActions(parts), ...createRunActions(parts), ...createEditActions(parts) },
  responses: { ...createResponseActions(parts), ...createProposalActions(parts), ...createOpinionActions(parts) },
  process: { ...createProcessActions(parts), ...createFinalizeActions(parts) },
  members: createMemberActions(parts),
  console: createConsoleActions(parts),
  places: createPlaceActions(parts),
  people: createPersonActions(parts),
  threads: createThreadActions(parts),
  triage: createTriageActions(parts),
  read: createReading(parts.perform),
  expect: (actor, name) => parts.expect(actor, name),
  expectNotice: (actor, name, id) => parts.expect(actor, name, held(id), id),
});
