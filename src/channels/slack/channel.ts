import { type AckFn, App, type ReceiverEvent } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { type Channel, type KeepUnreadable, type Receive, refuseUnreadable } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import type { Unreadable } from '../../core/inbound.ts';
import { createTally, type Log } from '../../core/log.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import { editMessage, removeMessages } from './change.ts';
import { clientOptions, linkTo, type Me, quiet, whoAmI } from './client.ts';
import { complete } from './complete.ts';
import { openForm } from './forms.ts';
import { createHomes } from './home.ts';
import { SLACK_LIMITS } from './limits.ts';
import { createPanels } from './panels.ts';
import { parsePayload } from './parse.ts';
import { keyOf, type Opening, type ParsedPayload } from './parsed.ts';
import { createPeople } from './people.ts';
import { atOnce, type Here, type PayloadReading, readWhole } from './reading.ts';
import {
  apology,
  bodyOf,
  type HttpAnswer,
  idleReceiver,
  isSigned,
  outcomeOf,
  type ReceiverAnswer,
  refusal,
} from './receiver.ts';
import { type Slashed, slashing } from './render.ts';
import { download, sendMessage } from './send.ts';
import { createSocket } from './socket.ts';
import { authorOf } from './speaker.ts';
import { createSuggestions, parseSuggestion } from './suggestions.ts';
import { createTurns } from './turns.ts';
import { formEndView } from './views.ts';

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
}

