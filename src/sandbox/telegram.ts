import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatMessage } from './chat.ts';
import { createLimits, noFaults, type SendFaults } from './faults.ts';
import { bodyOf, pause, serve } from './http.ts';
import { contentOf, type Payload, payloadOf } from './telegramPayload.ts';
import { createPerson, type Person } from './telegramPerson.ts';
import { createUpdates, type Webhooks } from './telegramUpdates.ts';

export interface Faults extends SendFaults {
  /** So many next calls, whatever they are, get a 500. */
  failCalls?: number;
}

export interface SandboxUser {
  readonly id: number;
  readonly chat: ChatMessage[];
  say(text: string): Promise<void>;
  command(text: string): Promise<void>;
  /** Presses a button of the latest message that has any: by its label, its place, or any data, forged or not. */
  press(which: string | number): Promise<void>;
  edit(messageId: number, text: string): Promise<void>;
  voice(bytes?: Uint8Array): Promise<void>;
  photo(bytes: Uint8Array, caption?: string): Promise<void>;
  document(name: string, bytes: Uint8Array, caption?: string): Promise<void>;
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
  counters: { calls: number; sends: number; refused: number; blocked: number };
  /** All sends in their order. */
  ledger: SentLine[];
  /** Command lists by language; '' is the one for everybody else. */
  commands: Map<string, { command: string; description: string }[]>;
  user(id: number, about?: { language?: string; name?: string }): SandboxUser;
  /** Whatever the bot registered, updates are posted to these addresses when there are any. */
  webhooks: Webhooks;
  /** Sends an update of any shape. */
  offer(content: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

type Answer =
  | { ok: true; result: unknown }
  | { ok: false; error_code: number; description: string; parameters?: object };

const ok = (result: unknown): Answer => ({ ok: true, result });
const refuse = (error_code: number, description: string, parameters = {}): Answer => ({
  ok: false,
  error_code,
  description,
  parameters,
});
const MOST_TEXT = 4096;
const MOST_CAPTION = 1024;
const MOST_DATA_BYTES = 64;

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
  const people = new Map<number, Person>();
  const files = new Map<string, Uint8Array>();
  const faults: Faults = noFaults();
  const counters = { calls: 0, sends: 0, refused: 0, blocked: 0 };
  const ledger: SentLine[] = [];
  const commands: TelegramSandbox['commands'] = new Map();
  const webhooks: Webhooks = { urls: [], copies: 1, secret: '' };
  const limits = createLimits(faults, counters, clock);
  const updates = createUpdates(webhooks);
  let lastId = 0;
  const nextId = () => ++lastId;

  function keep(bytes: Uint8Array): string {
    const id = `file-${nextId()}`;
    files.set(id, bytes);
    return id;
  }

  function trouble(chat: string): Answer | null {
    if (limits.isEach(faults.failEvery)) return refuse(500, 'Internal Server Error');
    if (!limits.isRefused(chat)) return null;
    const { stormRetryAfter: retry_after } = faults;
    return refuse(429, `Too Many Requests: retry after ${retry_after}`, { retry_after });
  }

  function deliver(payload: Payload): Answer {
    counters.sends += 1;
    const person = people.get(Number(payload.chat_id));
    const content = contentOf(payload);
    const refused = trouble(String(payload.chat_id)) ?? refusal(content, person);
    if (refused) return refused;
    const message: ChatMessage = { from: 'bot', ...content, messageId: nextId(), at: clock() };
    person?.receive(message);
    const { messageId, text, at } = message;
    return ok({ message_id: messageId, date: Math.floor(at / 1000), chat: { id: person?.id, type: 'private' }, text });
  }

  function refusal(content: ReturnType<typeof contentOf>, person: Person | undefined): Answer | null {
    if (!person) return refuse(400, 'Bad Request: chat not found');
    if (!person.blocked) return objection(content);
    counters.blocked += 1;
    return refuse(403, 'Forbidden: bot was blocked by the user');
  }

  async function giveUpdates({ offset = 0, limit = 100, timeout = 0 }: Record<string, number>): Promise<Answer> {
    const given = await updates.get(offset, limit, timeout);
    return given ? ok(given) : refuse(409, 'Conflict: terminated by other getUpdates request, or a webhook is active');
  }

  async function call(method: string, payload: Payload): Promise<Answer> {
    switch (method) {
      case 'getMe':
        return ok({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Hearback', username: 'hearback_bot' });
      case 'getUpdates':
        return giveUpdates(payload as Record<string, number>);
      case 'sendMessage':
      case 'sendDocument':
        return deliver(payload);
      case 'getFile': {
        const id = String(payload.file_id);
        const size = files.get(id)?.length;
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
      default:
        return ok(true);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const [, file, secret, rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(request.url ?? '') ?? [];
    counters.calls += 1;
    if (secret !== token) return reply(response, refuse(401, 'Unauthorized'));
    if (file) return void response.end(files.get(rest.replace('documents/', '')));
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
  async function afterSend(payload: Payload, answer: Answer, response: ServerResponse): Promise<void> {
    const lost = answer.ok && limits.isEach(faults.loseEvery);
    const messageId = answer.ok ? (answer.result as { message_id: number }).message_id : null;
    const status = answer.ok ? 200 : answer.error_code;
    ledger.push({ chat: Number(payload.chat_id), messageId, status, answered: !lost, at: clock() });
    if (faults.delayMs > 0) await pause(faults.delayMs);
    if (lost) response.destroy();
  }

  const server = await serve(handle, port);
  return {
    url: server.url,
    token,
    faults,
    counters,
    ledger,
    commands,
    webhooks,
    offer: updates.offer,
    user(id, about = {}) {
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

function objection({ text, buttons, file }: ReturnType<typeof contentOf>): Answer | null {
  const [what, most] = file === undefined ? ['message', MOST_TEXT] : ['message caption', MOST_CAPTION];
  if (file === undefined && text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
  if (text.length > most) return refuse(400, `Bad Request: ${what} is too long`);
  if (!text.isWellFormed()) return refuse(400, 'Bad Request: strings must be encoded in UTF-8');
  const tooLong = buttons.some(({ data }) => Buffer.byteLength(data ?? '') > MOST_DATA_BYTES);
  return tooLong ? refuse(400, 'Bad Request: BUTTON_DATA_INVALID') : null;
}

function reply(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.ok ? 200 : answer.error_code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}
