import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { createConversation } from './app/conversation.ts';
import { createDigest } from './app/digest.ts';
import { createEvents } from './app/events.ts';
import { detectLanguage } from './app/language.ts';
import { createLibrary } from './app/library.ts';
import { loadPhrases } from './app/phrases.ts';
import { createPlaces } from './app/places.ts';
import { createReceiver, type ReceiveParts, type Receiver } from './app/receive.ts';
import { createShow } from './app/show.ts';
import { createProcessView } from './app/surroundings.ts';
import { systemClock, systemIds } from './domain/clock.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from './domain/process.ts';
import type { FlowBook } from './flow/book.ts';
import { createOrganizing, type Steering } from './organizing.ts';
import { createAttendance } from './store/attendance.ts';
import { type Database, isOutage } from './store/database.ts';
import { currentNotices } from './store/digest.ts';
import { createFlowVersions } from './store/flows.ts';
import { createOwnContributions } from './store/own.ts';
import { createProcesses } from './store/processes.ts';
import { createTurnStore } from './store/turns.ts';

export type Content = Awaited<ReturnType<typeof createContent>>;

/** The conversations, and what is shown beside them. */
export async function createContent(
  db: Database,
  flowsDir: string,
  book: FlowBook,
  secret: string,
  steering: Steering,
) {
  const own = createOwnContributions(db.pool);
  const random = () => randomBytes(6).toString('base64url');
  const processes = createProcesses<ProcessDefinition>(db);
  const process = (await processes.current()) ?? DEFAULT_PROCESS;
  const view = createProcessView(processes, process, systemClock, random);
  const phrasesIn = await loadPhrases(path.join(flowsDir, 'chat.yaml'), process.languages);
  const { languages } = process;
  const { organize, desk, aside } = await createOrganizing(db, {
    flowsDir,
    languages,
    view,
    chatIn: phrasesIn,
    secret,
    ...steering,
  });
  return {
    library: await createLibrary(book, createFlowVersions(db.pool)),
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
    places: createPlaces({ own, view, book: () => book, phrasesIn, organize, secret, clock: systemClock }),
    desk,
    aside,
    commands: Object.entries(book.messages.commands).map(([name, texts]) => ({
      name,
      descriptions: typeof texts === 'string' ? { en: texts } : texts,
    })),
  };
}

export interface InboundParts extends Pick<ReceiveParts, 'send' | 'committed' | 'log'> {
  secret: string;
}

/** The inbound way: from a channel's update to the committed turn. */
export function createInbound(
  { pool }: Database,
  { library, own, view, phrasesIn, show, desk, aside }: Content,
  { secret, ...parts }: InboundParts,
): Receiver & { tick(): Promise<void> } {
  const turns = createTurnStore(pool);
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
  const receiver = createReceiver({ ...parts, turns, turn, aside, isOutage, ids: systemIds });
  async function tick(): Promise<void> {
    await receiver.retryFailed();
    for (const { sender, nonce } of await turns.timedOut(systemClock(), 100)) {
      const id = `timeout:${createHash('sha256').update(`${sender.key}\n${nonce}`).digest('base64url')}`;
      await receiver.receive({ id, sender, content: { kind: 'timeout', nonce }, at: systemClock() });
    }
  }
  return { ...receiver, tick };
}
