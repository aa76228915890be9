import { Api } from 'grammy';
import { type Channel, refuseUnreadable } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { createUnderWay } from '../underWay.ts';
import { download } from './download.ts';
import { createIdentity } from './identity.ts';
import { createIntake } from './intake.ts';
import { introduce } from './introduce.ts';
import { TELEGRAM_LIMITS } from './limits.ts';
import { createListener } from './listener.ts';
import { POLL_SECONDS } from './polling.ts';
import { createSending } from './send.ts';
import { fetchWithin, jsonCalls } from './transport.ts';

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

/** Only asking for updates is ever retried here: the caller decides what a refused send means. */
export function createTelegramChannel(options: TelegramOptions): TelegramChannel {
  const { token, log, clock, proxy = null, apiRoot: root = 'https://api.telegram.org' } = options;
  const apiWithin = (timeoutMs: number) => {
    const api = new Api(token, { apiRoot: root });
    api.config.use(jsonCalls({ token, root, proxy, timeoutMs }));
    return api;
  };
  const api = apiWithin(CALL_MS);
  const uploading = new Api(token, {
    apiRoot: root,
    fetch: fetchWithin({ timeoutMs: FILE_MS, proxy }),
    timeoutSeconds: FILE_MS / 1000 + 1,
  });
  const { track, settled } = createUnderWay();
  const identity = createIdentity({ api, token, root, log, track });
  const take = createIntake({ api, botId: identity.botId, clock, log, track });
  const listener = createListener({ ...options, api, polling: apiWithin(POLL_MS), identity, take });
  return {
    name: 'telegram',
    limits: { ...TELEGRAM_LIMITS, ...(options.perSecond !== undefined && { perSecond: options.perSecond }) },
    start: (receive, keepUnreadable = refuseUnreadable) => listener.start({ receive, keepUnreadable }),
    async stop() {
      await listener.stop();
      await settled();
      identity.forget();
    },
    identify: listener.identify,
    trouble: listener.trouble,
    ...createSending(api, uploading),
    link: identity.link,
    download: (ref) => download(ref, { api, files: `${root}/file/bot${token}`, proxy, timeoutMs: FILE_MS }),
    handleWebhook: listener.handleWebhook,
    introduce: (introduction) => introduce(api, introduction),
  };
}
