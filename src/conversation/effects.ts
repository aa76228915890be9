import { isTimeZone } from '../core/calendar.ts';
import type { Ids } from '../core/clock.ts';
import type { Attachment, Inbound } from '../core/inbound.ts';
import type { OutboundMessage } from '../core/message.ts';
import { LEASE_MS } from '../delivery/leases.ts';
import { amend, type ContributionTools, change, type GoesOn, record, STOPS, withdraw } from './contributionEffects.ts';
import type { Event, Shown, Turn } from './flow/events.ts';
import type { MemberAct } from './flow/source/schema.ts';
import type { Session } from './flow/types.ts';
import { applyToPerson } from './personEffects.ts';
import { openThread } from './threadEffects.ts';
import type { Identity, TurnWrite } from './turn.ts';

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
    remindAt: known.remindAt?.toISOString() ?? null,
    reminded: false,
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
    used: null,
    answered: null,
    asks: known.askedIn === null ? null : 'still',
  };
}

/** Leaves out files that are too large for the platform to deliver. */
const wantedOf = ({ content }: Inbound): string[] => {
  if (content.kind !== 'media' && content.kind !== 'edited') return [];
  return content.attachment && content.tooLarge === undefined ? [content.attachment.ref] : [];
};

/** Null for a zone that Intl does not know. */
const newZone = ({ sender: { zone } }: Inbound, known: Identity): string | null =>
  zone && zone !== known.zone && isTimeZone(zone) ? zone : null;

const sessionTimeout = (session: Session | null): string | null =>
  session?.timeoutAt ? new Date(session.timeoutAt).toISOString() : null;

export interface EffectTools extends ContributionTools {
  /** The number of the published timeline, asked before it is shown: of the two, the older one counts. */
  timelineNumber: () => Promise<number | null>;
  show: Show;
  /** What a member asks for by a conversation. */
  act(act: MemberAct, given: Record<string, string>, files: readonly Attachment[]): Promise<OutboundMessage[]>;
}

/** Turns the engine's events, in order, into changes of the write; all messages become one reply. */
export async function effects(turn: Turn, write: TurnWrite, known: Identity, tools: EffectTools): Promise<TurnWrite> {
  write.session = turn.session;
  write.timeoutAt = sessionTimeout(turn.session);
  for (const event of turn.events) {
    const { language } = write;
    const theirs = language === null || language === tools.language ? tools : { ...tools, language };
    const goesOn = await apply(event, write, known, theirs);
    if (goesOn === STOPS) return Object.assign(write, { session: null, timeoutAt: null });
  }
  return write;
}

/** Behind a receipt that still waits for more. */
function offer(message: OutboundMessage, write: TurnWrite): undefined {
  const { gathering } = write.pacing;
  if (!gathering?.receipt) return void write.messages.push(message);
  write.pacing = { ...write.pacing, gathering: { ...gathering, receipt: [...gathering.receipt, message] } };
}

async function shown(what: Shown, write: TurnWrite, known: Identity, tools: EffectTools): Promise<undefined> {
  const number = await tools.timelineNumber();
  const { messages, dates } = await tools.show(what, known, tools.language);
  if (dates) write.timelineSeen = number;
  write.messages.push(...messages);
}

async function apply(event: Event, write: TurnWrite, known: Identity, tools: EffectTools): Promise<GoesOn> {
  switch (event.kind) {
    case 'said':
      write.messages.push(event.message);
      return;
    case 'offered':
      return offer(event.message, write);
    case 'shown':
      return shown(event.what, write, known, tools);
    case 'contributed':
      return record(event, write, known, tools);
    case 'amended':
      return amend(event, write, known, tools);
    case 'thread_opened':
      return openThread(event, write, known, tools);
    case 'accepted':
      write.threads.push({ change: 'accepted', response: event.response });
      return;
    case 'acted':
      write.messages.push(...(await tools.act(event.act, event.with, event.files)));
      return;
    case 'edited':
      return change(event, write, known, tools);
    case 'withdrawn':
      return withdraw(event, write, known, tools);
    case 'language':
    case 'consented':
    case 'declined':
    case 'asked_for_profile':
    case 'kept':
    case 'stopped':
    case 'restarted':
    case 'erased':
      applyToPerson(event, write);
      return;
    case 'ended':
    case 'failed':
      return;
    default:
      event satisfies never;
  }
}
