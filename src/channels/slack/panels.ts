import { type ModalView, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Log } from '../../core/log.ts';
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

/** The modal in which members work: each button in it leads to the next view. */
export function createPanels({ client, surfaces, slashed, log, background }: PanelParts) {
  /** Views that are being led further: who presses twice means it once. */
  const busy = new Set<string>();

  const sorry = (language: string | null): ModalView => noteView(surfaces.tryAgain(language), slashed);

  async function ask(key: string, data: string | null, language: string | null): Promise<ModalView | null> {
    try {
      const panel = await surfaces.panel(key, data, language);
      return panel && panelView(panel, slashed);
    } catch (error) {
      log.error('A panel could not be made', {}, error);
      return sorry(language);
    }
  }

  async function update(view_id: string, view: ModalView, hash?: string): Promise<void> {
    await client.views.update({ view_id, view, ...(hash && { hash }) }).catch((error: unknown) => {
      if (error instanceof WebAPIPlatformError && OVERTAKEN.has(error.data.error)) return;
      log.warn('A panel could not be shown', {}, sendError(error, 0));
    });
  }

  return {
    /** False: the person is no member, or Slack would not open it; the conversation takes its place. */
    async open(key: string, trigger_id: string, language: string | null): Promise<boolean> {
      const asked = ask(key, null, language);
      const first = await within(asked, PATIENCE_MS);
      if (first === null) return false;
      try {
        const { view } = await client.views.open({
          trigger_id,
          view: first === 'late' ? noteView('…', slashed) : first,
        });
        if (first === 'late') background(asked.then((late) => update(view?.id ?? '', late ?? sorry(language))));
        return true;
      } catch (error) {
        log.warn('The modal could not be opened; the conversation takes its place', {}, sendError(error, 0));
        return false;
      }
    },
    /** A button in the view, which was in the state of `hash`. */
    async press(
      key: string,
      data: string,
      language: string | null,
      at: { view: string; hash?: string },
    ): Promise<void> {
      if (busy.has(at.view)) return;
      busy.add(at.view);
      try {
        await update(at.view, (await ask(key, data, language)) ?? sorry(language), at.hash);
      } finally {
        busy.delete(at.view);
      }
    },
  };
}
