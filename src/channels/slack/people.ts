import type { WebClient } from '@slack/web-api';
import { within } from '../../core/time.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import { isFinal } from './errors.ts';
import { type SlackFile, slackFile } from './payloads.ts';

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
  /** False for apps, and for people who have left. */
  isPerson: boolean;
}

const UNKNOWN: About = { language: null, zone: null, name: null, isPerson: true };

export type People = ReturnType<typeof createPeople>;

/** What Slack's payloads leave out about who they come from, and where: asked for once, then remembered. */
export function createPeople(client: WebClient) {
  // People who have left may come back.
  const known = memory<About | null>((found) => found?.isPerson === true);
  const chats = memory<string>();
  const titles = memory<string | null>();
  const files = sharing<SlackFile | null>();

  const aboutOf = (user: string): Promise<About> =>
    inTime(
      known.get(user, () => askAbout(client, user)),
      UNKNOWN,
    );

  /** Null where Slack does not say. */
  const titleOf = (channel: string): Promise<string | null> =>
    inTime(
      titles.get(channel, () => askTitle(client, channel)),
      null,
    );

  return {
    /** The person's chat with us. */
    chatOf: (user: string): Promise<string> => chats.get(user, () => openChat(client, user)),
    aboutOf,
    /** Of a person or a channel that somebody mentions. */
    nameOf: async (id: string): Promise<string | null> => (/^[UW]/.test(id) ? (await aboutOf(id)).name : titleOf(id)),
    fileOf: (file: string): Promise<SlackFile | null> => files(file, () => askFile(client, file)),
    /** The language, as far as it is known already. */
    knownLanguageOf: (user: string): string | null => known.peek(user)?.language ?? null,
    /** What a channel is called; its id where Slack does not say. */
    titleOf: (channel: string): Promise<string> =>
      titleOf(channel).then((name) => (name === null ? channel : `#${name}`)),
  };
}

async function openChat(client: WebClient, user: string): Promise<string> {
  const { channel } = await client.conversations.open({ users: user });
  if (!channel?.id) throw new Error('Slack opened no conversation.');
  return channel.id;
}

async function askAbout(client: WebClient, user: string): Promise<About | null> {
  const found = await client.users.info({ user, include_locale: true }).catch(() => null);
  if (!found?.user) return null;
  const { locale, tz, profile, real_name, name, is_bot, is_workflow_bot, deleted } = found.user;
  const called = profile?.display_name || real_name || name;
  const isPerson = !is_bot && !is_workflow_bot && !deleted;
  return { language: locale ?? null, zone: tz || null, name: called ? wellFormed(called) : null, isPerson };
}

async function askTitle(client: WebClient, channel: string): Promise<string | null> {
  const found = await client.conversations.info({ channel }).catch(() => null);
  return found?.channel?.name ? wellFormed(found.channel.name) : null;
}

/** Null where Slack says that we cannot have it. */
async function askFile(client: WebClient, file: string): Promise<SlackFile | null> {
  try {
    const { file: found } = await client.files.info({ file });
    return slackFile
      .nullable()
      .catch(null)
      .parse(found ?? null);
  } catch (error) {
    if (isFinal(error)) return null;
    throw error;
  }
}

async function inTime<T>(work: Promise<T | null>, otherwise: T): Promise<T> {
  const found = await within(work, ASKED_MS);
  return found === 'late' || found === null ? otherwise : found;
}

/** However many ask for the same while it is being found, it is asked for once. */
function sharing<T>() {
  const asked = new Map<string, Promise<T>>();
  return (key: string, find: () => Promise<T>): Promise<T> => {
    const found = asked.get(key) ?? find().finally(() => asked.delete(key));
    asked.set(key, found);
    return found;
  };
}

function memory<T>(lasts: (found: T) => boolean = (found) => found !== null) {
  const known = new Map<string, T>();
  const shared = sharing<T>();

  async function learn(key: string, find: () => Promise<T>): Promise<T> {
    const found = await find();
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value ?? '');
    if (lasts(found)) known.set(key, found);
    return found;
  }

  return {
    peek: (key: string): T | undefined => known.get(key),
    async get(key: string, find: () => Promise<T>): Promise<T> {
      return known.get(key) ?? shared(key, () => learn(key, find));
    },
  };
}
