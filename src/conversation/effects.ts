import { isDeepStrictEqual } from 'node:util';
import { isTimeZone } from '../core/calendar.ts';
import type { Ids } from '../core/clock.ts';
import type { DetectLanguage } from '../core/detectLanguage.ts';
import type { Inbound } from '../core/inbound.ts';
import type { Say } from '../core/loadPhrases.ts';
import { type OutboundMessage, say } from '../core/message.ts';
import { makeReference } from '../core/reference.ts';
import { LEASE_MS } from '../delivery/leases.ts';
import type { Preferences } from '../people/preferences.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { dueDay } from '../responses/dueDay.ts';
import { dueFrom, threadTerms } from '../responses/thread.ts';
import { tooLate } from './context.ts';
import type { MemberAct } from './flow/source/schema.ts';
import type { Event, Session, Shown, Turn } from './flow/types.ts';
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
  detect: DetectLanguage;
  /** The languages of the process, and that of the person's app. */
  likely: readonly string[];
  /** What a member asks for by a conversation. */
  act(act: MemberAct, given: Record<string, string>): Promise<OutboundMessage[]>;
  process: Pick<ProcessDefinition, 'timeZone' | 'threads'>;
  now: number;
  ids: Ids;
}

/** Puts what the engine decided into the write: the events in their order, the messages as one reply. */
export async function effects(turn: Turn, write: TurnWrite, known: Identity, tools: EffectTools): Promise<TurnWrite> {
  write.session = turn.session;
  write.timeoutAt = sessionTimeout(turn.session);
  for (const event of turn.events)
    await apply(event, write, known, { ...tools, language: write.language ?? tools.language });
  return write;
}

async function shown(what: Shown, write: TurnWrite, known: Identity, tools: EffectTools): Promise<void> {
  const number = await tools.timelineNumber();
  const { messages, dates } = await tools.show(what, known, tools.language);
  if (dates) write.timelineSeen = number;
  write.messages.push(...messages);
}

async function apply(event: Event, write: TurnWrite, known: Identity, tools: EffectTools): Promise<void> {
  switch (event.kind) {
    case 'said':
      write.messages.push(event.message);
      return;
    case 'shown':
      return shown(event.what, write, known, tools);
    case 'contributed': {
      const contribution = await newContribution(event, tools);
      write.contributions.push(contribution);
      if (event.receipt) write.messages.push(say(event.receipt.replaceAll('{reference}', contribution.reference)));
      return;
    }
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
      return change(event.reference, event.text, 'edit_done', write, known, tools);
    case 'withdrawn':
      return change(event.reference, null, 'withdraw_done', write, known, tools);
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

type Contributed = Extract<Event, { kind: 'contributed' }>;

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
  reference: string,
  text: string | null,
  doneKey: string,
  write: TurnWrite,
  known: Identity,
  { own, phrase, language }: EffectTools,
): Promise<void> {
  const found = await own.find(known.contributorId, reference);
  if (found?.state !== 'received')
    return void write.messages.push(say(tooLate(found?.state ?? 'triaged', phrase, language, reference)));
  write.edits.push({ id: found.id, text });
  write.messages.push(say(phrase(doneKey, language, { reference })));
}
