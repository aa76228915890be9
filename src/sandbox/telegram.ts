import { createLimits, noFaults } from './faults.ts';
import { serve } from './http.ts';
import type { Faults } from './telegramApi.ts';
import { createFiles } from './telegramFiles.ts';
import { createGroup, type GroupKind, type SandboxGroup } from './telegramGroup.ts';
import { createMessages, type MessagePlace } from './telegramMessages.ts';
import { createPerson, type SandboxUser, type SimulatedTelegramPerson } from './telegramPerson.ts';
import { createProfile, type TelegramProfile } from './telegramProfile.ts';
import { createUpdates, type Webhooks } from './telegramUpdates.ts';
import { createWeb, type SentLine } from './telegramWeb.ts';

export interface TelegramSandbox {
  url: string;
  token: string;
  faults: Faults;
  counters: { calls: number; sends: number; uploads: number; refused: number; blocked: number };
  /** All sends in their order. */
  ledger: SentLine[];
  /** Command lists by language; '' is the one for everybody else. */
  commands: Map<string, { command: string; description: string }[]>;
  /** What it shows of the bot, by language likewise. */
  profile: TelegramProfile;
  user(id: number, about?: { language?: string; name?: string }): SandboxUser;
  /** Groups have negative numbers. */
  group(id: number, about?: { title?: string; kind?: GroupKind }): SandboxGroup;
  /** The ids of the files that are kept, oldest first. */
  files(): string[];
  /** The ids of files that were given out so far are worth nothing any more. */
  forgetFiles(): void;
  /** Whatever the bot registered, updates are posted to these addresses when there are any. */
  webhooks: Webhooks;
  /** Sends an update of any shape. */
  offer(content: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

/** A stand-in for the Telegram Bot API: real HTTP, chats in memory, updates kept until they are confirmed. */
export async function startTelegramSandbox({
  token = '4711:sandbox',
  port = 0,
  clock = Date.now,
}: {
  token?: string;
  port?: number;
  clock?: () => number;
} = {}): Promise<TelegramSandbox> {
  const world = createWorld(clock);
  const { faults, counters, ledger, commands, profile, webhooks, updates, files } = world;
  const server = await serve(createWeb({ ...world, token, clock }), port);
  return {
    ...{ url: server.url, token, faults, counters, ledger, commands, profile, webhooks },
    offer: updates.offer,
    group: (id, about) => world.group(id, about),
    user: world.user,
    files: files.ids,
    forgetFiles: files.forget,
    async close() {
      updates.close();
      await server.close();
    },
  };
}

/** Who and what is on the platform. */
function createWorld(clock: () => number) {
  const people = new Map<number, SimulatedTelegramPerson>();
  const groups = new Map<number, SandboxGroup & MessagePlace>();
  const faults: Faults = noFaults();
  const counters = { calls: 0, sends: 0, uploads: 0, refused: 0, blocked: 0 };
  const ledger: SentLine[] = [];
  const commands: TelegramSandbox['commands'] = new Map();
  const webhooks: Webhooks = { urls: [], copies: 1, refused: 0, secret: '' };
  const updates = createUpdates(webhooks);
  let lastId = 0;
  const nextId = () => ++lastId;
  const files = createFiles(nextId, counters);

  function user(id: number, about: { language?: string; name?: string } = {}): SandboxUser {
    const keep = (bytes: Uint8Array) => files.keep(bytes).id;
    const known = people.get(id) ?? createPerson(id, about, { offer: updates.offer, nextId, keep, clock });
    people.set(id, known);
    return known;
  }

  function group(
    id: number,
    { title = 'Neighbours', kind = 'group' as GroupKind } = {},
    status = 'left',
  ): SandboxGroup {
    const known = groups.get(id);
    if (known) return known;
    const nameOf = (person: SandboxUser) => people.get(person.id)?.from ?? { id: person.id };
    const succeed = (to: number) => void group(to, { title, kind: 'supergroup' }, 'member');
    const parts = { offer: updates.offer, nextId, clock, nameOf, succeed };
    const made = createGroup({ id, title, type: kind, status }, parts);
    groups.set(id, made);
    return made;
  }

  return {
    ...{ faults, counters, ledger, commands, webhooks, updates, files, user, group },
    messages: createMessages({ files, nextId, clock }),
    limits: createLimits(faults, counters, clock),
    profile: createProfile(),
    placeOf: (id: number): MessagePlace | undefined => people.get(id) ?? groups.get(id),
  };
}
