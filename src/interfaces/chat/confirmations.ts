import type { PanelContext, PanelView } from './context.ts';
import { ideaView, TO_CONFIRM, toConfirmView } from './decisions.ts';
import { unlessDone } from './repeated.ts';

/** What a second member confirms, or its proposer takes back, and the note that says so. */
const NOTES = { confirm: 'decide_confirmed', discard: 'decide_taken_back' } as const;

/** Confirms or takes back what the member has read; `mark` says which proposal that was. */
export async function settledView(
  change: keyof typeof NOTES,
  context: PanelContext,
  [reference = '', mark = '', among]: string[],
): Promise<PanelView | null> {
  const { actions, actor, phrases } = context;
  await unlessDone(actions.responses[change](actor, reference, mark));
  return goingOn(context, reference, phrases(NOTES[change], { reference }), among);
}

/** Whoever goes through what waits for a second member is shown the next of it. */
const goingOn = (context: PanelContext, reference: string, note: string, among?: string): Promise<PanelView | null> =>
  among === TO_CONFIRM ? toConfirmView(context, note) : ideaView(context, reference, { note });
