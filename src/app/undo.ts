import { commandLine } from '../domain/commandLine.ts';
import { Mistake } from '../domain/errors.ts';
import { readReference } from '../domain/reference.ts';
import { cellChanges, firstWords } from '../domain/sheetChanges.ts';
import type { KnownContribution } from '../domain/sheetCheck.ts';
import type { Change, Deciding } from './decide.ts';

/**
 * Takes back a decision that nobody was told of yet; its author waits for another, or has what they were told last.
 * @param agree resolves when that is what was meant
 * @throws Mistake when there is none
 */
export async function undoDecision(
  typed: string,
  { responses, clock }: Pick<Deciding, 'responses' | 'clock'>,
  agree: (change: Change) => Promise<void> = async () => undefined,
): Promise<Change> {
  const reference = readReference(typed);
  const { id, change } = undoable(reference, (await responses.look([reference])).get(reference));
  await agree(change);
  await responses.decide(
    [reference],
    (known) => {
      if (undoable(reference, known.get(reference)).id !== id)
        throw new Mistake(`Somebody has decided on ${reference} meanwhile; nothing was taken back.`);
      return { keep: [], undo: [id] };
    },
    new Date(clock()),
  );
  return change;
}

function undoable(reference: string, known: KnownContribution | undefined): { id: string; change: Change } {
  if (!known)
    throw new Mistake(
      `No contribution is called ${reference}. \`${commandLine('contributions list')}\` shows them all.`,
    );
  const { latest, told, text } = known;
  if (!latest) throw new Mistake(`Nothing is decided on ${reference}, so that there is nothing to take back.`);
  if (told)
    throw new Mistake(
      `The answer to ${reference} was released. To correct it, import a new decision: it replaces the one that was sent.`,
    );
  const { id, decision, number } = latest;
  const cells = cellChanges(latest, null);
  return { id, change: { reference, words: firstWords(text), decision, effect: 'undone', number, cells } };
}
