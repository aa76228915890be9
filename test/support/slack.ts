import { readFile } from 'node:fs/promises';
import type { SlackOptions } from '../../src/channels/slack/channel.ts';
import { openFlowRegistry } from '../../src/conversation/flow/source/load.ts';
import { createProcessView } from '../../src/conversation/processContext.ts';
import { createSurfaces } from '../../src/conversation/surfaces.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Surfaces } from '../../src/core/surfaces.ts';
import { parseProcess } from '../../src/process/process.ts';
import type { SlackSandbox } from '../../src/sandbox/slack.ts';

/** Somebody who has agreed, and not said anything yet. */
const ANYBODY = {
  person: async (key: string) => ({
    ...{ contributorId: '0', key, language: null, zone: null },
    ...{ status: 'active' as const, consentVersion: '1' },
  }),
  latest: async () => ({ list: [], total: 0, earlier: 0 }),
  find: async () => null,
  answered: async () => [],
  threads: async () => [],
  answer: async () => null,
};

const registry = await openFlowRegistry('flows');
const phrasesIn = await loadPhrases('flows/chat.yaml');
const example = parseProcess(await readFile('flows/example.process.yaml', 'utf8'), 'example.process.yaml');

export const commands = Object.keys(registry.messages.commands);

/** What the shipped flows and the example process show to somebody who has agreed. */
export async function shippedSurfaces(): Promise<Surfaces> {
  const view = createProcessView(
    { now: async () => ({ id: 1, definition: example, closedAt: null }) },
    example,
    Date.now,
    () => 'nonce',
  );
  const organize = { panel: async () => null, isFor: async () => false };
  return createSurfaces({
    own: ANYBODY,
    view,
    registry: () => registry,
    phrasesIn,
    organize,
    homes: homesInMemory(),
    decisions: { form: async () => null, keep: async () => undefined, propose: async () => ({ objections: {} }) },
    secret: 's',
    clock: Date.now,
  });
}

/** A channel on the stand-in; `socket` or by HTTP. */
export async function channelOptions(
  { apiUrl, botToken, signingSecret, appToken }: SlackSandbox,
  mode: string,
): Promise<SlackOptions> {
  const tokens = { apiUrl, botToken, signingSecret, appToken: mode === 'socket' ? appToken : null };
  return { ...tokens, commands: () => commands, surfaces: await shippedSurfaces(), log: silentLog, clock: Date.now };
}

/** Nobody looks after them. */
function homesInMemory(): Surfaces['homes'] {
  const seen = new Set<string>();
  return {
    opened: async (key) => void seen.add(key),
    published: async () => undefined,
    hasOpened: async (key) => seen.has(key),
    due: async () => [],
  };
}
