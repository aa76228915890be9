import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatMessage } from './chat.ts';
import { createLimits, noFaults, type SendFaults } from './faults.ts';
import { bodyOf, pause, serve } from './http.ts';
import { ok, refuse, type TelegramAnswer } from './telegramAnswer.ts';
import { createFiles } from './telegramFiles.ts';
import { createGroup, type GroupKind, type SandboxGroup } from './telegramGroup.ts';
import { createMessages, type MessagePlace } from './telegramMessages.ts';
import { payloadOf, type TelegramPayload } from './telegramPayload.ts';
import { createPerson, type SimulatedTelegramPerson } from './telegramPerson.ts';
import { createProfile, type TelegramProfile } from './telegramProfile.ts';
import { createUpdates, type Webhooks } from './telegramUpdates.ts';

export interface Faults extends SendFaults {
  /** How many of the next calls, whatever they are, get a 500. */
  failCalls?: number;
}

export interface SandboxUser {
  readonly id: number;
  readonly chat: ChatMessage[];
  /** What vanished from the chat. */
  readonly removed: ChatMessage[];
  say(text: string): Promise<void>;
  /** Answers a message of the chat. */
  reply(messageId: number, text: string): Promise<void>;
  command(text: string): Promise<void>;
  /** Presses a button of the latest message that has any, or of this one: by its label, its place, or any data, forged or not. */
  press(which: string | number, under?: ChatMessage): Promise<void>;
  edit(messageId: number, text: string): Promise<void>;
  voice(bytes?: Uint8Array, seconds?: number): Promise<void>;
  /** `album`: the same for those that are sent together. */
  photo(bytes: Uint8Array, caption?: string, album?: string): Promise<void>;
  document(name: string, bytes: Uint8Array, caption?: string): Promise<void>;
  /** From now on writes in this topic of the chat; null: in none. */
  goTo(topic: number | null): void;
  /** Does away with a topic, and nobody tells the bot. */
  deleteTopic(topic: number): void;
  /** From now on the bot is refused; `leave` does the same and lets the bot know at once, as Telegram does. */
  block(): void;
  unblock(): void;
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

/** One line of the ledger: what the bot asked for, and what became of it. */
export interface SentLine {
  chat: number;
  messageId: number | null;
  status: number;
  answered: boolean;
  at: number;
}

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
  const people = new Map<number, SimulatedTelegramPerson>();
  const groups = new Map<number, SandboxGroup & MessagePlace>();
  const faults: Faults = noFaults();
  const counters = { calls: 0, sends: 0, uploads: 0, refused: 0, blocked: 0 };
  const ledger: SentLine[] = [];
  const commands: TelegramSandbox['commands'] = new Map();
  const profile = createProfile();
  const webhooks: Webhooks = { urls: [], copies: 1, refused: 0, secret: '' };
  const limits = createLimits(faults, counters, clock);
  const updates = createUpdates(webhooks);
  let lastId = 0;
  const nextId = () => ++lastId;
  const files = createFiles(nextId, counters);
  const messages = createMessages({ files, nextId, clock });

  function trouble(chat: string): TelegramAnswer | null {
    if (limits.isEach(faults.failEvery)) return refuse(500, 'Internal Server Error');
    if (!limits.isRefused(chat)) return null;
    const { stormRetryAfter: retry_after } = faults;
    return refuse(429, `Too Many Requests: retry after ${retry_after}`, { retry_after });
  }

  /** What the bot does in a chat, where it is let. */
  function inChat(payload: TelegramPayload, act: (place: MessagePlace) => TelegramAnswer): TelegramAnswer {
    const place = people.get(Number(payload.chat_id)) ?? groups.get(Number(payload.chat_id));
    const refused = trouble(String(payload.chat_id)) ?? place?.refusal();
    if (refused && !refused.ok && refused.error_code === 403) counters.blocked += 1;
    if (refused) return refused;
    return place ? act(place) : refuse(400, 'Bad Request: chat not found');
  }

  function send(payload: TelegramPayload): TelegramAnswer {
    counters.sends += 1;
    return inChat(payload, (place) => messages.send(place, payload));
  }

