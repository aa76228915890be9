import type { PanelContext, PanelView } from './context.ts';
import { ideaView, TO_CONFIRM, toConfirmView } from './decisions.ts';
import { unlessDone } from './repeated.ts';

/** Confirms or takes back what the member has read, and says what has come of it; `mark` says which proposal that was. */
export async function settledView(
  change: 'confirm' | 'takeBack',
  context: PanelContext,
  [reference = '', mark = '', among]: string[],
): Promise<PanelView | null> {
  const { actions, actor, phrases } = context;
  await unlessDone(actions.responses[change](actor, reference, mark));
  // What it has come to is on record, whichever press of the same button did it.
  const isOpen = change === 'confirm' && (await context.proposals.find(reference)) !== null;
  const note = change === 'takeBack' ? 'decide_taken_back' : isOpen ? 'decide_agreed' : 'decide_confirmed';
  return goingOn(context, reference, phrases(note, { reference }), among);
}

/** Whoever goes through what waits for a second member is shown the next of it. */
const goingOn = (context: PanelContext, reference: string, note: string, among?: string): Promise<PanelView | null> =>
  among === TO_CONFIRM ? toConfirmView(context, note) : ideaView(context, reference, { note });

/** From now on they have an interest of their own in what becomes of it, or none any more. */
export async function interestView(context: PanelContext, reference: string, has: boolean): Promise<PanelView | null> {
  const { actions, actor, phrases } = context;
  const { declareInterest, withdrawInterest } = actions.responses;
  await unlessDone((has ? declareInterest : withdrawInterest)(actor, reference));
  return ideaView(context, reference, {
    note: phrases(has ? 'interest_declared' : 'interest_withdrawn', { reference }),
  });
}
