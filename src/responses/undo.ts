import type { Clock } from '../core/clock.ts';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import { readReference } from '../core/reference.ts';
import type { Change } from './importDecisions.ts';
import type { ResponseStore } from './ports.ts';
import { cellChanges, firstWords } from './sheet/changes.ts';
import type { KnownContribution } from './sheet/rows.ts';

/** A decision that can be taken back: its author does not have it yet. */
export interface Undoing {
  id: string;
  change: Change;
}

/** @throws UserError when there is none */
export async function lookToUndo(typed: string, responses: Pick<ResponseStore, 'look'>): Promise<Undoing> {
  const reference = readReference(typed);
  return undoable(reference, (await responses.look([reference])).get(reference));
}

/**
 * Takes it back; its author waits for another, or keeps the last answer they had.
 * @throws UserError when it is no longer the one that stands
 */
export async function undoDecision(
  { id, change }: Undoing,
  { responses, clock }: { responses: Pick<ResponseStore, 'decide'>; clock: Clock },
): Promise<Change> {
  const { reference } = change;
  await responses.decide(
    [reference],
    (known) => {
      if (undoable(reference, known.get(reference)).id !== id)
        throw new UserError(`Somebody has decided on ${reference} meanwhile; nothing was taken back.`);
      return { keep: [], undo: [id] };
    },
    new Date(clock()),
  );
  return change;
}

function undoable(reference: string, known: KnownContribution | undefined): Undoing {
  if (!known)
    throw new UserError(
      `No contribution is called ${reference}. \`${commandLine('contributions list')}\` shows them all.`,
    );
  const { latest, told } = known;
  if (!latest) throw new UserError(`Nothing is decided on ${reference}, so that there is nothing to take back.`);
  if (told)
    throw new UserError(
      `The answer to ${reference} was released. To correct it, import a new decision: it replaces the one that was sent.`,
    );
  const { id, decision, number } = latest;
  const cells = cellChanges(latest, null);
  return { id, change: { reference, words: firstWords(known), decision, effect: 'undone', number, cells } };
}
