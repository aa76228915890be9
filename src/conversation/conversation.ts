import type { Ids } from '../core/clock.ts';
import type { DetectLanguage } from '../core/detectLanguage.ts';
import type { Inbound } from '../core/inbound.ts';
import type { Say } from '../core/loadPhrases.ts';
import { type OutboundMessage, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { meets, spoken } from '../core/texts.ts';
import type { PressEvent } from '../process/events/answers.ts';
import { readerOf, type TurnContext } from './context.ts';
import { type EffectTools, effects, quietWrite, type Show } from './effects.ts';
import { busyUntil, isLeft } from './flow/drafts.ts';
import { takeTurn } from './flow/engine.ts';
import type { Turn } from './flow/events.ts';
import type { FlowRegistry } from './flow/flowRegistry.ts';
import { readLast, stored } from './flow/last.ts';
import { readSession, readUnfinished } from './flow/session.ts';
import type { Input, LastSaid, Person, Session } from './flow/types.ts';
import type { FlowVersions } from './flowVersions.ts';
import { recentOf, withReceipt } from './gathering.ts';
import { withGoneWords } from './goneWords.ts';
import { interpret } from './interpret.ts';
import type { MemberChat } from './memberPanels.ts';
import { withName } from './named.ts';
import type { OwnContributions, OwnThreads } from './own.ts';
import type { HeldBack } from './pacing.ts';
import { ownOf } from './personEffects.ts';
import { asksIn, useOf } from './pressed.ts';
import type { ProcessContext } from './processContext.ts';
import { remindAt } from './reminded.ts';
import { atPace } from './replyPace.ts';
import type { Identity, Subjects, TurnStore, TurnWrite, UnsureReply } from './turn.ts';

export interface ConversationParts {
  flowVersions: FlowVersions;
  processContext: () => Promise<ProcessContext>;
  phrase: Say;
  show: Show;
  timelineNumber: () => Promise<number | null>;
  turns: Pick<TurnStore, 'contributionOf' | 'isDone'>;
  own: Pick<OwnContributions, 'find' | 'latest' | 'threads' | 'answer'>;
  /** The frame of responses. */
  frameIn: (language: string) => Phrases;
  threads: OwnThreads;
  subjects: Subjects;
  pressEvent: PressEvent;
  detect: DetectLanguage;
  memberChat: MemberChat;
  secret: string;
  ids: Ids;
  clock: () => number;
}

/** The turn of one update: what it means for this person, computed by the engine, as one write. */
export function createConversation(
  parts: ConversationParts,
): (inbound: Inbound, known: Identity) => Promise<TurnWrite> {
  return async (inbound, known) => {
    if (known.kind === 'group') return quietWrite(inbound, known, parts.ids);
    const processContext = await parts.processContext();
    const language = spoken(wishes(known, inbound), processContext.languages);
    const write = await answerTo(inbound, known, parts, { processContext, language });
    const phrases: Phrases = (key, values) => parts.phrase(key, language, values);
    const caughtUp = inbound.content.kind === 'caught_up';
    const now = parts.clock();
    const told = withGoneWords(write, inbound, known, { phrases, secret: parts.secret, now });
    const there = answeredIn(inbound.thread, told, known);
    const whole = withUnsure(withReceipt(there, now), inbound, known, phrases);
    const paced = atPace(whole, now, caughtUp, (held) => together(held, phrases));
    return Object.assign(paced, { asks: asksIn(paced, known) });
  };
}

/** Whoever speaks in a thread or topic of the chat is answered there, but for the receipt of what they said elsewhere. */
const answeredIn = (thread: string | undefined, write: TurnWrite, { pacing }: Identity): TurnWrite => {
  if (thread === undefined) return write;
  const waiting = pacing.gathering?.receipt;
  const { gathering } = write.pacing;
  const isNew = gathering?.receipt && gathering.since !== pacing.gathering?.since;
  const receipt = gathering?.receipt?.map((message) => inThread(thread, message)) ?? null;
  return {
    ...write,
    messages: write.messages.map((message) => (waiting?.includes(message) ? message : inThread(thread, message))),
    ...(isNew && { pacing: { ...write.pacing, gathering: { ...gathering, receipt } } }),
  };
};

const inThread = (thread: string | undefined, message: OutboundMessage): OutboundMessage =>
  thread === undefined ? message : { ...message, thread };

async function answerTo(
  inbound: Inbound,
  known: Identity,
  parts: ConversationParts,
  { processContext, language }: Pick<TurnContext, 'processContext' | 'language'>,
): Promise<TurnWrite> {
  const base = quietWrite(inbound, known, parts.ids);
  base.language = language;
  base.status = statusNow(known, inbound);
  const session = known.session as Session | null;
  const unfinished = readUnfinished(known.session);
  const registry = await parts.flowVersions.registryFor(session, unfinished);
  const context = contextOf(parts, {
    known,
    session: readSession(session),
    base,
    registry,
    processContext,
    language,
    replyTo: inbound.replyTo ?? null,
    saidAt: inbound.at,
    now: parts.clock(),
  });
  const meaning = await interpret(inbound.content, context);
  if (meaning.kind === 'done')
    return Object.assign(base, meaning.change, { busyUntil: busyIn(registry, context.session) });
  const recent = await withName(recentOf(known.pacing.gathering, inbound.at), context);
  const person = personOf(inbound, context, { recent, unfinished });
  const world = { ...processContext.world(language, context.now), saidAt: inbound.at };
  const turn = takeTurn(registry, session, person, meaning.input, world);
  const tools = toolsOf(parts, context, inbound, meaning.input);
  const write = await effects(turn, Object.assign(base, meaning.change), known, tools);
  const after = write.session as Session | null;
  write.used = useOf(meaning.input, meaning.input.kind === 'choice' ? readSession(session) : null, turn);
  write.answered = turn.answered ?? null;
  write.session = stored(after, withReference(turn, meaning.input, write), turn.unfinished);
  write.busyUntil = busyIn(registry, after);
  write.reminded = meaning.input.kind === 'reminded' && write.messages.length > 0;
  const isUnfinished = turn.unfinished.length > 0 || isLeft(registry, after);
  write.remindAt = remindAt(inbound, known, write, isUnfinished, context.now);
  return write;
}

/** Whoever speaks, as the engine knows them. */
function personOf(
  inbound: Inbound,
  { known, base, processContext, language }: TurnContext,
  before: Pick<Person, 'recent' | 'unfinished'>,
): Person {
  const foreign = foreignTo(processContext.languages, known, inbound);
  return {
    language,
    ...(foreign !== null && { foreign }),
    consented: known.consentVersion !== null,
    isMember: known.isMember,
    status: base.status === 'stopped' ? 'stopped' : 'active',
    own: ownOf(known),
    last: readLast(known.session),
    ...before,
  };
}

type OfTurn = 'known' | 'session' | 'base' | 'registry' | 'processContext' | 'language' | 'replyTo' | 'saidAt' | 'now';

// Key by key: spreading so many keys makes slow objects, and each turn makes two.
const contextOf = (parts: ConversationParts, turn: Pick<TurnContext, OfTurn>): TurnContext => ({
  known: turn.known,
  session: turn.session,
  base: turn.base,
  registry: turn.registry,
  processContext: turn.processContext,
  language: turn.language,
  replyTo: turn.replyTo,
  saidAt: turn.saidAt,
  now: turn.now,
  phrase: parts.phrase,
  turns: parts.turns,
  own: parts.own,
  frameIn: parts.frameIn,
  threads: parts.threads,
  subjects: parts.subjects,
  detect: parts.detect,
  pressEvent: parts.pressEvent,
  timelineNumber: parts.timelineNumber,
  memberChat: parts.memberChat,
  secret: parts.secret,
});

const toolsOf = (parts: ConversationParts, context: TurnContext, { sender }: Inbound, input: Input): EffectTools => ({
  timelineNumber: parts.timelineNumber,
  show: parts.show,
  phrase: parts.phrase,
  own: parts.own,
  threads: parts.threads,
  detect: parts.detect,
  ids: parts.ids,
  secret: parts.secret,
  language: context.language,
  likely: [...context.processContext.languages, ...(sender.language === null ? [] : [sender.language])],
  process: context.processContext.process,
  now: context.now,
  album: input.kind === 'media' ? (input.album ?? null) : null,
  askedAlone: () => parts.memberChat.askedAlone(readerOf(context)),
  act: (act, given, files) => parts.memberChat.act(readerOf(context), act, given, files),
});

/** Where the words of this turn have become the end of a contribution, their rest belongs there as well. */
function withReference({ last, events }: Turn, input: Input, { contributions }: TurnWrite): LastSaid | null {
  if (input.kind !== 'text' || last === null) return last;
  const made = contributions.findLast(({ text }) => text.endsWith(input.text));
  const changed = events.findLast((event) => event.kind === 'edited' && event.words.text === input.text);
  const reference = made?.reference ?? (changed?.kind === 'edited' ? changed.reference : undefined);
  return reference === undefined ? last : { ...last, reference };
}

/** Repeats replies that may not have arrived at the next sign of life, before anything else. */
function withUnsure(write: TurnWrite, { content }: Inbound, { unsure }: Identity, phrases: Phrases): TurnWrite {
  if (unsure.length === 0 || write.status === 'stopped' || NO_SIGN_OF_LIFE.has(content.kind)) return write;
  const isSeen = ({ messages }: UnsureReply): boolean =>
    content.kind === 'choice' && messages.some(({ choices }) => choices?.some(isPressed(content.data)));
  const messages = unsure.filter((reply) => !isSeen(reply)).flatMap((reply) => reply.messages);
  const lead = inThread(messages[0]?.thread, say(phrases('said_again')));
  const again = messages.length === 0 ? [] : [lead, ...messages.slice(-MOST_SAID_AGAIN)];
  return { ...write, repeats: unsure.map(({ id }) => id), messages: [...again, ...write.messages] };
}

const MOST_SAID_AGAIN = 5;
const isPressed = (data: string) => (choice: { data: string }) => choice.data === data;
const NO_SIGN_OF_LIFE = new Set<Inbound['content']['kind']>([
  'timeout',
  'caught_up',
  'reminded',
  'left',
  'suggested',
  'moved',
  'removed',
]);

function together({ count, recorded, references, messages }: HeldBack, phrases: Phrases): OutboundMessage {
  const listed = references.join(', ') + (recorded > references.length ? ' …' : '');
  return inThread(messages[0]?.thread, say(phrases('answered_together', { count, recorded, references: listed })));
}

/** Somebody who writes to us can be reached again; a suggestion by somebody else does not count. */
function statusNow({ status, turn }: Identity, { content }: Inbound): Identity['status'] {
  if (content.kind === 'reminded') return status;
  if (content.kind === 'suggested') return turn === 0 ? 'asked' : status;
  return content.kind !== 'left' && (status === 'unreachable' || status === 'asked') ? 'active' : status;
}

function busyIn(registry: FlowRegistry, session: Session | null): string | null {
  const until = busyUntil(registry, session);
  return until === null ? null : new Date(until).toISOString();
}

/** What their app speaks, where none of these languages is near it and they have chosen none; `und` where it never said. */
function foreignTo(languages: readonly string[], known: Identity, { sender }: Inbound): string | null {
  const theirs = sender.language ?? known.language;
  if (known.languageChosen || meets([theirs], languages)) return null;
  return theirs ?? 'und';
}

/** What somebody has chosen; else what their app says now, which it may not have said at the first contact. */
const wishes = (known: Identity, { sender }: Inbound): (string | null)[] =>
  known.languageChosen ? [known.language] : [sender.language, known.language];
