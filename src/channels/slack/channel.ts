import { type AckFn, App, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { type Channel, refuseUnreadable } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import { createTally, type Log } from '../../core/log.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import { createUnderWay, type Track } from '../underWay.ts';
import { createAcknowledging } from './acknowledge.ts';
import { editMessage, removeMessages } from './change.ts';
import { clientOptions, linkTo, type Me, quiet, whoAmI } from './client.ts';
import { createHomes } from './home.ts';
import { createIntake, type SlackRecorder } from './intake.ts';
import { SLACK_LIMITS } from './limits.ts';
import { createPanels } from './panels.ts';
import { createPeople } from './people.ts';
import { type HttpAnswer, idleReceiver, isSigned, type ReceiverAnswer } from './receiver.ts';
import { render, type Slashed, slashing } from './render.ts';
import { download, sendMessage } from './send.ts';
import { createSocket } from './socket.ts';
import { authorOf } from './speaker.ts';
import { createSuggestions } from './suggestions.ts';
import { createTurns } from './turns.ts';
import { markUsed } from './usedButtons.ts';

export interface SlackOptions {
  botToken: string;
  apiUrl: string;
  /** Socket Mode. Null or left out: events come through `handleHttp`. */
  appToken?: string | null;
  /** Null or left out: `handleHttp` refuses everything. */
  signingSecret?: string | null;
  perSecond?: number;
  /** Null or left out: Slack is reached directly. */
  proxy?: string | null;
  /** What our words call `/name`, and people type as `/hearback name`. */
  commands: () => readonly string[];
  surfaces: Surfaces;
  log: Log;
  clock: Clock;
}

export interface SlackChannel extends Channel {
  /** The answer to one request of Slack: 401 without a valid signature, 503 for events to be sent again. Header names in lower case. */
  handleHttp(headers: Record<string, string>, rawBody: string): Promise<HttpAnswer>;
  /** Something has changed of what this person's Home tab shows. */
  refreshHome(senderKey: string): void;
  /** Shows what has changed to some of those who have looked at Home lately. */
  lookAfterHomes(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function createSlackChannel(options: SlackOptions): SlackChannel {
  const { botToken, apiUrl, log, clock, signingSecret = null } = options;
  const client = new WebClient(botToken, clientOptions(apiUrl, log));
  const slashed: Slashed = (text) => slashing(options.commands())(text);
  const identity = createIdentity(client);
  const { track, settled } = createUnderWay();
  const parts = createParts({ ...options, client, slashed, me: identity.me, track });
  const listener = createListener({ ...options, ...parts, me: identity.me, identify: identity.identify, track });
  const requestRefused = createTally(log, 'Requests that Slack has not signed were refused');
  return {
    name: 'slack',
    limits: { ...SLACK_LIMITS, ...(options.perSecond !== undefined && { perSecond: options.perSecond }) },
    start: (receive, keepUnreadable = refuseUnreadable) => listener.start({ receive, keepUnreadable }),
    async stop() {
      listener.takeNoMore();
      await settled();
      await listener.stop();
      identity.forget();
    },
    identify: identity.identify,
    trouble: listener.trouble,
    send: (address, message, fromPart = 0) => sendMessage(client, address, message, slashed, fromPart),
    download: (ref) => download(ref, { botToken, apiUrl }),
    edit: (refs, message) => editMessage(client, refs, message, slashed),
    remove: (refs) => removeMessages(client, refs),
    markUsed: (pressed, use) => markUsed(client, pressed, use),
    shows: (message) => render(message, slashed).at(-1),
    link: identity.link,
    async handleHttp(headers, rawBody) {
      const { app } = listener;
      if (signingSecret && isSigned(signingSecret, headers, rawBody, clock()))
        return parts.acknowledging.request(app(), headers['content-type'] ?? '', rawBody);
      requestRefused();
      return { status: 401, body: '' };
    },
    idle: settled,
    lookAfterHomes: () => track(parts.homes.lookAfterSome()),
    refreshHome: (key) => parts.background(parts.homes.refresh(key)),
    /** Slack takes its one command and its description from the app's manifest. */
    introduce: async () => undefined,
  };
}

/** Who we are at Slack, asked once. */
function createIdentity(client: WebClient) {
  let me: Me = { botUserId: '', botId: '', teamId: '', isWholeOrganization: false, appId: null };
  let asked: Promise<void> | null = null;
  return {
    me: (): Me => me,
    /** @throws UserError when the token is refused, or Slack is not there */
    identify(): Promise<void> {
      asked ??= whoAmI(client).then(
        (found) => void (me = found),
        (error) => {
          asked = null;
          throw error;
        },
      );
      return asked;
    },
    forget(): void {
      asked = null;
    },
    /** Null while it is not known. */
    link: (): string | null => (me.teamId === '' ? null : linkTo(me)),
  };
}

interface Given extends SlackOptions {
  client: WebClient;
  slashed: Slashed;
  me: () => Me;
  track: Track;
}

/** What takes payloads in and shows things. */
function createParts({ client, surfaces, slashed, me, track, log, clock }: Given) {
  const background = (work: Promise<void>) =>
    void track(work).catch((error: unknown) => log.error('What followed an answer to Slack failed', {}, error));
  const people = createPeople(client);
  const homes = createHomes({ client, surfaces, slashed, log });
  const panels = createPanels({ client, surfaces, slashed, log, background });
  const suggest = createSuggestions({ people, surfaces, slashed, log, clock, background });
  const intake = createIntake({
    client,
    me,
    people,
    surfaces,
    panels,
    homes,
    suggest,
    slashed,
    background,
    clock,
    log,
  });
  return { background, homes, intake, acknowledging: createAcknowledging({ intake, people, surfaces }) };
}

type ListenerParts = Omit<Given, 'client' | 'slashed'> &
  Pick<ReturnType<typeof createParts>, 'intake' | 'acknowledging'> & { identify: () => Promise<void> };

/** Bolt's app between Slack and the intake, by socket or by HTTP. */
function createListener(parts: ListenerParts) {
  const { appToken = null, apiUrl, identify, acknowledging, track, log } = parts;
  const calling = clientOptions(apiUrl, log);
  let app: App | null = null;
  let socket: ReturnType<typeof createSocket> | null = null;
  let recorder: SlackRecorder | null = null;
  let starting: Promise<void> | null = null;

  async function start(to: SlackRecorder): Promise<void> {
    await identify();
    recorder = to;
    const handle = (running: App, event: ReceiverEvent) => track(acknowledging.envelope(running, event));
    const line = { isProxied: Boolean(parts.proxy), clientOptions: calling, logger: quiet(log), log, handle };
    socket = appToken ? createSocket({ ...line, appToken }) : null;
    app = createApp(parts, calling, socket ?? idleReceiver, () => recorder);
    await app.start();
  }

  return {
    app: () => app,
    trouble: () => socket?.trouble() ?? null,
    start(to: SlackRecorder): Promise<void> {
      starting ??= start(to).catch((error: unknown) => {
        starting = null;
        throw error;
      });
      return starting;
    },
    takeNoMore(): void {
      recorder = null;
    },
    async stop(): Promise<void> {
      await app?.stop();
      app = null;
      socket = null;
      starting = null;
    },
  };
}

function createApp(
  { botToken, me, intake, track, log }: ListenerParts,
  calling: WebClientOptions,
  receiver: Receiver,
  recorder: () => SlackRecorder | null,
): App {
  const inTurn = createTurns();
  const app = new App({
    receiver,
    authorize: async () => ({ botToken, botId: me().botId, botUserId: me().botUserId, teamId: me().teamId }),
    logger: quiet(log),
    clientOptions: calling,
    // Bolt's conversations are kept in memory and never forgotten; ours are in the database.
    convoStore: false,
    tokenVerificationEnabled: false,
  });
  app.use(async ({ body, ack, next }) => {
    const take = async (turn: Promise<unknown>) => {
      const to = recorder();
      if (!to) throw new Error('The channel is stopping.');
      return intake.take(body, to, turn);
    };
    const answer = await track(inTurn(authorOf(body), take));
    if (answer) await (ack as AckFn<ReceiverAnswer> | undefined)?.(answer);
    await next();
  });
  app.error(async (error) => {
    log.warn('A payload of Slack could not be recorded', {}, error);
    throw error;
  });
  return app;
}
