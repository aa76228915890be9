import type { Api } from 'grammy';
import { createTally, type Log } from '../../core/log.ts';
import type { createIdentity } from './identity.ts';
import type { createIntake, TelegramRecorder } from './intake.ts';
import { poll } from './polling.ts';
import { isSecret, keepSettingWebhook, setWebhook } from './webhook.ts';

export interface ListenerParts {
  /** Null or left out: long polling. */
  webhook?: { secret: string; url: string } | null;
  /** Whether this process is the one that may poll: Telegram allows one at a time. */
  mayPoll?: () => Promise<boolean>;
  log: Log;
  api: Api;
  /** The same API with the patience that asking for updates needs. */
  polling: Api;
  identity: ReturnType<typeof createIdentity>;
  take: ReturnType<typeof createIntake>;
}

/** Updates come by webhook where there is one, else they are asked for. */
export function createListener(parts: ListenerParts) {
  const { api, polling, webhook = null, mayPoll = async () => true, identity, take, log } = parts;
  const webhookRefused = createTally(log, 'Webhooks without the secret were refused');
  let stopping = new AbortController();
  let trouble: string | null = null;
  let recorder: TelegramRecorder | null = null;
  let starting: Promise<void> | null = null;
  let listening: Promise<void> = Promise.resolve();
  const told = (what: string | null) => void (trouble = what);

  async function begin(to: TelegramRecorder): Promise<void> {
    if (stopping.signal.aborted) stopping = new AbortController();
    const { signal } = stopping;
    await identity.identify(signal);
    recorder = to;
    if (!webhook) listening = poll({ api: polling, mayPoll, take: (update) => take(update, to), told, log }, signal);
    else if (!(await setWebhook({ api, webhook, told, log }, signal)))
      listening = keepSettingWebhook({ api, webhook, told, log }, signal);
  }

  function statusOf(update: unknown): Promise<number> {
    if (!recorder || stopping.signal.aborted) return Promise.resolve(NOT_NOW);
    return statusAfter(take(update, recorder), log);
  }

  return {
    trouble: () => trouble,
    identify: () => identity.identify(stopping.signal),
    start: (to: TelegramRecorder): Promise<void> =>
      (starting ??= begin(to).catch((error) => {
        starting = null;
        throw error;
      })),
    async stop(): Promise<void> {
      stopping.abort();
      await starting?.catch(() => undefined);
      await listening;
      starting = null;
    },
    async handleWebhook(secret: string | undefined, body: unknown): Promise<number> {
      if (webhook && isSecret(secret ?? '', webhook.secret)) return statusOf(body);
      webhookRefused();
      return 401;
    },
  };
}

/** Telegram sends it again. */
const NOT_NOW = 503;

/** The HTTP status of an update that is taken in. */
const statusAfter = (taken: Promise<unknown>, log: Log): Promise<number> =>
  taken.then(
    () => 200,
    (error: unknown) => {
      log.warn('An update from Telegram could not be taken in, it will be sent again', {}, error);
      return NOT_NOW;
    },
  );
