import { App, type ReceiverEvent } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Channel, Receive } from '../../domain/channel.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Inbound } from '../../domain/inbound.ts';
import type { Log } from '../../domain/log.ts';
import type { Block } from '../../domain/message.ts';
import { CALL_MS, clientOptions, quiet, whoAmI } from './client.ts';
import { sendError } from './errors.ts';
import { SLACK_LIMITS } from './limits.ts';
import { type Parsed, parsePayload } from './parse.ts';
import { createPeople } from './people.ts';
import { apology, bodyOf, type HttpAnswer, idleReceiver, isSigned, outcomeOf } from './receiver.ts';
import { download, sendMessage } from './send.ts';
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

export function createSlackChannel(options: SlackOptions): SlackChannel {
  const { botToken, apiUrl, log, clock, appToken = null, signingSecret = null, texts = SHIPPED_TEXTS } = options;
  const calling = clientOptions(apiUrl, log);
  const client = new WebClient(botToken, calling);
  const people = createPeople(client);
  const underWay = new Set<Promise<unknown>>();
  let me = { botUserId: '', botId: '', teamId: '' };
  let app: App | null = null;
  let receiver: Receive | null = null;
  let starting: Promise<void> | null = null;

  async function start(receive: Receive): Promise<void> {
    me = await whoAmI(client);
    receiver = receive;
    const logger = quiet(log);
    const socket = appToken
      ? createSocket({
          appToken,
          clientOptions: calling,
          logger,
          log,
          handle: (running, event) => track(handleEnvelope(running, event)),
        })
      : idleReceiver;
    app = new App({
      receiver: socket,
      authorize: async () => ({ botToken, ...me }),
      logger,
      clientOptions: calling,
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
      inbound.sender.address || people.chatOf(user),
      people.languageOf(user),
    ]);
    return { ...inbound, sender: { ...inbound.sender, key: `slack:${me.teamId}:${user}`, address, language } };
  }

  /** Before anything else is done: a trigger lives 3 seconds. */
  async function openModal(trigger_id: string, user: string): Promise<boolean> {
    const view = ideaModal(texts.modal((await people.languageOf(user)) ?? 'en'));
    return client.views.open({ trigger_id, view }).then(
      () => true,
      (error: unknown) => {
        log.warn('The modal could not be opened; the conversation takes its place', {}, sendError(error, 0));
        return false;
      },
    );
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
    return apology(body, texts.tryAgain((user && people.knownLanguageOf(user)) || 'en'));
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
    send: (address, message, fromPart = 0) => sendMessage(client, address, message, fromPart),
    download: (ref) => download(ref, { botToken, apiUrl, timeout: CALL_MS }),
    handleHttp,
    /** Slack takes its one command from the app's manifest. */
    announceCommands: async () => undefined,
  };
}
