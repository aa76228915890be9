import type { Clock, Ids } from '../core/clock.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { Change, ImportReport, ReadImport } from '../responses/importDecisions.ts';
import type { Releasable, ReleaseScope } from '../responses/ports.ts';
import { CountChanged, type Released, releaseResponses } from '../responses/release.ts';
import { type Undoing, undoDecision } from '../responses/undo.ts';
import { OtherThanShown } from './agreed.ts';
import { nothing, type Perform } from './perform.ts';

export interface ResponseActionParts {
  perform: Perform;
  queue: Pick<Queue, 'startNotice'>;
  clock: Clock;
  ids: Ids;
  /** How long a release to many can still be called back before its first message goes. */
  holdSeconds: number;
  /** More people than this need a second member's approval. */
  approvalAbove: number;
}

export interface Release {
  /** Which of the waiting responses; all when left out. */
  scope?: ReleaseScope;
  /** The first message goes then, and never before the hold is over; left out: at once. */
  from?: Date | null;
  /** What was shown, and agreed to; left out: not checked. */
  shown?: Pick<Releasable, 'mark' | 'recipients'> | null;
}

/** What the forum does with decisions and their reasoned responses. */
export interface ResponseActions {
  /** Takes in a working sheet that was read: all of it, or nothing. @throws UserError when decisions have changed since it was read */
  import(actor: Actor, sheet: ReadImport): Promise<ImportReport>;
  /** Takes back a decision that its author has not heard of yet. @throws UserError when it is not the one that was shown */
  undo(actor: Actor, undoing: Undoing): Promise<Change>;
  /** Makes one notice of all responses that are decided and not yet released. @throws OtherThanShown */
  release(actor: Actor, release?: Release): Promise<Released>;
}

export function createResponseActions({ perform, queue, clock, ids, ...limits }: ResponseActionParts): ResponseActions {
  return {
    import: (actor, sheet) =>
      perform(actor, {
        name: 'responses.import',
        on: null,
        find: nothing,
        act: (_, { responses }) => sheet.keep(responses, { clock, ids }),
        detail: ({ new: fresh, changed, superseding, undone }) => ({ new: fresh, changed, superseding, undone }),
      }),
    undo: (actor, undoing) =>
      perform(actor, {
        name: 'responses.undo',
        on: undoing.change.reference,
        find: nothing,
        act: (_, { responses }) => undoDecision(undoing, { responses, clock }),
      }),
    release: (actor, { scope, from, shown = null } = {}) =>
      perform(actor, {
        name: 'responses.release',
        on: ({ notice }) => notice,
        find: nothing,
        act: (_, { responses }, after) =>
          releaseResponses({
            ...{ ...limits, responses, clock, ids, scope, from, agreed: shown, by: actorName(actor) },
            hint: (id) => after(() => queue.startNotice(id, 0)),
          }).catch((error: unknown) => {
            throw error instanceof CountChanged ? new OtherThanShown('recipients', error.message) : error;
          }),
        detail: ({ responses, recipients, approval }) => ({ responses, recipients, approval }),
      }),
  };
}
