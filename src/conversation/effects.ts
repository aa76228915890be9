import { isDeepStrictEqual } from 'node:util';
import type { Words } from '../contributions/parts.ts';
import { isTimeZone } from '../core/calendar.ts';
import type { Ids } from '../core/clock.ts';
import type { DetectLanguage } from '../core/detectLanguage.ts';
import type { Inbound } from '../core/inbound.ts';
import type { Say } from '../core/loadPhrases.ts';
import { type OutboundMessage, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { makeReference } from '../core/reference.ts';
import { LEASE_MS } from '../delivery/leases.ts';
import type { Preferences } from '../people/preferences.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { dueDay } from '../responses/dueDay.ts';
import { dueFrom, threadTerms } from '../responses/thread.ts';
import { amendmentOf, offersOf } from './amendments.ts';
import { tooLate } from './context.ts';
import type { MemberAct } from './flow/source/schema.ts';
import { MOST_TEXT } from './flow/steps/ask.ts';
import type { Amended, Contributed, Event, Session, Shown, Turn } from './flow/types.ts';
import { addedTo, gatheringOf, goingOn } from './gathering.ts';
import type { ConsentChange, Identity, NewContribution, OwnContributions, ThreadChange, TurnWrite } from './turn.ts';

/** What `show` steps become; asked only when a turn shows something. */
export type Show = (what: Shown, known: Identity, language: string) => Promise<View>;

/** What is shown, and whether the dates of the process are among it. */
export interface View {
  messages: OutboundMessage[];
  dates: boolean;
}

/** A write that changes nothing but the person's address, name and when they were seen. */
export function quietWrite(inbound: Inbound, known: Identity, ids: Ids): TurnWrite {
  return {
    updateId: inbound.id,
    identityId: known.id,
    contributorId: known.contributorId,
    turn: known.turn,
    session: known.session,
    timeoutAt: sessionTimeout(known.session as Session | null),
    busyUntil: null,
    language: known.language ?? inbound.sender.language,
    languageChosen: known.languageChosen,
    status: known.status,
    consentVersion: known.consentVersion,
    consented: false,
    source: null,
    zone: newZone(inbound, known),
    wants: known.wants,
    topics: known.topics,
    group: known.group,
    place: known.place,
    address: inbound.sender.address || known.address,
    name: inbound.sender.name,
    at: new Date(inbound.at).toISOString(),
    messages: [],
    lease: ids.uuid(),
    leaseSeconds: LEASE_MS / 1000,
    contributions: [],
    edits: [],
    threads: [],
    consents: [],
    wanted: known.status === 'stopped' ? [] : wantedOf(inbound),
    pacing: known.pacing,
    repeats: [],
    timelineSeen: null,
    erase: null,
  };
}

/** Leaves out those that are too large for the platform to give. */
const wantedOf = ({ content }: Inbound): string[] => {
  if (content.kind !== 'media' && content.kind !== 'edited') return [];
  return content.attachment && content.tooLarge === undefined ? [content.attachment.ref] : [];
};

/** Null for a zone that Intl does not know. */
const newZone = ({ sender: { zone } }: Inbound, known: Identity): string | null =>
  zone && zone !== known.zone && isTimeZone(zone) ? zone : null;

/** What somebody has decided and told, of what is known of them. */
export const ownOf = ({ wants, topics, group, place }: Preferences): Preferences => ({ wants, topics, group, place });

const sessionTimeout = (session: Session | null): string | null =>
  session?.timeoutAt ? new Date(session.timeoutAt).toISOString() : null;

export interface EffectTools {
  /** The number of the published timeline, asked before it is shown: of the two, the older one counts. */
  timelineNumber: () => Promise<number | null>;
  /** The language of the person at the beginning of the turn. */
  language: string;
  show: Show;
  phrase: Say;
  own: Pick<OwnContributions, 'find'>;
  secret: string;
  now: number;
  /** What was said came with an album. */
  album: string | null;
  detect: DetectLanguage;
  /** The languages of the process, and that of the person's app. */
  likely: readonly string[];
  /** What a member asks for by a conversation. */
  act(act: MemberAct, given: Record<string, string>): Promise<OutboundMessage[]>;
  process: Pick<ProcessDefinition, 'timeZone' | 'threads'>;
  ids: Ids;
}

/** Puts what the engine decided into the write: the events in their order, the messages as one reply. */
export async function effects(turn: Turn, write: TurnWrite, known: Identity, tools: EffectTools): Promise<TurnWrite> {
  write.session = turn.session;
  write.timeoutAt = sessionTimeout(turn.session);
  for (const event of turn.events) {
    const goesOn = await apply(event, write, known, { ...tools, language: write.language ?? tools.language });
    if (goesOn === STOPS) return Object.assign(write, { session: null, timeoutAt: null });
  }
  return write;
}

async function shown(what: Shown, write: TurnWrite, known: Identity, tools: EffectTools): Promise<undefined> {
  const number = await tools.timelineNumber();
  const { messages, dates } = await tools.show(what, known, tools.language);
  if (dates) write.timelineSeen = number;
  write.messages.push(...messages);
}

/** There is nothing to go on with: what the engine would say next is not said. */
const STOPS = 'stops';
type GoesOn = typeof STOPS | undefined;

async function apply(event: Event, write: TurnWrite, known: Identity, tools: EffectTools): Promise<GoesOn> {
  switch (event.kind) {
    case 'said':
      write.messages.push(event.message);
      return;
    case 'shown':
      return shown(event.what, write, known, tools);
    case 'contributed':
      return record(event, write, known, tools);
    case 'amended':
      return amend(event, write, known, tools);
    case 'thread_opened': {
      const opened = await newThread(event, tools);
      write.threads.push(opened);
      if (event.receipt) write.messages.push(say(receiptOf(event.receipt, opened, tools)));
      return;
    }
    case 'accepted':
      write.threads.push({ change: 'accepted', response: event.response });
      return;
    case 'acted':
      write.messages.push(...(await tools.act(event.act, event.with)));
      return;
    case 'edited':
      return change(event, { text: event.text, parts: event.parts }, 'edit_done', write, known, tools);
    case 'withdrawn':
      return change(event, { withdrawn: true }, 'withdraw_done', write, known, tools);
    case 'language':
      write.language = event.language;
      write.languageChosen = true;
      return;
    case 'consented':
      write.consentVersion = event.version;
      write.consented = true;
      write.consents.push({ change: 'given', words: event.words, version: event.version });
      return;
    case 'declined':
      write.consents.push({ change: 'declined', words: event.words, version: event.version });
      return;
    case 'asked_for_profile': {
      const change = event.agreed ? 'profile_given' : 'profile_declined';
      write.consents.push({ change, words: event.words, version: event.version });
      return;
    }
    case 'kept':
      write.consents.push(...changesOf(event, write));
      Object.assign(write, event.own);
      return;
    case 'stopped':
      write.status = 'stopped';
      write.consents.push({ change: 'stopped', words: event.words, version: write.consentVersion });
      return;
    case 'restarted':
      write.status = 'active';
      write.consents.push({ change: 'restarted', words: event.words, version: write.consentVersion });
      return;
    case 'erased':
      write.erase = event.remains;
      return;
    case 'ended':
    case 'failed':
      return;
    default:
      event satisfies never;
  }
}

/** What goes down in the history of somebody's decisions; what they tell about themselves does not, only that it has gone. */
function changesOf({ own, words }: Extract<Event, { kind: 'kept' }>, write: TurnWrite): ConsentChange[] {
  const after = { ...ownOf(write), ...own };
  const told = write.group !== null || write.place !== null;
  const removed = told && after.group === null && after.place === null;
  const prefers = after.wants !== write.wants || !isDeepStrictEqual(after.topics, write.topics);
  const record = (change: ConsentChange['change']) => ({ change, words, version: write.consentVersion });
  return [...(prefers ? [record('preferences')] : []), ...(removed ? [record('profile_removed')] : [])];
}

async function record(event: Contributed, write: TurnWrite, { key }: Identity, tools: EffectTools): Promise<undefined> {
  const { phrase, language, secret, now, album } = tools;
  const contribution = await newContribution(event, tools);
  write.contributions.push(contribution);
  if (!event.receipt) return;
  const { reference } = contribution;
  const phrases: Phrases = (name, values) => phrase(name, language, values);
  const choices = offersOf(event.offers, reference, key, phrases, secret);
  const receipt = say(event.receipt.replaceAll('{reference}', reference), choices.length > 0 ? choices : undefined);
  // Of two in a row the first waits for nothing more.
  write.messages.push(...(write.pacing.gathering?.receipt ?? []));
  const isGiven = event.gatherMs === 0 || write.messages.length > 0;
  if (isGiven) write.messages.push(receipt);
  const gathering = isGiven ? addedTo(reference, now) : gatheringOf(reference, event.gatherMs, [receipt], now);
  write.pacing = { ...write.pacing, gathering: { ...gathering, album } };
}

/** What comes too late for a contribution is refused with the reason, or recorded by itself where it can be. */
async function amend(event: Amended, write: TurnWrite, known: Identity, tools: EffectTools): Promise<GoesOn> {
  const { own, phrase, language, detect, likely, now, album } = tools;
  const { reference, words, done, instead } = event;
  const found = await own.find(known.contributorId, reference);
  if (found?.state !== 'received') {
    if (instead) return record(instead, write, known, tools);
    write.messages.push(say(tooLate(found?.state ?? 'triaged', phrase, language, reference)));
    return STOPS;
  }
  if (instead && found.text.length + words.text.length > MOST_TEXT) return record(instead, write, known, tools);
  const { gathering } = write.pacing;
  const isOpen = gathering?.receipt && gathering.reference === reference;
  write.pacing = {
    ...write.pacing,
    gathering: {
      ...(isOpen ? goingOn(gathering, now) : addedTo(reference, now)),
      album: album ?? gathering?.album ?? null,
    },
  };
  const edit = { id: found.id, ...amendmentOf(found, event) };
  write.edits.push({
    ...edit,
    ...(words.text !== '' && edit.text && { language: await detect(edit.text, language, likely) }),
  });
  if (done !== null) write.messages.push(say(done));
}

async function newContribution(
  { contribution: said, pressed }: Contributed,
  { language, detect, likely, ids }: EffectTools,
): Promise<NewContribution> {
  const written = pressed ? language : await detect(said.text, language, likely);
  return { ...said, id: ids.uuid(), reference: makeReference(ids.bytes(16)), language: written };
}

type Opened = Extract<ThreadChange, { change: 'opened' }>;

async function newThread(
  { thread }: Extract<Event, { kind: 'thread_opened' }>,
  { language, detect, likely, ids, process, now }: EffectTools,
): Promise<Opened> {
  const { text } = thread;
  return {
    change: 'opened',
    ...thread,
    thread: ids.uuid(),
    reference: makeReference(ids.bytes(16)),
    language: await detect(text, language, likely),
    dueAt: dueFrom(now, threadTerms(process)).toISOString(),
  };
}

const receiptOf = (receipt: string, { reference, dueAt }: Opened, { language, process, now }: EffectTools): string =>
  receipt
    .replaceAll('{reference}', reference)
    .replaceAll('{day}', dueDay(new Date(dueAt), { language, now, timeZone: process.timeZone }));

/** The forum may have begun with it since the person opened the list. */
async function change(
  { reference }: { reference: string },
  how: { withdrawn: true } | Words,
  doneKey: string,
  write: TurnWrite,
  known: Identity,
  { own, phrase, language }: EffectTools,
): Promise<undefined> {
  const found = await own.find(known.contributorId, reference);
  if (found?.state !== 'received')
    return void write.messages.push(say(tooLate(found?.state ?? 'triaged', phrase, language, reference)));
  const fields = found.parts.filter(({ field }) => field !== undefined);
  write.edits.push({ id: found.id, ...('parts' in how ? { ...how, parts: [...how.parts, ...fields] } : how) });
  write.messages.push(say(phrase(doneKey, language, { reference })));
}
