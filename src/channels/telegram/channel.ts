import { createHash, timingSafeEqual } from 'node:crypto';
import { Api, GrammyError } from 'grammy';
import type { Channel, KeepUnreadable, Receive } from '../../core/channel.ts';
import { refuseUnreadable, SendError } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import { UserError } from '../../core/errors.ts';
import type { Unreadable } from '../../core/inbound.ts';
import { createTally, type Log } from '../../core/log.ts';
import { fitted } from '../../core/split.ts';
import { fileRefusal } from '../fileRefusal.ts';
import { repeatableError, sendError } from './errors.ts';
import { MOST_DOWNLOAD_BYTES, START_PAYLOAD, TELEGRAM_LIMITS } from './limits.ts';
import { parseUpdate } from './parse.ts';
import { POLL_SECONDS, pause, poll, UPDATES } from './polling.ts';
import { createSending } from './send.ts';
import { exchange, fetchWithin, NOT_JSON } from './transport.ts';

export interface TelegramOptions {
  token: string;
  apiRoot?: string;
  /** Null or left out: long polling. */
  webhook?: { secret: string; url: string } | null;
  /** Whether this process is the one that may poll: Telegram allows one at a time. */
  mayPoll?: () => Promise<boolean>;
  perSecond?: number;
  /** Null or left out: the API is reached directly. */
  proxy?: string | null;
  clock: Clock;
  log: Log;
}

export interface TelegramChannel extends Channel {
  /** The HTTP status for one webhook request: 200 after the update is recorded, 401 without the secret, 503 to be sent it again. */
  handleWebhook(secret: string | undefined, body: unknown): Promise<number>;
}

const CALL_MS = 15_000;
const POLL_MS = POLL_SECONDS * 1000 + CALL_MS;
/** For a file's way, in either direction. */
const FILE_MS = 60_000;
const ASK_AGAIN_MS = 5_000;
const MOST_CONNECTIONS = 100;
/** https://core.telegram.org/bots/api#botcommand */
const MOST_DESCRIPTION = 256;

const REFUSED =
  'TELEGRAM_BOT_TOKEN: Telegram does not know this token. Copy it again from @BotFather (/mybots, API Token).';
const UNREACHED = (root: string): string =>
  `TELEGRAM_API_ROOT: no Bot API answers at ${root}. Check the network, or the address if you run your own Bot API server.`;
const BAD_WEBHOOK = (why: string): string =>
  `PUBLIC_URL: Telegram takes no webhook there (${why}). Give an https address that the internet reaches, or unset TELEGRAM_WEBHOOK_SECRET for long polling.`;

const BAD_START =
  'The start of a Telegram link takes letters from a to z, digits, _ and -, at least one and at most 64. Give it a shorter or plainer name.';

