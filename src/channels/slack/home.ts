import { createHash } from 'node:crypto';
import type { HomeView, WebClient } from '@slack/web-api';
import type { Log } from '../../core/log.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import { sendError } from './errors.ts';
import { userOf } from './parsed.ts';
import type { Slashed } from './render.ts';
import { homeView } from './views.ts';

export interface HomeParts {
  client: WebClient;
  surfaces: Pick<Surfaces, 'home' | 'homes'>;
  slashed: Slashed;
  log: Log;
}

interface Publishing {
  /** What Slack says they speak, where they are just looking. */
  language: string | null;
  isOpened: boolean;
  /** Something has changed while it was being published. */
  again: boolean;
}

/** In one round, within what Slack takes (docs.slack.dev/reference/methods/views.publish, tier 4: 100 a minute). */
const MOST_PUBLISHED = 3;
const MOST_BATCHES = 4;
/** Who has looked and never said a word is in no row: they are shown what their first words change. */
const MOST_REMEMBERED = 10_000;

/** Home tabs of the people who look at them, and of those who have looked lately. */
export function createHomes(parts: HomeParts) {
  const { homes } = parts.surfaces;
  const { viewFor, publish, isUnderWay } = createPublisher(parts);
  const looked = createLooked();

  /** Whether it had to be published. */
  async function lookAfter(key: string, mark: string): Promise<boolean> {
    if (isUnderWay(key) || markOf(await viewFor(key, null)) === mark) return false;
    await publish(key, null, false);
    return true;
  }

  return {
    /** For somebody who looks at it. */
    show(key: string, language: string | null): Promise<void> {
      looked.add(key);
      return publish(key, language, true);
    },
    /** After a change, for somebody who has looked at it; others get it when they look. */
    async refresh(key: string): Promise<void> {
      if (looked.has(key) || (await homes.hasOpened(key))) await publish(key, null, looked.has(key));
    },
    /** Publishes what has changed for some of the people who have looked lately. */
    async lookAfterSome(): Promise<void> {
      let published = 0;
      for (let batch = 0; batch < MOST_BATCHES && published < MOST_PUBLISHED; batch++) {
        const due = await homes.due(MOST_PUBLISHED);
        for (const { key, mark } of due) published += Number(await lookAfter(key, mark));
        if (due.length < MOST_PUBLISHED) return;
      }
    },
  };
}

/** Publishes one person's Home tab at a time, so that an older state never covers a newer one. */
function createPublisher({ client, surfaces, slashed, log }: HomeParts) {
  const underWay = new Map<string, Publishing>();
  const { homes } = surfaces;

  const viewFor = async (key: string, language: string | null): Promise<HomeView> =>
    homeView(await surfaces.home(key, language), slashed);

  async function publish(key: string, language: string | null, isOpened: boolean): Promise<void> {
    const already = underWay.get(key);
    const home = { language: language ?? already?.language ?? null, isOpened: isOpened || already?.isOpened === true };
    if (already) return void Object.assign(already, home, { again: true });
    const mine: Publishing = { ...home, again: true };
    underWay.set(key, mine);
    while (mine.again) {
      mine.again = false;
      await publishOnce(key, mine).catch((error: unknown) =>
        log.warn('The Home view could not be published', {}, error),
      );
    }
    underWay.delete(key);
  }

  async function publishOnce(key: string, home: Publishing): Promise<void> {
    const view = await viewFor(key, home.language);
    await client.views.publish({ user_id: userOf(key), view }).catch((error: unknown) => {
      throw sendError(error, 0);
    });
    await (home.isOpened ? homes.opened : homes.published)(key, markOf(view));
  }

  return { viewFor, publish, isUnderWay: (key: string) => underWay.has(key) };
}

/** Who has looked since the service began, the latest of them. */
function createLooked() {
  const keys = new Set<string>();
  return {
    has: (key: string) => keys.has(key),
    add(key: string): void {
      keys.delete(key);
      if (keys.size >= MOST_REMEMBERED) keys.delete(keys.keys().next().value ?? '');
      keys.add(key);
    },
  };
}

const markOf = (view: HomeView): string => createHash('sha256').update(JSON.stringify(view)).digest('base64url');
