import { commandLine } from '../../../core/commandLine.ts';
import { atTerminal } from '../../../people/actor.ts';
import { type Doing, type NoticesContext, whomOf } from './wiring.ts';

/** A draft of the same words, to those who had the notice and have not answered. */
export async function repeat(desk: NoticesContext, id: string, { as, json }: Doing): Promise<void> {
  const { draft, ...made } = await desk.actions.notices.repeat(atTerminal(as), id);
  if (json) return desk.print(JSON.stringify(made));
  desk.print(
    [
      `Notice ${made.id} is a draft with the same words, to ${await whomOf(desk, draft)}.`,
      `See it, and how many it reaches: ${commandLine(`notices preview ${made.id}`)}`,
      `Send it: ${commandLine(`notices schedule ${made.id} --as MEMBER`)}`,
    ].join('\n'),
  );
}
