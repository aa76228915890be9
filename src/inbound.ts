import { createHash, randomBytes } from 'node:crypto';
import { createConversation } from './app/conversation.ts';
import { createDigest } from './app/digest.ts';
import { createEvents } from './app/events.ts';
import { createIntake, type Intake } from './app/intake.ts';
import { detectLanguage } from './app/language.ts';
import { createLibrary } from './app/library.ts';
import type { Spoken } from './app/liveScript.ts';
import { createPlaces } from './app/places.ts';
import { createReceiver, type ReceiveParts } from './app/receive.ts';
import { createShow } from './app/show.ts';
import { createProcessView, type ProcessView } from './app/surroundings.ts';
import { systemClock, systemIds } from './domain/clock.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from './domain/process.ts';
import type { FlowBook } from './flow/book.ts';
import { createOrganizing, type Steering } from './organizing.ts';
import { createAttendance } from './store/attendance.ts';
import { type Database, isOutage } from './store/database.ts';
import { currentNotices } from './store/digest.ts';
import { createFlowVersions } from './store/flows.ts';
import { createInbox } from './store/inbox.ts';
import { createOwnContributions } from './store/own.ts';
import { createProcesses } from './store/processes.ts';
import { createTurnStore } from './store/turns.ts';

export type Content = ReturnType<typeof createContent>;

/** The process as everybody in this program sees it. */
export async function viewOf(db: Database): Promise<ProcessView> {
  const processes = createProcesses<ProcessDefinition>(db);
  const process = (await processes.current()) ?? DEFAULT_PROCESS;
  return createProcessView(processes, process, systemClock, () => randomBytes(6).toString('base64url'));
}

/** The conversations, and what is shown beside them. */
export function createContent(db: Database, spoken: Spoken, view: ProcessView, secret: string, steering: Steering) {
  const own = createOwnContributions(db.pool);
  const phrasesIn = spoken.catalog('chat');
  const { organize, desk, aside } = createOrganizing(db, { spoken, view, secret, ...steering });
  return {
    library: createLibrary(spoken.book, createFlowVersions(db.pool)),
    own,
    view,
    phrasesIn,
    show: createShow({
      own,
      view,
      phrasesIn,
      digest: createDigest({ current: currentNotices(db.pool), around: view.lastSeen, phrasesIn, secret }),
      secret,
      clock: systemClock,
    }),
    places: createPlaces({ own, view, book: spoken.book, phrasesIn, organize, secret, clock: systemClock }),
    desk,
    aside,
    commands: () => commandsIn(spoken.book()),
  };
}

const commandsIn = ({ messages }: FlowBook) =>
  Object.entries(messages.commands).map(([name, texts]) => ({
    name,
    descriptions: typeof texts === 'string' ? { en: texts } : texts,
  }));

export interface InboundParts extends Pick<ReceiveParts, 'send' | 'committed' | 'log'> {
  secret: string;
}

export interface InboundWay extends Intake {
  /** What waits, is due or was left behind by a process that has gone; from a first time with 0 on, every few seconds. */
  tick(waitingForSeconds: number): Promise<void>;
  /** What keeps updates from being handled, as the last tick found it; null: nothing. */
  trouble(): string | null;
  idle(): Promise<void>;
}

/** Handling takes milliseconds: what has waited so long is stuck. */
const STUCK_SECONDS = 60;

/** The inbound way: from a channel's update to the committed turn. */
export function createInbound(
  { pool }: Database,
  { library, own, view, phrasesIn, show, desk, aside }: Content,
  { secret, ...parts }: InboundParts,
): InboundWay {
  const [inbox, turns] = [createInbox(pool), createTurnStore(pool)];
  const turn = createConversation({
    library,
    surroundings: view.surroundings,
    phrase: (key, language, values) => phrasesIn(language)(key, values),
    show,
    timelineNumber: view.timelineNumber,
    turns,
    own,
    pressEvent: createEvents(createAttendance(pool), secret, systemClock),
    detect: detectLanguage,
    desk,
    secret,
    ids: systemIds,
    clock: systemClock,
  });
  const receiver = createReceiver({ ...parts, inbox, turns, turn, aside, isOutage, ids: systemIds });
  const intake = createIntake({ inbox, kept: receiver.wake, isOutage, clock: systemClock, log: parts.log });
  let trouble: string | null = null;
  async function tick(waitingForSeconds: number): Promise<void> {
    const now = systemClock();
    for (const { sender, nonce } of await turns.timedOut(now, 100))
      await intake.receive({
        id: madeId('timeout', sender.key, nonce),
        sender,
        content: { kind: 'timeout', nonce },
        at: now,
      });
    for (const { answerAt, ...sender } of await turns.answerable(now, 100))
      await intake.receive({
        id: madeId('caught_up', sender.key, answerAt),
        sender,
        content: { kind: 'caught_up' },
        at: now,
      });
    await receiver.sweep(waitingForSeconds);
    trouble = (await inbox.isStuck(STUCK_SECONDS))
      ? 'what people sent is kept, but has not been handled for more than a minute'
      : null;
  }
  return { ...intake, tick, trouble: () => trouble, idle: receiver.idle };
}

/** Of an update that we make ourselves: the same however often it is made, and by whichever process. */
const madeId = (kind: string, person: string, occasion: string): string =>
  `${kind}:${createHash('sha256').update(`${person}\n${occasion}`).digest('base64url')}`;
