import { takeTurn } from '../../conversation/flow/engine.ts';
import type { Event } from '../../conversation/flow/events.ts';
import type { FlowRegistry } from '../../conversation/flow/flowRegistry.ts';
import type { Flow } from '../../conversation/flow/source/schema.ts';
import type { Input, Person, Session } from '../../conversation/flow/types.ts';
import { createProcessView, type ProcessView, type TimelineExtent } from '../../conversation/processContext.ts';
import { type Ids, systemClock, systemIds } from '../../core/clock.ts';
import type { Attachment } from '../../core/inbound.ts';
import { type Choice, type OutboundMessage, plainText, say } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { makeReference } from '../../core/reference.ts';
import { NO_PREFERENCES } from '../../people/preferences.ts';
import type { ProcessDefinition } from '../../process/process.ts';
import { usual } from './playAnswers.ts';
import { noteOf } from './playNotes.ts';
import { pressed, receiptOf } from './playOffers.ts';

export const HINT =
  'Write as a person would. #2 presses the second button; +photo, +voice and +document send a file; Ctrl-D leaves.';

/** A rehearsal: what is typed goes in, what a person would read comes out. Nothing is kept. */
export interface Play {
  begin(): Promise<string>;
  take(typed: string): Promise<string>;
}

export interface PlayParts {
  registry: FlowRegistry;
  flow: Flow;
  language: string;
  process: ProcessDefinition;
  phrasesIn: (language: string) => Phrases;
  /** Answers that the flow begins with, before those that the application would give. */
  given?: Record<string, string>;
  clock?: () => number;
  ids?: Ids;
  /** Told what the person has done, and the messages that they read then. */
  heard?: (did: Did, messages: readonly OutboundMessage[]) => void;
}

/** What somebody does in a chat; `begin`: whatever leads to the flow. */
export type Did =
  | { kind: 'begin' }
  | { kind: 'press'; label: string }
  | { kind: 'file'; what: Attachment['kind']; caption: string }
  | { kind: 'say'; words: string };

export function createPlay(parts: PlayParts): Play {
  const { registry, flow, process, given = {}, clock = systemClock } = parts;
  const hearing = hearingOf(parts);
  const { person, view } = hearing;
  let session: Session | null = null;

  async function turn(input: Input, did: Did): Promise<string> {
    const { world } = await view.processContext();
    const turn = takeTurn(registry, session, person, input, world(person.language, clock()));
    const { events } = turn;
    session = turn.session;
    person.unfinished = turn.unfinished;
    const heard: string[] = [];
    const messages: OutboundMessage[] = [];
    for (const event of events) {
      const { note, message } = await hear(event, hearing);
      heard.push(note, message === null ? '' : withButtons(message));
      if (message !== null) messages.push(message);
    }
    parts.heard?.(did, messages);
    if (person.status === 'stopped') heard.push(STOPPED);
    else if (session === null) heard.push(OVER);
    return heard.filter(Boolean).join('\n\n');
  }

  function begin(): Promise<string> {
    session = null;
    hearing.buttons = [];
    Object.assign(person, newcomerTo(flow), { own: NO_PREFERENCES });
    const answers = { ...usual(flow.flow, process, person.language), ...given };
    return turn({ kind: 'begin', flow: flow.flow, answers }, { kind: 'begin' });
  }

  return {
    begin,
    async take(typed) {
      const line = typed.trim();
      if (line === '') return '';
      if (line === '+again') return begin();
      const number = /^#(\d+)$/.exec(line)?.[1];
      if (number === undefined) return turn(inputOf(line), didOf(line));
      const button = hearing.buttons[Number(number) - 1];
      if (!button) return noButton(number, hearing.buttons.length);
      return turn(pressed(button), { kind: 'press', label: button.label });
    },
  };
}

/** The person who plays, and what they have before them. */
interface Hearing extends Pick<PlayParts, 'phrasesIn'> {
  person: Person;
  view: ProcessView;
  ids: Ids;
  /** Those that they can press now. */
  buttons: Choice[];
}

/** Somebody new; where the flow does not ask for consent itself, they have given it. */
function newcomerTo({ steps }: Flow): Pick<Person, 'consented' | 'status'> {
  const asksConsent = steps.some((step) => 'ask' in step && step.ask === 'consent' && !step.consent?.to);
  return { consented: !asksConsent, status: 'active' };
}

function hearingOf({ process, flow, language, phrasesIn, clock = systemClock, ids = systemIds }: PlayParts): Hearing {
  const random = () => Buffer.from(ids.bytes(6)).toString('base64url');
  const now = async () => ({ id: 1, definition: process, closedAt: null });
  const view = createProcessView({ now }, process, clock, random);
  return { person: { language, ...newcomerTo(flow) }, view, ids, buttons: [], phrasesIn };
}

