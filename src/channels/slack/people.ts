import type { WebClient } from '@slack/web-api';
import { clean } from './literal.ts';
import { within } from './time.ts';

/** What takes longer to learn is left open: the acknowledgement waits for it. */
const ASKED_MS = 700;
/** People kept in memory; the oldest go first. */
const MOST_KNOWN = 10_000;

/** As Slack tells it; null where it does not, or not in time. */
export interface About {
  /** Of the person's client. */
  language: string | null;
  zone: string | null;
  name: string | null;
}

const UNKNOWN: About = { language: null, zone: null, name: null };

export type People = ReturnType<typeof createPeople>;

/** What Slack's payloads leave out about who they come from, and where: asked for once, then remembered. */
export function createPeople(client: WebClient) {
  const known = memory<About>();
  const chats = memory<string>();

  async function openChat(user: string): Promise<string> {
    const { channel } = await client.conversations.open({ users: user });
    if (!channel?.id) throw new Error('Slack opened no conversation.');
    return channel.id;
  }

  async function ask(user: string): Promise<About | null> {
    const found = await client.users.info({ user, include_locale: true }).catch(() => null);
    if (!found?.user) return null;
    const { locale, tz, profile, real_name, name } = found.user;
    const called = profile?.display_name || real_name || name;
    return { language: locale ?? null, zone: tz || null, name: called ? clean(called) : null };
  }

  async function askTitle(channel: string): Promise<string | null> {
    const found = await client.conversations.info({ channel }).catch(() => null);
    return found?.channel?.name ? `#${clean(found.channel.name)}` : null;
  }

  async function inTime<T>(work: Promise<T | null>, otherwise: T): Promise<T> {
    const found = await within(work, ASKED_MS);
    return found === 'late' || found === null ? otherwise : found;
  }

  return {
    /** The person's chat with us. */
    chatOf: (user: string): Promise<string> => chats.get(user, () => openChat(user)),
    aboutOf: (user: string): Promise<About> =>
      inTime(
        known.get(user, () => ask(user)),
        UNKNOWN,
      ),
    /** The language, as far as it is known already. */
    knownLanguageOf: (user: string): string | null => known.peek(user)?.language ?? null,
    /** What a channel is called; its id where Slack does not say. */
    titleOf: (channel: string): Promise<string> => inTime(askTitle(channel), channel),
  };
}

function memory<T>() {
  const known = new Map<string, T>();
  return {
    peek: (key: string): T | undefined => known.get(key),
    async get<F extends T | null>(key: string, find: () => Promise<F>): Promise<T | F> {
      const there = known.get(key);
      if (there !== undefined) return there;
      const found = await find();
      if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value ?? '');
      if (found !== null) known.set(key, found);
      return found;
    },
  };
}
