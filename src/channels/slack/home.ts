import type { WebClient } from '@slack/web-api';
import type { Log } from '../../core/log.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import { sendError } from './errors.ts';
import type { Slashed } from './render.ts';
import { homeView } from './views.ts';

export interface HomeParts {
  client: WebClient;
  surfaces: Surfaces;
  slashed: Slashed;
  log: Log;
}

interface Shown {
  user: string;
  language: string | null;
  publishing: boolean;
  /** Something has changed while it was being published. */
  again: boolean;
}

/** People for whom this process has published Home; the oldest go first. */
const MOST_SHOWN = 10_000;

/** Publishes Home tabs: one person's one after the other, so that an older state never covers a newer one. */
export function createHomes({ client, surfaces, slashed, log }: HomeParts) {
  const shown = new Map<string, Shown>();

  async function publish(key: string, home: Shown): Promise<void> {
    home.again = true;
    if (home.publishing) return;
    home.publishing = true;
    while (home.again) {
      home.again = false;
      await publishOnce(key, home).catch((error: unknown) =>
        log.warn('The Home view could not be published', {}, error),
      );
    }
    home.publishing = false;
  }

  async function publishOnce(key: string, { user, language }: Shown): Promise<void> {
    const view = homeView(await surfaces.home(key, language), slashed);
    await client.views.publish({ user_id: user, view }).catch((error: unknown) => {
      throw sendError(error, 0);
    });
  }

  return {
    /** For somebody who looks at it. */
    show(key: string, user: string, language: string | null): Promise<void> {
      const home = shown.get(key) ?? { user, language, publishing: false, again: false };
      shown.delete(key);
      if (shown.size >= MOST_SHOWN) shown.delete(shown.keys().next().value ?? '');
      shown.set(key, Object.assign(home, { language }));
      return publish(key, home);
    },
    /** After a change, for somebody who has looked at it; others get it when they look. */
    async refresh(key: string): Promise<void> {
      const home = shown.get(key);
      if (home) await publish(key, home);
    },
  };
}