  async function giveUpdates({
    offset = 0,
    limit = 100,
    timeout = 0,
  }: Record<string, number>): Promise<TelegramAnswer> {
    const given = await updates.get(offset, limit, timeout);
    return given ? ok(given) : refuse(409, 'Conflict: terminated by other getUpdates request, or a webhook is active');
  }

  async function call(method: string, payload: TelegramPayload): Promise<TelegramAnswer> {
    switch (method) {
      case 'getMe':
        return ok({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Hearback', username: 'hearback_bot' });
      case 'getUpdates':
        return giveUpdates(payload as Record<string, number>);
      case 'sendMessage':
      case 'sendPhoto':
      case 'sendDocument':
        return send(payload);
      case 'editMessageText':
        return inChat(payload, (place) => messages.edit(place, payload, 'text'));
      case 'editMessageCaption':
        return inChat(payload, (place) => messages.edit(place, payload, 'caption'));
      case 'deleteMessage':
        return inChat(payload, (place) => messages.remove(place, payload));
      case 'getFile': {
        const id = String(payload.file_id);
        const size = files.get(id)?.bytes.length;
        if (size === undefined) return refuse(400, 'Bad Request: invalid file_id');
        return ok({ file_id: id, file_unique_id: id, file_path: `documents/${id}`, file_size: size });
      }
      case 'setWebhook':
        updates.register({ url: String(payload.url), secret: String(payload.secret_token ?? '') });
        return ok(true);
      case 'deleteWebhook':
        updates.register(null);
        return ok(true);
      case 'setMyCommands':
        commands.set(String(payload.language_code ?? ''), payload.commands as never);
        return ok(true);
      case 'getMyCommands':
        return ok(commands.get(String(payload.language_code ?? '')) ?? []);
      default:
        return ok(profile.call(method, payload) ?? true);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const [, file, secret, rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(request.url ?? '') ?? [];
    counters.calls += 1;
    if (secret !== token) return reply(response, refuse(401, 'Unauthorized'));
    if (file) return void response.end(files.get(rest.replace('documents/', ''))?.bytes);
    if (faults.failCalls) {
      faults.failCalls -= 1;
      return reply(response, refuse(500, 'Internal Server Error'));
    }
    const payload = payloadOf(request, body);
    const answer = await call(rest, payload);
    if (rest.startsWith('send')) await afterSend(payload, answer, response);
    if (!response.destroyed) reply(response, answer);
  }

  /** Slow or lost answers: the message itself has arrived by now. */
  async function afterSend(payload: TelegramPayload, answer: TelegramAnswer, response: ServerResponse): Promise<void> {
    const lost = answer.ok && limits.isEach(faults.loseEvery);
    const messageId = answer.ok ? (answer.result as { message_id: number }).message_id : null;
    const status = answer.ok ? 200 : answer.error_code;
    ledger.push({ chat: Number(payload.chat_id), messageId, status, answered: !lost, at: clock() });
    if (faults.delayMs > 0) await pause(faults.delayMs);
    if (lost) response.destroy();
  }

  function group(
    id: number,
    { title = 'Neighbours', kind = 'group' as GroupKind } = {},
    status = 'left',
  ): SandboxGroup {
    const known = groups.get(id);
    if (known) return known;
    const made = createGroup(
      { id, title, type: kind, status },
      {
        offer: updates.offer,
        nextId,
        clock,
        nameOf: (user) => people.get(user.id)?.from ?? { id: user.id },
        succeed: (to) => void group(to, { title, kind: 'supergroup' }, 'member'),
      },
    );
    groups.set(id, made);
    return made;
  }

  const server = await serve(handle, port);
  return {
    url: server.url,
    token,
    faults,
    counters,
    ledger,
    commands,
    profile,
    webhooks,
    offer: updates.offer,
    group: (id, about) => group(id, about),
    files: files.ids,
    forgetFiles: files.forget,
    user(id, about = {}) {
      const keep = (bytes: Uint8Array) => files.keep(bytes).id;
      const known = people.get(id) ?? createPerson(id, about, { offer: updates.offer, nextId, keep, clock });
      people.set(id, known);
      return known;
    },
    async close() {
      updates.close();
      await server.close();
    },
  };
}

function reply(response: ServerResponse, answer: TelegramAnswer): void {
  response.writeHead(answer.ok ? 200 : answer.error_code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}
