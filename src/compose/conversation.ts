import { createHash } from 'node:crypto';
import { channelTitle } from '../channels/registry.ts';
import { createConversation } from '../conversation/conversation.ts';
import { createDigest } from '../conversation/digest.ts';
import type { FlowRegistry } from '../conversation/flow/flowRegistry.ts';
import { createFlowVersions } from '../conversation/flowVersions.ts';
import { createIntake, type Intake } from '../conversation/intake.ts';
import type { Spoken } from '../conversation/liveScript.ts';
import { createProcessView, type ProcessView } from '../conversation/processContext.ts';
import { createReceiver, type ReceiveParts } from '../conversation/receive.ts';
import { createSurfaces } from '../conversation/surfaces.ts';
import type { TurnStore } from '../conversation/turn.ts';
import { createViews } from '../conversation/views.ts';
import type { Introduction } from '../core/channel.ts';
import type { Ambient } from '../core/clock.ts';
import { detectLanguage } from '../core/detectLanguage.ts';
import type { Inbound, InboundContent, Sender } from '../core/inbound.ts';
import type { Texts } from '../core/texts.ts';
import { createEvents } from '../process/events/answers.ts';
import { DEFAULT_PROCESS } from '../process/process.ts';
import { type Database, isOutage } from '../store/database.ts';
import { composeChat, type Steering } from './chat.ts';
import type { Stores } from './stores.ts';

export type Content = ReturnType<typeof composeContent>;

/** The process as everybody in this program sees it. */
export async function viewOf({ processes }: Pick<Stores, 'processes'>, { clock, ids }: Ambient): Promise<ProcessView> {
  const process = (await processes.current()) ?? DEFAULT_PROCESS;
  return createProcessView(processes, process, clock, () => Buffer.from(ids.bytes(6)).toString('base64url'));
}

/** The conversations, and what is shown beside them. */
export function composeContent(
  { db, stores }: { db: Database; stores: Stores },
  spoken: Spoken,
  view: ProcessView,
  secret: string,
  steering: Steering,
) {
  const own = stores.ownContributions;
  const { clock } = steering;
  const phrasesIn = spoken.catalog('chat');
  const digest = createDigest({
    ...{ current: stores.currentNotices, around: view.lastSeen, phrasesIn, secret, clock },
    timeline: (reader) => view.timeline('short', reader),
  });
  const { organize, decisions, memberChat, ...chat } = composeChat(db, stores, { spoken, view, secret, ...steering });
  return {
    registry: spoken.registry,
    own,
    view,
    phrasesIn,
    frameIn: spoken.catalog('notices'),
    show: createViews({
      own,
      people: stores.people,
      view,
      phrasesIn,
      frameIn: spoken.catalog('notices'),
      platform: channelTitle,
      digest,
      secret,
      clock,
    }),
    surfaces: createSurfaces({
      own,
      view,
      registry: spoken.registry,
      phrasesIn,
      organize,
      decisions,
      homes: stores.homeViews,
      secret,
      clock,
    }),
    memberChat,
    ...chat,
    introduction: () => introductionIn(spoken.registry()),
  };
}

const introductionIn = ({ messages: { commands, texts } }: FlowRegistry): Introduction => ({
  commands: Object.entries(commands).map(([name, each]) => ({ name, descriptions: byLanguage(each) })),
  about: byLanguage(texts.bot_about ?? {}),
  short: byLanguage(texts.bot_short ?? {}),
});

const byLanguage = (texts: Texts): Record<string, string> => (typeof texts === 'string' ? { en: texts } : texts);

export interface ConversationWiring
  extends Ambient,
    Pick<ReceiveParts, 'send' | 'committed' | 'used' | 'patience' | 'log'> {
  secret: string;
}

export interface ConversationWay extends Intake {
  /** What waits, is due or was left behind by a process that has gone; from a first time with 0 on, every few seconds. */
  tick(waitingForSeconds: number): Promise<void>;
  /** What keeps updates from being handled, as the last tick found it; null: nothing. */
  trouble(): string | null;
  idle(): Promise<void>;
}

/** Handling takes milliseconds: what has waited so long is stuck. */
const STUCK_SECONDS = 60;

/** The inbound way: from a channel's update to the committed turn. */
export function composeConversation(
  stores: Pick<Stores, 'inbox' | 'turns' | 'attendance' | 'threads' | 'subjects' | 'flowVersions'>,
  { registry, own, view, phrasesIn, frameIn, show, memberChat, aside }: Content,
  { secret, clock, ids, ...parts }: ConversationWiring,
): ConversationWay {
  const { inbox, turns, threads, subjects, attendance } = stores;
  const turn = createConversation({
    flowVersions: createFlowVersions(registry, stores.flowVersions, parts.log),
    processContext: view.processContext,
    phrase: (key, language, values) => phrasesIn(language)(key, values),
    show,
    timelineNumber: view.timelineNumber,
    turns,
    threads,
    subjects,
    own,
    frameIn,
    pressEvent: createEvents(attendance, secret, clock),
    detect: detectLanguage,
    memberChat,
    secret,
    ids,
    clock,
  });
  const receiver = createReceiver({ ...parts, inbox, turns, turn, aside, isOutage, ids });
  const intake = createIntake({ inbox, kept: receiver.wake, isOutage, clock, log: parts.log });
  let trouble: string | null = null;
  async function tick(waitingForSeconds: number): Promise<void> {
    for await (const update of momentsDue(turns, clock())) await intake.receive(update);
    await receiver.sweep(waitingForSeconds);
    trouble = (await inbox.isStuck(STUCK_SECONDS))
      ? 'what people sent is kept, but has not been handled for more than a minute'
      : null;
  }
  return { ...intake, tick, trouble: () => trouble, idle: receiver.idle };
}

/** The moments that people's conversations have waited for, as updates of our own. */
async function* momentsDue(turns: Pick<TurnStore, 'timedOut' | 'answerable' | 'remindable'>, at: number) {
  const due = (sender: Sender, content: MomentDue, occasion: string): Inbound => ({
    ...{ id: madeId(content.kind, sender.key, occasion), sender, content, at },
  });
  for (const { sender, nonce } of await turns.timedOut(at, MOST_DUE))
    yield due(sender, { kind: 'timeout', nonce }, nonce);
  for (const { answerAt, ...sender } of await turns.answerable(at, MOST_DUE))
    yield due(sender, { kind: 'caught_up' }, answerAt);
  for (const { remindAt, ...sender } of await turns.remindable(at, MOST_DUE))
    yield due(sender, { kind: 'reminded' }, remindAt.toISOString());
}

type MomentDue = Extract<InboundContent, { kind: 'timeout' | 'caught_up' | 'reminded' }>;

/** Of each kind, in one round. */
const MOST_DUE = 100;

/** Of an update that we make ourselves: the same however often it is made, and by whichever process. */
const madeId = (kind: string, person: string, occasion: string): string =>
  `${kind}:${createHash('sha256').update(`${person}\n${occasion}`).digest('base64url')}`;
