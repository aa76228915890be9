import { type ModalView, type ViewsUpdateArguments, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { SendError } from '../../core/channel.ts';
import type { Log } from '../../core/log.ts';
import type { OutboundMessage, PanelPlace } from '../../core/message.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import { within } from '../../core/time.ts';
import { sendError } from './errors.ts';
import type { Slashed } from './render.ts';
import { noteView, panelView } from './views.ts';

export interface PanelParts {
  client: WebClient;
  surfaces: Surfaces;
  slashed: Slashed;
  log: Log;
  /** For what goes on after Slack has its answer. */
  background: (work: Promise<void>) => void;
}

/** A trigger lives 3 seconds: what takes longer than this gets its modal first and its content later. */
const PATIENCE_MS = 1000;
/** The person has closed the modal, or has been led further by another button. */
const OVERTAKEN = new Set(['not_found', 'hash_conflict']);

/** Opens the modal in which members work; each of its buttons is pressed like any other, and leads to the next view. */
export function createPanels({ client, surfaces, slashed, log, background }: PanelParts) {
  const sorry = (language: string | null): ModalView => noteView(surfaces.tryAgain(language), slashed);

  async function first(key: string, language: string | null): Promise<ModalView | null> {
    try {
      const panel = await surfaces.panel(key, language);
      return panel && panelView(panel, slashed);
    } catch (error) {
      log.error('A panel could not be made', {}, error);
      return sorry(language);
    }
  }

  return {
    /** False: the person is not a member, or Slack would not open it; the conversation takes its place. */
    async open(key: string, trigger_id: string, language: string | null): Promise<boolean> {
      const asked = first(key, language);
      const found = await within(asked, PATIENCE_MS);
      if (found === null) return false;
      try {
        const { view } = await client.views.open({
          trigger_id,
          view: found === 'late' ? noteView('…', slashed) : found,
        });
        if (found === 'late')
          background(asked.then((late) => update(client, { view_id: view?.id ?? '', view: late ?? sorry(language) })));
        return true;
      } catch (error) {
        log.warn('The modal could not be opened; the conversation takes its place', {}, sendError(error, 0));
        return false;
      }
    },
  };
}

/** The form of a decision, in the place of the panel whose button began it, or by itself. @throws SendError */
export async function openDecision(
  client: WebClient,
  view: ModalView,
  { trigger, panel }: { trigger: string; panel?: PanelPlace | undefined },
): Promise<void> {
  if (panel) return update(client, { view_id: panel.view, view, ...(panel.state && { hash: panel.state }) });
  await client.views.open({ trigger_id: trigger, view }).catch((error: unknown) => {
    throw sendError(error, 0);
  });
}

/** What a button of the panel has led to, in its place. @throws SendError */
export async function showPanel(
  client: WebClient,
  { blocks, choices = [], panel }: OutboundMessage & { panel: NonNullable<OutboundMessage['panel']> },
  slashed: Slashed,
): Promise<void> {
  const view = panelView({ ...panel, blocks, choices }, slashed);
  await update(client, { view_id: panel.view, view, ...(panel.state && { hash: panel.state }) });
}

/** One that may have come through is made again: it is refused then, as the view is another by now. */
const update = (client: WebClient, view: ViewsUpdateArguments): Promise<void> =>
  client.views.update(view).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof WebAPIPlatformError && OVERTAKEN.has(error.data.error)) return;
      const why = sendError(error, 0);
      throw why.code === 'unknown_outcome' ? new SendError('unavailable', why.detail) : why;
    },
  );
