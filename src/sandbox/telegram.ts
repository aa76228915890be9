import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A message in a chat, as the person sees it. */
export interface ChatMessage {
  from: 'bot' | 'user';
  text: string;
  buttons: { label: string; data: string | null; url: string | null }[];
  entities: { type: string; offset: number; length: number }[];
  messageId: number;
  at: number;
  /** The file's name, for documents. */
  file?: string;
}

export interface Faults {
  /** Milliseconds before each answer to a send. */
  delayMs: number;
  /** Sends a second in a window of one second; more get a 429. 0: any number. */
  perSecond: number;
  /** Every send gets a 429 with this `retry_after` (seconds) until the moment. */
  stormUntil: number;
  stormRetryAfter: number;
  /** Every n-th send gets a 429; 0: none. */
  refuseEvery: number;
  /** Every n-th send is delivered and its answer lost; 0: none. */
  loseEvery: number;
}

export interface SandboxUser {
  id: number;
  chat: ChatMessage[];
  say(text: string): Promise<void>;
  command(text: string): Promise<void>;
  /** Presses a button of the latest message that has any: by its label, its place, or any data, forged or not. */
  press(which: string | number): Promise<void>;
  edit(messageId: number, text: string): Promise<void>;
  voice(): Promise<void>;
  block(): void;
  unblock(): void;
  /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

export interface TelegramSandbox {
  url: string;
  token: string;
  faults: Faults;
  counters: { sends: number; refused: number; blocked: number };
  user(id: number, about?: { language?: string; name?: string }): SandboxUser;
  /** How often each update is delivered by webhook, at once, to each of these addresses. */
  webhooks: { urls: string[]; copies: number; secret: string };
  close(): Promise<void>;
}

interface Update {
  update_id: number;
  [key: string]: unknown;
}

/** A stand-in for the Telegram Bot API: real HTTP, chats in memory, updates kept until they are confirmed. */
export async function startTelegramSandbox({ token = '4711:sandbox', port = 0 } = {}): Promise<TelegramSandbox> {
  const users = new Map<number, Person>();
  const faults: Faults = { delayMs: 0, perSecond: 0, stormUntil: 0, stormRetryAfter: 1, refuseEvery: 0, loseEvery: 0 };
  const counters = { sends: 0, refused: 0, blocked: 0 };
  const webhooks = { urls: [] as string[], copies: 1, secret: '' };
  const windows = { second: 0, count: 0 };
  let queue: Update[] = [];
  let nextUpdate = 1;
  let nextMessage = 1;
  let wake: (() => void) | null = null;
  let closed = false;

  class Person implements SandboxUser {
    chat: ChatMessage[] = [];
    blocked = false;
    waiting: { predicate: (message: ChatMessage) => boolean; resolve: (message: ChatMessage) => void }[] = [];
    constructor(
      readonly id: number,
      readonly about: { language?: string; name?: string },
    ) {}
    private from() {
      return {
        id: this.id,
        is_bot: false,
        first_name: this.about.name ?? `Person ${this.id}`,
        ...(this.about.language && { language_code: this.about.language }),
      };
    }
    private place() {
      return { id: this.id, type: 'private' };
    }
    private speak(text: string, extra: Record<string, unknown>): Promise<void> {
      const messageId = nextMessage++;
      this.chat.push({ from: 'user', text, buttons: [], entities: [], messageId, at: Date.now() });
      const message = {
        message_id: messageId,
        date: Math.floor(Date.now() / 1000),
        chat: this.place(),
        from: this.from(),
        ...extra,
      };
      return offer({ message });
    }
    say = (text: string) => this.speak(text, { text });
    command = (text: string) => this.speak(text, { text });
    voice = () =>
      this.speak('(voice)', {
        voice: { file_id: `voice-${this.id}`, mime_type: 'audio/ogg', duration: 3, file_size: 4 },
      });
    press(which: string | number): Promise<void> {
      const last = this.chat.findLast((message) => message.buttons.some((button) => button.data !== null));
      const found = last?.buttons.find((button, index) => button.label === which || index === which);
      const data = found?.data ?? String(which);
      const message = { message_id: last?.messageId ?? 0, date: 0, chat: this.place() };
      return offer({
        callback_query: { id: String(nextUpdate), from: this.from(), chat_instance: '1', data, message },
      });
    }
    edit(messageId: number, text: string): Promise<void> {
      const now = Math.floor(Date.now() / 1000);
      return offer({
        edited_message: {
          message_id: messageId,
          date: now,
          edit_date: now,
          chat: this.place(),
          from: this.from(),
          text,
        },
      });
    }
    block(): void {
      this.blocked = true;
    }
    unblock(): void {
      this.blocked = false;
    }
    waitFor(predicate: (message: ChatMessage) => boolean, from = 0): Promise<ChatMessage> {
      const there = this.chat.slice(from).find((message) => message.from === 'bot' && predicate(message));
      return there ? Promise.resolve(there) : new Promise((resolve) => void this.waiting.push({ predicate, resolve }));
    }
    receive(message: ChatMessage): void {
      this.chat.push(message);
      const met = this.waiting.filter((wait) => wait.predicate(message));
      this.waiting = this.waiting.filter((wait) => !met.includes(wait));
      for (const wait of met) wait.resolve(message);
    }
  }

  /** By webhook until it is taken, else into the queue for getUpdates. */
  async function offer(content: Record<string, unknown>): Promise<void> {
    const update: Update = { update_id: nextUpdate++, ...content };
    if (webhooks.urls.length === 0) {
      queue.push(update);
      wake?.();
      return;
    }
    const posts = webhooks.urls.flatMap((url) => Array.from({ length: webhooks.copies }, () => post(url, update)));
    await Promise.all(posts);
  }

  async function post(url: string, update: Update): Promise<void> {
    for (let attempt = 0; attempt < 200 && !closed; attempt++) {
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhooks.secret };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(update) }).catch(() => null);
      await answer?.arrayBuffer().catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function getUpdates({ offset = 0, limit = 100, timeout = 0 }: Record<string, number>): Promise<Update[]> {
    queue = queue.filter((update) => update.update_id >= offset);
    if (queue.length === 0 && timeout > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(timeout * 1000, 2000));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return queue.slice(0, limit);
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

  function tooMany(): Answer | null {
    const now = Date.now();
    const stormy = now < faults.stormUntil || (faults.refuseEvery > 0 && counters.sends % faults.refuseEvery === 0);
    const second = Math.floor(now / 1000);
    if (windows.second !== second) Object.assign(windows, { second, count: 0 });
    if (!stormy && (faults.perSecond === 0 || ++windows.count <= faults.perSecond)) return null;
    counters.refused += 1;
    return refuse(429, `Too Many Requests: retry after ${faults.stormRetryAfter}`, {
      retry_after: faults.stormRetryAfter,
    });
  }

  function deliver(payload: Record<string, unknown>): Answer {
    counters.sends += 1;
    const refused = tooMany();
    if (refused) return refused;
    const person = users.get(Number(payload.chat_id));
    if (!person) return refuse(400, 'Bad Request: chat not found');
    if (person.blocked) {
      counters.blocked += 1;
      return refuse(403, 'Forbidden: bot was blocked by the user');
    }
    const text = String(payload.text ?? payload.caption ?? '');
    if (text.length > 4096) return refuse(400, 'Bad Request: message is too long');
    const messageId = nextMessage++;
    person.receive({
      from: 'bot',
      text,
      buttons: buttonsOf(payload.reply_markup),
      entities: (payload.entities ?? payload.caption_entities ?? []) as ChatMessage['entities'],
      messageId,
      at: Date.now(),
      ...(payload.document !== undefined && { file: String(payload.document) }),
    });
    return ok({
      message_id: messageId,
      date: Math.floor(Date.now() / 1000),
      chat: { id: person.id, type: 'private' },
      text,
    });
  }

  async function call(method: string, payload: Record<string, unknown>): Promise<Answer> {
    switch (method) {
      case 'getMe':
        return ok({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Hearback', username: 'hearback_bot' });
      case 'getUpdates':
        return ok(await getUpdates(payload as Record<string, number>));
      case 'sendMessage':
      case 'sendDocument':
        return deliver(payload);
      case 'getFile':
        return ok({ file_id: payload.file_id, file_unique_id: 'x', file_path: String(payload.file_id), file_size: 4 });
      default:
        return ok(true);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const [, file = '', secret = '', rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(request.url ?? '') ?? [];
    if (secret !== token) return reply(response, refuse(401, 'Unauthorized'));
    if (file) return void response.end('file');
    const answer = await call(rest, payloadOf(request, body));
    const isSend = rest.startsWith('send');
    if (isSend && faults.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.delayMs));
    if (isSend && answer.ok && faults.loseEvery > 0 && counters.sends % faults.loseEvery === 0)
      return void request.socket.destroy();
    reply(response, answer);
  }

  function reply(response: ServerResponse, answer: Answer): void {
    response.writeHead(answer.ok ? 200 : answer.error_code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }

  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url,
    token,
    faults,
    counters,
    webhooks,
    user(id, about = {}) {
      const known = users.get(id) ?? new Person(id, about);
      users.set(id, known);
      return known;
    },
    async close() {
      closed = true;
      wake?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function buttonsOf(markup: unknown): ChatMessage['buttons'] {
  const value = typeof markup === 'string' ? JSON.parse(markup) : markup;
  const rows =
    (value as { inline_keyboard?: { text: string; callback_data?: string; url?: string }[][] } | undefined)
      ?.inline_keyboard ?? [];
  return rows
    .flat()
    .map((button) => ({ label: button.text, data: button.callback_data ?? null, url: button.url ?? null }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** JSON, or the plain fields of a multipart form (an uploaded file keeps only its name). */
function payloadOf(request: IncomingMessage, body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const fields = [
    ...body.toString('utf8').matchAll(/name="(\w+)"(?:; ?filename=[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n([^\r]*)/g),
  ];
  const named = Object.fromEntries(fields.map(([, name, value]) => [name, value]));
  const filename = /filename="?([^"\r\n;]+)/.exec(body.toString('utf8'))?.[1];
  return { ...named, ...(filename && { document: filename }) };
}
