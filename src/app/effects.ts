import type { Ids } from '../domain/clock.ts';
import type { Inbound } from '../domain/inbound.ts';
import type { OutboundMessage } from '../domain/message.ts';
import { makeReference } from '../domain/reference.ts';
import type { Known, NewContribution, TurnWrite } from '../domain/turn.ts';
import type { Event, Session, Turn } from '../flow/types.ts';

export const REPLY_LEASE_SECONDS = 15;

/** What `show` steps become; asked only when a turn shows something. */
export type Show = (
  what: 'timeline' | 'mine' | 'privacy',
  known: Known,
  language: string,
) => Promise<OutboundMessage[]>;

/** A write that changes nothing but the person's address, name and when they were seen. */
export function quietWrite(inbound: Inbound, known: Known, ids: Ids): TurnWrite {
  return {
    updateId: inbound.id,
    identityId: known.id,
    turn: known.turn,
    session: known.session,
    timeoutAt: sessionTimeout(known.session as Session | null),
    language: known.language ?? inbound.sender.language,
    languageChosen: known.languageChosen,
    status: known.status,
    consentVersion: known.consentVersion,
    consented: false,
    source: null,
    address: inbound.sender.address || known.address,
    name: inbound.sender.name,
    at: new Date(inbound.at).toISOString(),
    messages: [],
    lease: ids.uuid(),
    leaseSeconds: REPLY_LEASE_SECONDS,
    contributions: [],
    edits: [],
    consents: [],
  };
}

const sessionTimeout = (session: Session | null): string | null =>
  session?.timeoutAt ? new Date(session.timeoutAt).toISOString() : null;

/** What the engine decided, as one write: the events in their order, the messages as one reply. */
export async function effects(
  turn: Turn,
  base: TurnWrite,
  known: Known,
  language: string,
  ids: Ids,
  show: Show,
): Promise<TurnWrite> {
  const write: TurnWrite = { ...base, session: turn.session, timeoutAt: sessionTimeout(turn.session) };
  for (const event of turn.events)
    await apply(event, write, known, { language: write.language ?? language, ids, show });
  return write;
}

async function apply(
  event: Event,
  write: TurnWrite,
  known: Known,
  tools: { language: string; ids: Ids; show: Show },
): Promise<void> {
  switch (event.kind) {
    case 'said':
      write.messages.push(event.message);
      return;
    case 'shown':
      write.messages.push(...(await tools.show(event.what, known, tools.language)));
      return;
    case 'contributed': {
      const contribution = newContribution(event.contribution, tools.language, tools.ids);
      write.contributions.push(contribution);
      if (event.receipt) write.messages.push(receipt(event.receipt, contribution.reference));
      return;
    }
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
    case 'stopped':
      write.status = 'stopped';
      write.consents.push({ change: 'stopped', words: event.words, version: null });
      return;
    case 'restarted':
      write.status = 'active';
      write.consents.push({ change: 'restarted', words: event.words, version: null });
      return;
    case 'ended':
    case 'failed':
      return;
    default:
      event satisfies never;
  }
}

const receipt = (text: string, reference: string): OutboundMessage => ({
  blocks: [{ kind: 'text', text: text.replaceAll('{reference}', reference) }],
});

type Said = Extract<Event, { kind: 'contributed' }>['contribution'];

function newContribution(said: Said, language: string, ids: Ids): NewContribution {
  return { ...said, id: ids.uuid(), reference: makeReference(ids.bytes(16)), language };
}