/** What a person reads, and what happens besides. */
interface Heard {
  /** In brackets; empty where there is nothing to say. */
  note: string;
  message: OutboundMessage | null;
}

/** What a person reads of an event; it changes them as it would in the chat. */
async function hear(event: Event, hearing: Hearing): Promise<Heard> {
  const { person, ids, phrasesIn } = hearing;
  follow(event, person);
  if (event.kind === 'shown') return shown(event.what, hearing);
  const reference = makeReference(ids.bytes(16));
  const message = messageOf(event, reference, phrasesIn(person.language));
  if (message?.choices) hearing.buttons = message.choices;
  return { note: noteOf(event, reference), message };
}

async function shown(what: Shown, { person, view, phrasesIn }: Hearing): Promise<Heard> {
  const phrases = phrasesIn(person.language);
  const extent = EXTENTS.get(what);
  if (extent)
    return {
      note: '',
      message: {
        blocks: await view.timeline(extent, { language: person.language, phrases }),
      },
    };
  if (what === 'privacy') return { note: '', message: say(phrases('privacy_words')) };
  return { note: NOTES.get(what) ?? '', message: null };
}

const OVER =
  '(The conversation is over. /start begins again at the welcome, +again begins this flow with a new person, Ctrl-D leaves.)';
type Shown = Extract<Event, { kind: 'shown' }>['what'];
const EXTENTS = new Map<Shown, TimelineExtent>([
  ['meeting', 'meeting'],
  ['timeline', 'short'],
  ['dates', 'whole'],
]);
const NOTES = new Map<Shown, string>([
  ['questions', '(Here a person reads the open questions that they have not answered, with a button to answer each.)'],
  ['mine', '(Here a person reads what they have sent and how far it is, with buttons to change it or take it back.)'],
  ['digest', '(Here a person reads what was sent to everybody of late and is not over, if there is anything.)'],
  ['record', '(Here a person gets all that is held about them, as two files: to read, and for programs.)'],
  ['newest', '(Here a person reads what they have sent last, and when it is answered.)'],
]);
const STOPPED = '(This person has left and gets no more messages. /start brings them back, Ctrl-D leaves.)';

const noButton = (number: string, count: number): string =>
  count === 0 ? '(There are no buttons.)' : `(There is no button ${number}; there are 1 to ${count}.)`;

const FILE = /^\+(photo|voice|document)\s*(.*)$/s;

function inputOf(line: string): Input {
  const file = FILE.exec(line);
  if (file) return { kind: 'media', attachment: pretended(file[1] as Attachment['kind']), caption: file[2] ?? '' };
  const command = /^\/(\w+)\s*(.*)$/s.exec(line);
  return command
    ? { kind: 'command', name: (command[1] ?? '').toLowerCase(), argument: command[2] ?? '' }
    : { kind: 'text', text: line };
}

function didOf(line: string): Did {
  const [, what, caption = ''] = FILE.exec(line) ?? [];
  return what === undefined
    ? { kind: 'say', words: line }
    : { kind: 'file', what: what as Attachment['kind'], caption };
}

const pretended = (kind: Attachment['kind']): Attachment => ({
  kind,
  ref: 'rehearsal',
  mime: null,
  name: null,
  size: null,
});

function follow(event: Event, person: Person): void {
  if (event.kind === 'language') person.language = event.language;
  if (event.kind === 'consented') person.consented = true;
  if (event.kind === 'kept') person.own = { ...(person.own ?? NO_PREFERENCES), ...event.own };
  if (event.kind === 'erased') Object.assign(person, { consented: false, own: NO_PREFERENCES });
  if (event.kind === 'stopped') person.status = 'stopped';
  if (event.kind === 'restarted') person.status = 'active';
}

/** Null where an event is nothing that a person reads. */
function messageOf(event: Event, reference: string, phrases: Phrases): OutboundMessage | null {
  switch (event.kind) {
    case 'said':
    case 'offered':
      return event.message;
    case 'contributed':
      return receiptOf(event, reference, phrases);
    case 'amended':
      return event.done === null ? null : say(event.done);
    case 'thread_opened':
      return event.receipt === null
        ? null
        : say(event.receipt.replaceAll('{reference}', reference).replaceAll('{day}', '–'));
    case 'edited':
      return say(phrases('edit_done', { reference: event.reference }));
    case 'withdrawn':
      return say(phrases('withdraw_done', { reference: event.reference }));
    default:
      return null;
  }
}

const withButtons = (message: OutboundMessage): string =>
  [plainText(message), ...(message.choices ?? []).map((choice, index) => `  #${index + 1} ${choice.label}`)].join('\n');
