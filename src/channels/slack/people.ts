import type { WebClient } from '@slack/web-api';
import { within } from './time.ts';

/** A language that takes longer to learn is left open: the acknowledgement waits for it. */
const LANGUAGE_MS = 700;
/** Languages and chats of people kept in memory; the oldest go first. */
const MOST_KNOWN = 10_000;

/** What Slack's payloads leave out about who they come from: asked for once, then remembered. */
export function createPeople(client: WebClient) {
  const languages = memory<string | null>();
  const chats = memory<string>();

  async function openChat(user: string): Promise<string> {
    const { channel } = await client.conversations.open({ users: user });
    if (!channel?.id) throw new Error('Slack opened no conversation.');
    return channel.id;
  }

  async function languageOf(user: string): Promise<string | null> {
    const asked = languages.get(user, async () => {
      const found = await client.users.info({ user, include_locale: true }).catch(() => null);
      return found?.user?.locale ?? null;
    });
    const language = await within(asked, LANGUAGE_MS);
    return language === 'late' ? null : language;
  }

  return {
    /** The person's chat with us. */
    chatOf: (user: string): Promise<string> => chats.get(user, () => openChat(user)),
    /** Of the person's client; null when Slack does not say in time. */
    languageOf,
    /** The same, as far as it is known already. */
    knownLanguageOf: (user: string): string | null => languages.peek(user) ?? null,
  };
}

function memory<T>() {
  const known = new Map<string, T>();
  return {
    peek: (key: string): T | undefined => known.get(key),
    async get(key: string, find: () => Promise<T>): Promise<T> {
      const there = known.get(key);
      if (there !== undefined) return there;
      const found = await find();
      if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value ?? '');
      if (found !== null) known.set(key, found);
      return found;
    },
  };
}
