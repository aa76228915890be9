import { readFile } from 'node:fs/promises';
import { loadPhrases } from '../../src/app/phrases.ts';
import { createPlaces } from '../../src/app/places.ts';
import { createProcessView } from '../../src/app/surroundings.ts';
import type { SlackOptions } from '../../src/channels/slack/channel.ts';
import { silentLog } from '../../src/domain/log.ts';
import type { Places } from '../../src/domain/places.ts';
import { parseProcess } from '../../src/domain/process.ts';
import { openBook } from '../../src/flow/source/load.ts';
import type { SlackSandbox } from '../../src/sandbox/slack.ts';

const NOBODY = {
  person: async () => null,
  latest: async () => [],
  find: async () => null,
  hasReplied: async () => false,
};

const book = await openBook('flows');
const phrasesIn = await loadPhrases('flows/chat.yaml');
const example = parseProcess(await readFile('flows/example.process.yaml', 'utf8'), 'example.process.yaml');

export const commands = Object.keys(book.messages.commands);

/** What the shipped flows and the example process show to people whom the database does not know. */
export async function shippedPlaces(): Promise<Places> {
  const view = createProcessView({ current: async () => example }, example, Date.now, () => 'nonce');
  const organize = { panel: async () => null };
  return createPlaces({ own: NOBODY, view, book: () => book, phrasesIn, organize, secret: 's', clock: Date.now });
}

/** A channel on the stand-in; `socket` or by HTTP. */
export async function channelOptions(
  { apiUrl, botToken, signingSecret, appToken }: SlackSandbox,
  mode: string,
): Promise<SlackOptions> {
  const tokens = { apiUrl, botToken, signingSecret, appToken: mode === 'socket' ? appToken : null };
  return { ...tokens, commands: () => commands, places: await shippedPlaces(), log: silentLog, clock: Date.now };
}