export function createSlackChannel(options: SlackOptions): SlackChannel {
  const { botToken, apiUrl, log, clock, surfaces, appToken = null, signingSecret = null } = options;
  const calling = clientOptions(apiUrl, log);
  const client = new WebClient(botToken, calling);
  const people = createPeople(client);
  const slashed: Slashed = (text) => slashing(options.commands())(text);
  const homes = createHomes({ client, surfaces, slashed, log });
  const background = (work: Promise<void>) =>
    void track(work).catch((error: unknown) => log.error('What followed an answer to Slack failed', {}, error));
  const panels = createPanels({ client, surfaces, slashed, log, background });
  const suggest = createSuggestions({ people, surfaces, slashed, log, clock, background });
  const requestRefused = createTally(log, 'Requests that Slack has not signed were refused');
  const inTurn = createTurns();
  const underWay = new Set<Promise<unknown>>();
  let me: Me = { botUserId: '', botId: '', teamId: '', isWholeOrganization: false, appId: null };
  let app: App | null = null;
  let socket: ReturnType<typeof createSocket> | null = null;
  let identified: Promise<void> | null = null;
  let receiver: { receive: Receive; keepUnreadable: KeepUnreadable } | null = null;
  let starting: Promise<void> | null = null;

  async function start(receive: Receive, keepUnreadable: KeepUnreadable): Promise<void> {
    await identify();
    receiver = { receive, keepUnreadable };
    const logger = quiet(log);
    const handle = (running: App, event: ReceiverEvent) => track(handleEnvelope(running, event));
    socket = appToken
      ? createSocket({ isProxied: Boolean(options.proxy), appToken, clientOptions: calling, logger, log, handle })
      : null;
    app = new App({
      receiver: socket ?? idleReceiver,
      authorize: async () => ({ botToken, botId: me.botId, botUserId: me.botUserId, teamId: me.teamId }),
      logger,
      clientOptions: calling,
      // Bolt's conversations are kept in memory and never forgotten; ours are in the database.
      convoStore: false,
      tokenVerificationEnabled: false,
    });
    app.use(async ({ body, ack, next }) => {
      const answer = await track(inTurn(authorOf(body), (turn) => take(body, turn)));
      if (answer) await (ack as AckFn<ReceiverAnswer> | undefined)?.(answer);
      await next();
    });
    app.error(async (error) => {
      log.warn('A payload of Slack could not be recorded', {}, error);
      throw error;
    });
    await app.start();
  }

  function identify(): Promise<void> {
    identified ??= whoAmI(client).then(
      (found) => void (me = found),
      (error) => {
        identified = null;
        throw error;
      },
    );
    return identified;
  }

  /** @returns what Slack is told along with its acknowledgement */
  async function take(body: unknown, turn: Promise<unknown>): Promise<ReceiverAnswer | null> {
    if (!receiver) throw new Error('The channel is stopping.');
    const { receive, keepUnreadable } = receiver;
    const suggestion = await readWhole(here(), people, (reading) => parseSuggestion(body, reading));
    if (suggestion) await suggest(suggestion, me.teamId, receive);
    const parsed = suggestion ? null : await readWhole(here(), people, (reading) => parsedOrUnreadable(body, reading));
    if (parsed && 'raw' in parsed) await keepUnreadable(parsed);
    if (!parsed || 'raw' in parsed || (await isOnlyLooking(parsed))) return null;
    return record(parsed, receive, turn);
  }

  /** Slack repeats an event that is refused, in vain; whoever fills in a form sees that it was not taken. */
  function parsedOrUnreadable(body: unknown, reading: PayloadReading): ParsedPayload | Unreadable | null {
    try {
      return parsePayload(body, reading);
    } catch (error) {
      const { event_id: id } = body as { event_id?: unknown };
      if (typeof id !== 'string') throw error;
      return { id: keyOf(me.teamId, id), raw: JSON.stringify(body), error: String(error) };
    }
  }

  const here = (): Here => ({ botUser: me.botUserId, team: me.teamId, now: clock() });

  /** Who only looks has said nothing: nothing is recorded of them, and no notice reaches them. */
  async function isOnlyLooking(parsed: ParsedPayload): Promise<boolean> {
    const { opens, panel, user, language = null, inbound } = parsed;
    const { content } = inbound;
    const key = keyOf(me.teamId, user);
    if (panel && content.kind === 'choice') {
      background(panels.press(key, content.data, language, panel));
      return true;
    }
    if (!opens && content.kind !== 'opened') return false;
    const wish = language ?? (await people.aboutOf(user)).language;
    if (opens) return open(opens, user, wish);
    background(homes.show(key, user, wish));
    return true;
  }

  const open = ({ what, trigger }: Opening, user: string, language: string | null): Promise<boolean> =>
    what === 'panel'
      ? panels.open(keyOf(me.teamId, user), trigger, language)
      : openForm({ client, surfaces, log }, trigger, language);

  async function record(
    parsed: ParsedPayload,
    receive: Receive,
    turn: Promise<unknown>,
  ): Promise<ReceiverAnswer | null> {
    const inbound = await complete(parsed, people);
    await turn;
    if (!inbound) log.warn('What came from an app, or from somebody who cannot be answered, is left out');
    if (!inbound) return null;
    const { content, sender } = inbound;
    const language = parsed.language ?? sender.language;
    if (content.kind === 'form') {
      const objections = await surfaces.objections(sender.key, content.fields, language);
      if (objections) return refusal(objections, slashed);
    }
    await receive(inbound);
    for (const further of parsed.more ?? []) await receive({ ...further, sender });
    if (content.kind !== 'form') return null;
    return { response_action: 'update', view: formEndView(surfaces.formEnd(language), slashed) };
  }

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  async function handleHttp(headers: Record<string, string>, rawBody: string): Promise<HttpAnswer> {
    if (!signingSecret || !isSigned(signingSecret, headers, rawBody, clock())) {
      requestRefused();
      return { status: 401, body: '' };
    }
    const body = bodyOf(headers['content-type'] ?? '', rawBody);
    if (!body) return { status: 400, body: '' };
    if (body.type === 'url_verification') return { status: 200, body: String(body.challenge ?? '') };
    const taken = app && (await takenBy(app, { body }));
    if (!taken) return { status: 503, body: '' };
    if (!taken.answer) return { status: 200, body: '' };
    return { status: 200, body: JSON.stringify(taken.answer), contentType: 'application/json' };
  }

  async function handleEnvelope(running: App, event: ReceiverEvent): Promise<void> {
    const taken = await takenBy(running, event);
    if (taken) await event.ack(taken.answer ?? undefined);
  }

  /** Null: no acknowledgement, so that Slack tries again or warns the person. */
  async function takenBy(
    running: App,
    event: Omit<ReceiverEvent, 'ack'>,
  ): Promise<{ answer: ReceiverAnswer | null } | null> {
    const outcome = await outcomeOf(running, event);
    if (typeof outcome === 'object') return outcome;
    const found = parsedOrUnreadable(event.body, atOnce(here()));
    const parsed = found && 'raw' in found ? null : found;
    const language = parsed?.language ?? (parsed && people.knownLanguageOf(parsed.user));
    const answer = apology(event.body, surfaces.tryAgain(language ?? null));
    return answer && { answer };
  }

  return {
    name: 'slack',
    limits: { ...SLACK_LIMITS, ...(options.perSecond !== undefined && { perSecond: options.perSecond }) },
    start(receive, keepUnreadable = refuseUnreadable) {
      starting ??= start(receive, keepUnreadable).catch((error: unknown) => {
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
      socket = null;
      starting = null;
      identified = null;
    },
    identify,
    trouble: () => socket?.trouble() ?? null,
    send: (address, message, fromPart = 0) => sendMessage(client, address, message, slashed, fromPart),
    download: (ref) => download(ref, { botToken, apiUrl }),
    edit: (refs, message) => editMessage(client, refs, message, slashed),
    remove: (refs) => removeMessages(client, refs),
    link: () => (me.teamId === '' ? null : linkTo(me)),
    handleHttp,
    refreshHome: (key) => background(homes.refresh(key)),
    /** Slack takes its one command from the app's manifest. */
    announceCommands: async () => undefined,
  };
}
