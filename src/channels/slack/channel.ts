import { App, type Logger, type LogLevel, type ReceiverEvent } from '@slack/bolt';
import { WebAPIPlatformError, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Channel, Receive } from '../../domain/channel.ts';
import { SendError } from '../../domain/channel.ts';
import type { Clock } from '../../domain/clock.ts';
import { Mistake } from '../../domain/errors.ts';
import type { Inbound } from '../../domain/inbound.ts';
import type { Log } from '../../domain/log.ts';
import type { Block, MessageRef, OutboundMessage } from '../../domain/message.ts';
import { sendError } from './errors.ts';
import { MOST_DOWNLOAD_BYTES, SLACK_LIMITS } from './limits.ts';
import { type Parsed, parsePayload } from './parse.ts';
import { apology, bodyOf, type HttpAnswer, idleReceiver, isSigned, outcomeOf } from './receiver.ts';
import { render } from './render.ts';
import { createSocket } from './socket.ts';
import { homeView, ideaModal, SHIPPED_TEXTS, type SlackTexts } from './views.ts';

export interface SlackOptions {
  botToken: string;
  apiUrl: string;
  /** Socket Mode. Null or left out: events come through `handleHttp`. */
  appToken?: string | null;
  /** Null or left out: `handleHttp` refuses everything. */
  signingSecret?: string | null;
  perSecond?: number;
  /** What the modal and the Home tab say; left out: the questions of the shipped idea flow. */
  texts?: SlackTexts;
  /** What the Home tab shows this person below the button: the timeline, their contributions. */
  home?: (senderKey: string, language: string) => Promise<Block[]>;
  log: Log;
  clock: Clock;
}

export interface SlackChannel extends Channel {
  /** The answer to one request of Slack: 401 without a valid signature, 503 for events to be sent again. Header names in lower case. */
  handleHttp(headers: Record<string, string>, rawBody: string): Promise<HttpAnswer>;
}

const CALL_MS = 15_000;
/** A language that takes longer to learn is left open: the acknowledgement waits for it. */
const LANGUAGE_MS = 700;
/** Languages and chats of people kept in memory; the oldest go first. */
const MOST_KNOWN = 10_000;
const TOKEN_ERRORS = ['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive'];

