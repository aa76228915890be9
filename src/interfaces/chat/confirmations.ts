import type { PanelContext, PanelView } from './context.ts';
import { ideaView, TO_CONFIRM, toConfirmView } from './decisions.ts';
import { unlessDone } from './repeated.ts';

export async function confirmedView(
  context: PanelContext,
  reference: string,
  mark: string,
  among?: string,
): Promise<PanelView | null> {
  const { actions, actor, phrases } = context;
  await unlessDone(actions.responses.confirm(actor, reference, mark));
  return goingOn(context, reference, phrases('decide_confirmed', { reference }), among);
}

export async function discardedView(
  context: PanelContext,
  reference: string,
  mark: string,
  among?: string,
): Promise<PanelView | null> {
  const { actions, actor, phrases } = context;
  await unlessDone(actions.responses.discard(actor, reference, mark));
  return goingOn(context, reference, phrases('decide_discarded', { reference }), among);
}

/** Whoever goes through what waits for a second member is shown the next of it. */
const goingOn = (context: PanelContext, reference: string, note: string, among?: string): Promise<PanelView | null> =>
  among === TO_CONFIRM ? toConfirmView(context, note) : ideaView(context, reference, { note });
