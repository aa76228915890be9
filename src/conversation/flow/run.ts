import { type Choice, type OutboundMessage, say } from '../../core/message.ts';
import { format } from '../../core/messageFormat.ts';
import type { AnsweredInWords, Event } from './events.ts';
import { type FlowRegistry, stepAt } from './flowRegistry.ts';
import type { Ask, Flow } from './source/schema.ts';
import { MOST_TEXT, type PhraseFor } from './steps/ask.ts';
import type { AskedBesides, Frame, LastSaid, Open, Person, Session, World } from './types.ts';

/** Ceilings: a flow that runs wild ends in a visible event. */
export const CEILINGS = { stepsATurn: 100, turnsASession: 500, depth: 20 };

/** One turn under way: the only mutable thing in the engine, born and gone inside `takeTurn`. */
export interface Run {
  registry: FlowRegistry;
  world: World;
  person: Person;
  session: Session | null;
  events: Event[];
  /** Those of them that ask a question. */
  asked: Event[];
  /** When the person was heard of before this turn; 0 outside a conversation. */
  seenBefore: number;
  /** What was pressed or typed in this turn, as the person read it. */
  words: string;
  /** What they have left without finishing it, the newest last. */
  unfinished: Session[];
  /** What was said before this turn. */
  last: LastSaid | null;
  /** The answer that the words of this turn went into; null: they were taken otherwise. Left out: they were not. */
  took?: string | null;
  /** What was asked of us at the end of what was recorded in this turn. */
  besides?: AskedBesides | null;
  /** A conversation was begun in this turn. */
  begun?: boolean;
  /** What was sent is the first file of several. */
  album?: boolean;
  /** A question with buttons that was answered in words. */
  answered?: AnsweredInWords;
}

export const phraseOf =
  (run: Run): PhraseFor =>
  (key, values = {}) =>
    format(run.registry.messages.texts[key] ?? key, run.person.language, values, run.world.languages);

export function tell(run: Run, key: string, values?: Record<string, string | number>): void {
  run.events.push({ kind: 'said', message: say(phraseOf(run)(key, values)) });
}

/** A flow's words; what people said in them is told apart, for channels that write our commands in another way. */
export function worded(run: Run, text: string, choices?: Choice[]): OutboundMessage {
  const answers = [...Object.values(run.session?.answers ?? {}), run.person.own?.place];
  const said = answers.filter((answer) => typeof answer === 'string' && /\/\w/.test(answer) && text.includes(answer));
  return say(text, choices, said as string[]);
}

export const frameOf = (run: Run): Frame | undefined => run.session?.stack.at(-1);

export function flowOf(run: Run, frame: Frame): Flow | undefined {
  return run.registry.get(frame.flow, frame.version);
}

/** Where a conversation stands. */
export interface At {
  flow: Flow;
  step: Ask;
  open: Open;
}

/** The question that is open, if the session stands at one. */
export function openAsk(run: Run): At | null {
  const frame = frameOf(run);
  const flow = frame && flowOf(run, frame);
  const step = flow && frame && stepAt(flow, frame.step);
  return flow && step && 'ask' in step && run.session?.open ? { flow, step, open: run.session.open } : null;
}

export function close(run: Run, open: Open): void {
  if (!run.session) return;
  run.session.lastNonce = open.nonce;
  run.session.open = null;
  run.session.timeoutAt = null;
}

/** Puts a question, in these words. */
export function put(run: Run, message: OutboundMessage): void {
  const event: Event = { kind: 'said', message };
  run.events.push(event);
  run.asked.push(event);
}

/** The next step's id, null at the end of the flow, or `waits`: the turn is over. */
export type Next = string | null | 'waits';
export const WAITS = 'waits';

/** Longer than anything a platform lets through: nothing of it is taken, and nothing else changes. */
export function refuseLength(run: Run, length: number): void {
  const { flow = '', step = '' } = frameOf(run) ?? {};
  run.events.push({ kind: 'failed', flow, step, why: `A text of ${length} characters.` });
  tell(run, 'wrong_too_long', { max: MOST_TEXT });
}

const MEGABYTE = 1024 * 1024;

/** The platform does not give it to us: whoever sent it learns that at once. */
export const tellTooLarge = (run: Run, mostBytes: number): void =>
  tell(run, 'file_too_large', { max: Math.floor(mostBytes / MEGABYTE) });

export const tellUnsupported = (run: Run, { what }: { what: string }): void =>
  tell(run, what === 'file' ? 'file_not_given' : 'unsupported');

/** Trouble of an author's making: the person is told in plain words, the session ends. */
export function fail(run: Run, flow: string, step: string, why: string): 'waits' {
  run.events.push({ kind: 'failed', flow, step, why });
  tell(run, 'failed');
  run.session = null;
  return WAITS;
}