export function createSlackChannel(options: SlackOptions): SlackChannel {
  const { botToken, apiUrl, log, clock, appToken = null, signingSecret = null, texts = SHIPPED_TEXTS } = options;
  const clientOptions: WebClientOptions = {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_MS,
    logger: quiet(log),
  };
  const client = new WebClient(botToken, clientOptions);
  const underWay = new Set<Promise<unknown>>();
  const languages = memory<string | null>();
  const chats = memory<string>();
  let me = { botUserId: '', botId: '', teamId: '' };
  let app: App | null = null;
  let receiver: Receive | null = null;
  let starting: Promise<void> | null = null;

  async function start(receive: Receive): Promise<void> {
    me = await whoAmI();
    receiver = receive;
    const logger = quiet(log);
    const socket = appToken
      ? createSocket({
          appToken,
          clientOptions,
          logger,
          log,
          handle: (running, event) => track(handleEnvelope(running, event)),
        })
      : idleReceiver;
    app = new App({
      receiver: socket,
      authorize: async () => ({ botToken, ...me }),
      logger,
      clientOptions,
      // Bolt's conversations are kept in memory and never forgotten; ours are in the database.
      convoStore: false,
      tokenVerificationEnabled: false,
    });
    app.use(async ({ body, next }) => {
      await track(take(body));
      await next();
    });
    app.error(async (error) => {
      log.warn('A payload of Slack could not be recorded', {}, error);
      throw error;
    });
    await app.start();
  }

  async function whoAmI() {
    try {
      const { user_id = '', bot_id = '', team_id = '' } = await client.auth.test();
      return { botUserId: user_id, botId: bot_id, teamId: team_id };
    } catch (error) {
      if (error instanceof WebAPIPlatformError && TOKEN_ERRORS.includes(error.data.error))
        throw new Mistake(
          'SLACK_BOT_TOKEN: Slack does not know this token. Copy it again from api.slack.com/apps, OAuth & Permissions, Bot User OAuth Token.',
        );
      throw new Mistake(
        'SLACK_API_URL: Slack does not answer. Check the network, or the address if you use another one.',
      );
    }
  }

  async function take(body: unknown): Promise<void> {
    if (!receiver) throw new Error('The channel is stopping.');
    const parsed = parsePayload(body, me.botUserId, clock());
    if (!parsed) return;
    if (parsed.trigger && (await openModal(parsed.trigger, parsed.user))) return;
    const inbound = await completed(parsed);
    await receiver(inbound);
    for (const further of parsed.more ?? []) await receiver({ ...further, sender: inbound.sender });
    if (['opened', 'form'].includes(inbound.content.kind)) void track(publishHome(parsed.user, inbound.sender));
  }

  /** Slack names neither the language, nor, in interactions, the person's chat with us or our own workspace. */
  async function completed({ inbound, user }: Parsed): Promise<Inbound> {
    const [address, language] = await Promise.all([
      inbound.sender.address || chats.get(user, () => openChat(user)),
      languageOf(user),
    ]);
    return { ...inbound, sender: { ...inbound.sender, key: `slack:${me.teamId}:${user}`, address, language } };
  }

  /** Before anything else is done: a trigger lives 3 seconds. */
  async function openModal(trigger_id: string, user: string): Promise<boolean> {
    const view = ideaModal(texts.modal((await languageOf(user)) ?? 'en'));
    return client.views.open({ trigger_id, view }).then(
      () => true,
      (error: unknown) => {
        log.warn('The modal could not be opened; the conversation takes its place', {}, sendError(error, 0));
        return false;
      },
    );
  }

  async function openChat(user: string): Promise<string> {
    const { channel } = await client.conversations.open({ users: user });
    if (!channel?.id) throw new Error('Slack opened no conversation.');
    return channel.id;
  }

  function languageOf(user: string): Promise<string | null> {
    const asked = languages.get(user, async () => {
      const found = await client.users.info({ user, include_locale: true }).catch(() => null);
      return found?.user?.locale ?? null;
    });
    return soon(asked, LANGUAGE_MS);
  }

  async function publishHome(user_id: string, { key, language }: Inbound['sender']): Promise<void> {
    try {
      const blocks = (await options.home?.(key, language ?? 'en')) ?? [];
      await client.views.publish({ user_id, view: homeView(blocks, texts.shareIdea(language ?? 'en')) });
    } catch (error) {
      log.warn('The Home view could not be published', {}, error);
    }
  }

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  async function handleHttp(headers: Record<string, string>, rawBody: string): Promise<HttpAnswer> {
    if (!signingSecret || !isSigned(signingSecret, headers, rawBody, clock())) return { status: 401, body: '' };
    const body = bodyOf(headers['content-type'] ?? '', rawBody);
    if (!body) return { status: 400, body: '' };
    if (body.type === 'url_verification') return { status: 200, body: String(body.challenge ?? '') };
    if (app && (await outcomeOf(app, { body })) === 'done') return { status: 200, body: '' };
    const sorry = await sorryFor(body);
    if (!sorry) return { status: 503, body: '' };
    return { status: 200, body: JSON.stringify(sorry), contentType: 'application/json' };
  }

  async function handleEnvelope(running: App, event: ReceiverEvent): Promise<void> {
    if ((await outcomeOf(running, event)) === 'done') return event.ack();
    const sorry = await sorryFor(event.body);
    if (sorry) await event.ack(sorry);
  }

  async function sorryFor(body: Record<string, unknown>): Promise<Record<string, unknown> | null> {
    const user = parsePayload(body, me.botUserId, clock())?.user;
    return apology(body, texts.tryAgain((user && languages.peek(user)) || 'en'));
  }

  async function send(address: string, message: OutboundMessage, fromPart = 0): Promise<MessageRef[]> {
    const parts = render(message);
    const refs: MessageRef[] = [];
    const file = message.file && 'bytes' in message.file ? message.file : null;
    for (let index = fromPart; index < parts.length + (file ? 1 : 0); index++) {
      const part = parts[index];
      try {
        if (part) {
          const sent = await client.chat.postMessage({
            channel: address,
            ...part,
            unfurl_links: false,
            unfurl_media: false,
          });
          refs.push({ chat: address, id: sent.ts ?? '' });
        } else if (file) {
          const uploaded = await client.filesUploadV2({
            channel_id: address,
            file: Buffer.from(file.bytes),
            filename: file.name,
          });
          refs.push({ chat: address, id: uploaded.files[0]?.files?.[0]?.id ?? '' });
        }
      } catch (error) {
        throw sendError(error, index);
      }
    }
    return refs;
  }

  async function download(ref: string): Promise<Uint8Array> {
    if (!isSlackFile(ref, apiUrl)) throw new SendError('rejected', 'the file is not kept by Slack');
    try {
      const answer = await fetch(ref, {
        headers: { authorization: `Bearer ${botToken}` },
        signal: AbortSignal.timeout(CALL_MS),
      });
      if (!answer.ok)
        throw new SendError(answer.status >= 500 ? 'unavailable' : 'rejected', `the file answered ${answer.status}`);
      if (Number(answer.headers.get('content-length') ?? 0) > MOST_DOWNLOAD_BYTES)
        throw new SendError('rejected', 'the file is larger than 20 MB');
      return new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      throw sendError(error, 0);
    }
  }

  return {
    name: 'slack',
    limits: { ...SLACK_LIMITS, ...(options.perSecond !== undefined && { perSecond: options.perSecond }) },
    start(receive) {
      starting ??= start(receive).catch((error: unknown) => {
        starting = null;
        throw error;
      });
      return starting;
    },
    async stop() {
      receiver = null;
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
      await app?.stop();
      app = null;
      starting = null;
    },
    send,
    download,
    handleHttp,
    /** Slack takes its one command from the app's manifest. */
    announceCommands: async () => undefined,
  };
}

/** The bot's token goes only where Slack keeps files. */
function isSlackFile(ref: string, apiUrl: string): boolean {
  if (!URL.canParse(ref)) return false;
  const { protocol, hostname, origin } = new URL(ref);
  return (protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname)) || origin === new URL(apiUrl).origin;
}

function memory<T>() {
  const known = new Map<string, T>();
  return {
    peek: (key: string): T | undefined => known.get(key),
    async get(key: string, find: () => Promise<T>): Promise<T> {
      const there = known.get(key);
      if (there !== undefined) return there;
      const found = await find();
      if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value ?? '');
      if (found !== null) known.set(key, found);
      return found;
    },
  };
}

/** Null when it takes longer. */
async function soon<T>(work: Promise<T | null>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Slack's libraries write payloads into their messages: only that something happened goes to our log. */
function quiet(log: Log): Logger {
  const none = () => undefined;
  return {
    debug: none,
    info: none,
    warn: () => log.debug('The Slack client warns'),
    error: () => log.warn('The Slack client reports an error'),
    setLevel: none,
    getLevel: () => 'error' as LogLevel,
    setName: none,
  };
}
