import { timingSafeEqual } from 'node:crypto';
import { Api, GrammyError, InputFile } from 'grammy';
import type { Channel, Receive } from '../../domain/channel.ts';
import { SendError } from '../../domain/channel.ts';
import type { Clock } from '../../domain/clock.ts';
import { Mistake } from '../../domain/errors.ts';
import type { Log } from '../../domain/log.ts';
import type { MessageRef, OutboundMessage } from '../../domain/message.ts';
import { sendError } from './errors.ts';
import { MOST_DOWNLOAD_BYTES, TELEGRAM_LIMITS } from './limits.ts';
import { parseUpdate } from './parse.ts';
import { render } from './render.ts';

export interface TelegramOptions {
  token: string;
  apiRoot?: string;
  /** Null or left out: long polling. */
  webhook?: { secret: string; url: string } | null;
  /** Whether this process is the one that may poll: Telegram allows one at a time. */
  mayPoll?: () => Promise<boolean>;
  perSecond?: number;
  clock: Clock;
  log: Log;
}

export interface TelegramChannel extends Channel {
  /** The HTTP status for one webhook request: 200 after the update is recorded, 401 without the secret, 503 to be sent it again. */
  handleWebhook(secret: string | undefined, body: unknown): Promise<number>;
}

const UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;
const POLL_SECONDS = 25;
const MOST_PAUSE_MS = 5000;
/** For one call; longer than a poll, so that only calls without any answer are cut. */
const CALL_SECONDS = 30;

export function createTelegramChannel(options: TelegramOptions): TelegramChannel {
  const { token, log, clock, webhook = null } = options;
  const root = options.apiRoot ?? 'https://api.telegram.org';
  const api = new Api(token, { apiRoot: root, timeoutSeconds: CALL_SECONDS });
  const underWay = new Set<Promise<unknown>>();
  let stopping = new AbortController();
  let botId = Number(token.split(':')[0]);
  let receiver: Receive | null = null;
  let starting: Promise<void> | null = null;
  let polling: Promise<void> = Promise.resolve();

  async function start(receive: Receive): Promise<void> {
    receiver = receive;
    stopping = new AbortController();
    botId = (await whoAmI()).id;
    if (webhook)
      await api.setWebhook(webhook.url, {
        secret_token: webhook.secret,
        allowed_updates: UPDATES,
        max_connections: 100,
      });
    else polling = poll(receive);
  }

  async function whoAmI() {
    try {
      return await api.getMe();
    } catch (error) {
      if (error instanceof GrammyError && [401, 404].includes(error.error_code))
        throw new Mistake(
          'TELEGRAM_BOT_TOKEN: Telegram does not know this token. Copy it again from @BotFather (/mybots, API Token).',
        );
      throw new Mistake(
        `TELEGRAM_API_ROOT: ${root} does not answer. Check the network, or the address if you run your own Bot API server.`,
      );
    }
  }

  /** An update is confirmed, by asking for those after it, only when all up to it are recorded. */
  async function poll(receive: Receive): Promise<void> {
    const { signal } = stopping;
    let offset = 0;
    let failures = 0;
    let webhookGone = false;
    while (!signal.aborted) {
      try {
        if (options.mayPoll && !(await options.mayPoll())) {
          await pause(1000, signal);
          continue;
        }
        if (!webhookGone) webhookGone = await api.deleteWebhook();
        const updates = await api.getUpdates(
          { offset, limit: 100, timeout: POLL_SECONDS, allowed_updates: UPDATES },
          signal as never,
        );
        await track(Promise.all(updates.map((update) => take(update, receive))));
        offset = updates.reduce((most, update) => Math.max(most, update.update_id + 1), offset);
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        log.warn('Updates from Telegram could not be taken in; trying again', { failures: ++failures }, error);
        await pause(Math.min(MOST_PAUSE_MS, 100 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random() / 2), signal);
      }
    }
    if (offset > 0) await api.getUpdates({ offset, limit: 1, timeout: 0 }).catch(() => undefined);
  }

  async function take(update: unknown, receive: Receive): Promise<void> {
    const parsed = parseUpdate(update, botId, clock());
    if (!parsed) return;
    await receive(parsed.inbound);
    if (parsed.callbackId !== null)
      void track(
        api
          .answerCallbackQuery(parsed.callbackId)
          .catch((error) => log.warn('A button could not be answered', {}, error)),
      );
  }

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  async function handleWebhook(secret: string | undefined, body: unknown): Promise<number> {
    if (!webhook || !equal(secret ?? '', webhook.secret)) return 401;
    if (!receiver || stopping.signal.aborted) return 503;
    try {
      await track(take(body, receiver));
      return 200;
    } catch {
      return 503;
    }
  }

  async function send(address: string, message: OutboundMessage, fromPart = 0): Promise<MessageRef[]> {
    const parts = render(message);
    const refs: MessageRef[] = [];
    for (let index = fromPart; index < parts.length; index++) {
      const part = parts[index];
      if (!part) break;
      try {
        const last = index === parts.length - 1;
        const sent = last && message.file ? await sendFile(address, message.file, part) : await sendText(address, part);
        refs.push({ chat: address, id: String(sent.message_id) });
      } catch (error) {
        throw sendError(error, index);
      }
    }
    return refs;
  }

  const markup = (keyboard: ReturnType<typeof render>[number]['keyboard']) =>
    keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {};

  const sendText = (address: string, part: ReturnType<typeof render>[number]) =>
    api.sendMessage(address, part.text, {
      entities: part.entities,
      link_preview_options: { is_disabled: true },
      ...markup(part.keyboard),
    });

  async function sendFile(
    address: string,
    file: NonNullable<OutboundMessage['file']>,
    part: ReturnType<typeof render>[number],
  ) {
    const document = 'bytes' in file ? new InputFile(file.bytes, file.name) : file.url;
    const fits = part.text.length <= 1024;
    if (!fits) await sendText(address, { ...part, keyboard: [] });
    return api.sendDocument(address, document, {
      ...(fits && { caption: part.text, caption_entities: part.entities }),
      ...markup(part.keyboard),
    });
  }

  async function download(ref: string): Promise<Uint8Array> {
    try {
      const file = await api.getFile(ref);
      if ((file.file_size ?? 0) > MOST_DOWNLOAD_BYTES) throw new SendError('rejected', 'the file is larger than 20 MB');
      const answer = await fetch(`${root}/file/bot${token}/${file.file_path}`, {
        signal: AbortSignal.timeout(CALL_SECONDS * 1000),
      });
      if (!answer.ok)
        throw new SendError(answer.status >= 500 ? 'unavailable' : 'rejected', `the file answered ${answer.status}`);
      return new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      throw error instanceof SendError ? error : sendError(error, 0);
    }
  }

  return {
    name: 'telegram',
    limits: { ...TELEGRAM_LIMITS, ...(options.perSecond !== undefined && { perSecond: options.perSecond }) },
    start: (receive) => (starting ??= start(receive)),
    async stop() {
      stopping.abort();
      await polling;
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
      starting = null;
    },
    send,
    download,
    handleWebhook,
    async announceCommands(commands) {
      const languages = new Set(commands.flatMap((command) => Object.keys(command.descriptions)));
      for (const language of languages) {
        const list = commands.map(({ name, descriptions }) => ({
          command: name,
          description: (descriptions[language] ?? descriptions.en ?? name).slice(0, 256),
        }));
        if (language === 'en') await api.setMyCommands(list);
        await api.setMyCommands(list, { language_code: language as 'en' });
      }
    },
  };
}

function equal(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
