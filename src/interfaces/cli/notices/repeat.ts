import { commandLine } from '../../../core/commandLine.ts';
import { atTerminal } from '../../../people/actor.ts';
import { type Doing, type NoticesContext, whomOf } from './wiring.ts';

/** A draft of the same words, to those who had the notice and have not answered. */
export async function repeat(context: NoticesContext, id: string, { as, json }: Doing): Promise<void> {
  const { draft, ...made } = await context.actions.notices.repeat(atTerminal(as), id);
  if (json) return context.print(JSON.stringify(made));
  context.print(
    [
      `Notice ${made.id} is a draft with the same words, to ${await whomOf(context, draft)}.`,
      `See it, and how many it reaches: ${commandLine(`notices preview ${made.id}`)}`,
      `Send it: ${commandLine(`notices schedule ${made.id} --as MEMBER`)}`,
    ].join('\n'),
  );
}
