import type { WebClient } from '@slack/web-api';
import type { Log } from '../../core/log.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import { sendError } from './errors.ts';
import { formView } from './views.ts';

export interface FormParts {
  client: WebClient;
  surfaces: Pick<Surfaces, 'form'>;
  log: Log;
}

/**
 * Opens the form for an idea. False where there is none, or Slack does not open it: the conversation takes its place.
 */
export async function openForm(
  { client, surfaces, log }: FormParts,
  trigger_id: string,
  language: string | null,
): Promise<boolean> {
  const view = formView(surfaces.form(language));
  if (!view) return false;
  return client.views.open({ trigger_id, view }).then(
    () => true,
    (error: unknown) => {
      log.warn('The modal could not be opened; the conversation takes its place', {}, sendError(error, 0));
      return false;
    },
  );
}
