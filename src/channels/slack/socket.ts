import { setTimeout } from 'node:timers/promises';
import {
  type App,
  type Logger,
  type LogLevel,
  type Receiver,
  type ReceiverEvent,
  SocketModeReceiver,
} from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { getGlobalDispatcher } from 'undici';
import { UserError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { within } from '../../core/time.ts';
import { isTokenRefused } from './errors.ts';

export interface SocketOptions {
  appToken: string;
  /** Then by the way that `fetch` takes. */
  isProxied: boolean;
  clientOptions: WebClientOptions;
  logger: Logger;
  log: Log;
  /** Handles one envelope and acknowledges it, or does not. */
  handle: (app: App, event: ReceiverEvent) => Promise<void>;
}

const GREETED_WITHIN_MS = 15_000;
const PARTED_WITHIN_MS = 2000;
const MOST_PAUSE_MS = 5000;

/**
 * Socket Mode, one Bolt receiver for each connection. The library's own way back waits 5 s and more after each of
 * Slack's routine disconnects, and lets the process die when its first call fails meanwhile.
 */
export function createSocket(options: SocketOptions): Receiver & { trouble(): string | null } {
  const { log } = options;
  let app: App | null = null;
  let current: Connection | null = null;
  let stopping = new AbortController();

  async function connect(): Promise<void> {
    const made = await openConnection(options, app);
    if (stopping.signal.aborted) return made.close();
    current = made;
    void made.lost.then(() => {
      if (current !== made || stopping.signal.aborted) return;
      current = null;
      void reconnect();
    });
  }

  async function reconnect(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      try {
        return await connect();
      } catch (error) {
        log.warn(NOT_OPENED, { failures: failures + 1 }, error);
        await pause(pauseMs(failures), stopping.signal);
      }
    }
  }

  return {
    trouble: () => (current ? null : 'the socket could not be opened'),
    init: (given) => {
      app = given;
    },
    async start() {
      stopping = new AbortController();
      await connect().catch((error: unknown) => {
        if (isTokenRefused(error)) throw new UserError(TOKEN_REFUSED);
        log.warn(NOT_OPENED, { failures: 1 }, error);
        void reconnect();
      });
    },
    async stop() {
      stopping.abort();
      await current?.close();
      current = null;
    },
  };
}

const NOT_OPENED = 'The socket to Slack could not be opened; trying again';
const TOKEN_REFUSED =
  'SLACK_APP_TOKEN: Slack does not know this token. Copy it again from api.slack.com/apps, Basic Information, App-Level Tokens; it needs connections:write.';

/** Longer after each failure, and never the same in two processes. */
const pauseMs = (failures: number): number =>
  Math.min(MOST_PAUSE_MS, 100 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random() / 2);

/** Resolves when Slack has said hello; one that does not open is closed. */
async function openConnection(options: SocketOptions, app: App | null): Promise<Connection> {
  const made = new Connection(options, app);
  try {
    await made.open();
    return made;
  } catch (error) {
    void made.close();
    throw error;
  }
}

class Connection extends SocketModeReceiver {
  readonly lost: Promise<void>;

  constructor({ appToken, isProxied, clientOptions, logger, log, handle }: SocketOptions, app: App | null) {
    super({
      appToken,
      ...(isProxied && { dispatcher: getGlobalDispatcher() }),
      logger,
      logLevel: 'error' as LogLevel,
      autoReconnectEnabled: false,
      installerOptions: { clientOptions: { ...clientOptions } },
      processEventErrorHandler: async ({ error }) => {
        log.warn('An envelope of Slack stays without acknowledgement', {}, error);
        return false;
      },
    });
    this.lost = new Promise((resolve) => void this.client.once('disconnected', () => resolve()));
    const processEvent = async (event: ReceiverEvent) => app && handle(app, event);
    this.init({ processEvent } as unknown as App);
  }

  /** Resolves when Slack has said hello. */
  async open(): Promise<void> {
    const refused = this.client.start().catch((error: unknown) => {
      throw error ?? new Error('The socket closed before Slack said hello.');
    });
    if ((await within(refused, GREETED_WITHIN_MS)) === 'late') throw new Error('Slack did not say hello.');
  }

  async close(): Promise<void> {
    await within(this.client.disconnect(), PARTED_WITHIN_MS);
  }
}

/** Shorter when the signal comes. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);