/** Nothing is ever retried here but asking for updates: whoever sends decides what a refusal means. */
export function createTelegramChannel(options: TelegramOptions): TelegramChannel {
  const { token, log, clock, webhook = null, proxy = null, mayPoll = async () => true } = options;
  const root = options.apiRoot ?? 'https://api.telegram.org';
  const apiWithin = (ms: number) =>
    new Api(token, { apiRoot: root, fetch: fetchWithin(ms, proxy), timeoutSeconds: ms / 1000 + 1 });
  const api = apiWithin(CALL_MS);
  const webhookRefused = createTally(log, 'Webhooks without the secret were refused');
  const underWay = new Set<Promise<unknown>>();
  let stopping = new AbortController();
  let botId = Number(token.split(':')[0]);
  let username: string | null = null;
  let identified: Promise<void> | null = null;
  let trouble: string | null = null;
  let receiver: { receive: Receive; keepUnreadable: KeepUnreadable } | null = null;
  let starting: Promise<void> | null = null;
  let listening: Promise<void> = Promise.resolve();

  async function start(receive: Receive, keepUnreadable: KeepUnreadable): Promise<void> {
    if (stopping.signal.aborted) stopping = new AbortController();
    await identify();
    receiver = { receive, keepUnreadable };
    if (webhook) return register(webhook, stopping.signal);
    const to = receiver;
    const parts = { api: apiWithin(POLL_MS), mayPoll, take: (update: unknown) => take(update, to), log };
    listening = poll({ ...parts, told: (what) => (trouble = what) }, stopping.signal);
  }

  function identify(): Promise<void> {
    identified ??= whoAmI(stopping.signal).finally(() => {
      if (username === null) identified = null;
    });
    return identified;
  }

  /** @throws UserError when waiting would not help; trouble at Telegram's side does not keep the service from starting. */
  async function whoAmI(signal: AbortSignal): Promise<void> {
    try {
      const me = await api.getMe();
      botId = me.id;
      username = me.username;
    } catch (error) {
      const { code, detail } = sendError(error, 0);
      if (detail === NOT_JSON || code === 'not_connected') throw new UserError(UNREACHED(root));
      if (code === 'unauthorized') throw new UserError(REFUSED);
      log.warn('Telegram did not say who the bot is, going on with the number in its token', { code }, error);
      void track(askAgain(signal));
    }
  }

  /** The bot's number is known from its token, its name is not: until then there are no links. */
  async function askAgain(signal: AbortSignal): Promise<void> {
    while (username === null && !signal.aborted) {
      await pause(ASK_AGAIN_MS, signal);
      if (signal.aborted) return;
      const me = await api.getMe().catch((error) => log.debug('Still no name', { code: sendError(error, 0).code }));
      username = me?.username ?? null;
    }
  }

  /** @throws UserError when the address is refused; otherwise goes on trying in the background. */
  async function register({ url, secret }: { url: string; secret: string }, signal: AbortSignal): Promise<void> {
    const more = { secret_token: secret, allowed_updates: UPDATES, max_connections: MOST_CONNECTIONS };
    try {
      await api.setWebhook(url, more);
      trouble = null;
    } catch (error) {
      if (error instanceof GrammyError && error.error_code === 400) throw new UserError(BAD_WEBHOOK(error.description));
      log.warn('The webhook could not be set, trying again', {}, error);
      trouble = `the webhook could not be set (${sendError(error, 0).code})`;
      const again = async () => {
        await pause(ASK_AGAIN_MS, signal);
        if (!signal.aborted) await register({ url, secret }, signal);
      };
      listening = again().catch((refused) => {
        trouble = 'the webhook was refused';
        log.error('The webhook was refused', {}, refused);
      });
    }
  }

  async function take(update: unknown, { receive, keepUnreadable }: NonNullable<typeof receiver>): Promise<void> {
    const parsed = parsedOrUnreadable(update);
    if (!parsed) return log.debug('An update that is not for us');
    if ('raw' in parsed) return track(keepUnreadable(parsed));
    await track(receive(parsed.inbound));
    const { callbackId } = parsed;
    if (callbackId === null) return;
    // Only stops the button's spinning: nobody waits for it.
    const unanswered = (error: unknown) => log.debug('A button was not answered', { code: sendError(error, 0).code });
    void track(api.answerCallbackQuery(callbackId).then(() => undefined, unanswered));
  }

  function parsedOrUnreadable(update: unknown): ReturnType<typeof parseUpdate> | Unreadable {
    try {
      return parseUpdate(update, botId, clock());
    } catch (error) {
      const { update_id: number } = update as { update_id?: unknown };
      return { id: `telegram:${botId}:${number}`, raw: JSON.stringify(update), error: String(error) };
    }
  }

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    const done = () => void underWay.delete(work);
    work.then(done, done);
    return work;
  }

  async function handleWebhook(secret: string | undefined, body: unknown): Promise<number> {
    if (!webhook || !equal(secret ?? '', webhook.secret)) {
      webhookRefused();
      return 401;
    }
    if (!receiver || stopping.signal.aborted) return 503;
    try {
      await take(body, receiver);
      return 200;
    } catch (error) {
      log.warn('An update from Telegram could not be taken in, it will be sent again', {}, error);
      return 503;
    }
  }

  function link(start: string): string | null {
    if (!START_PAYLOAD.test(start)) throw new UserError(BAD_START);
    return username === null ? null : `https://t.me/${username}?start=${start}`;
  }

  async function download(ref: string): Promise<Uint8Array> {
    try {
      const file = await api.getFile(ref);
      const limits = { timeoutMs: FILE_MS, mostBytes: MOST_DOWNLOAD_BYTES, proxy };
      const { status, body, cut } = await exchange(`${root}/file/bot${token}/${file.file_path}`, limits);
      if (status >= 400) throw fileRefusal(status);
      if (cut) throw new SendError('rejected', 'the file is larger than Telegram gives to bots');
      return body;
    } catch (error) {
      throw repeatableError(error);
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await starting?.catch(() => undefined);
    await listening;
    while (underWay.size > 0) await Promise.allSettled([...underWay]);
    starting = null;
    identified = null;
  }

  return {
    name: 'telegram',
    limits: { ...TELEGRAM_LIMITS, ...(options.perSecond !== undefined && { perSecond: options.perSecond }) },
    start(receive, keepUnreadable = refuseUnreadable) {
      starting ??= start(receive, keepUnreadable).catch((error) => {
        starting = null;
        throw error;
      });
      return starting;
    },
    stop,
    identify,
    trouble: () => trouble,
    ...createSending(api, apiWithin(FILE_MS)),
    link,
    download,
    handleWebhook,
    announceCommands: (commands) => announce(api, commands),
  };
}

/** One list a language, and the English (or first) one for everybody else. */
async function announce(api: Api, commands: Parameters<Channel['announceCommands']>[0]): Promise<void> {
  const languages = [...new Set(commands.flatMap(({ descriptions }) => Object.keys(descriptions)))];
  const fallback = languages.includes('en') ? 'en' : (languages[0] ?? 'en');
  const listIn = (language: string) =>
    commands.map(({ name, descriptions }) => ({
      command: name,
      description: fitted(descriptions[language] ?? descriptions[fallback] ?? name, MOST_DESCRIPTION),
    }));
  await api.setMyCommands(listIn(fallback));
  // Telegram knows languages by two letters alone.
  for (const language of languages.filter((code) => /^[a-z]{2}$/.test(code)))
    await api.setMyCommands(listIn(language), { language_code: language as 'en' });
}

/** In a time that says nothing of the secret, its length included. */
function equal(given: string, wanted: string): boolean {
  const [left, right] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
