import type { Inbound, InboundContent } from '../../core/inbound.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import type { PayloadReading } from './reading.ts';

/** What opens with a trigger, which lives 3 seconds. `decision`: where the button that was pressed begins one. */
export interface FormOpening {
  what: 'form' | 'panel' | 'decision';
  trigger: string;
}

/** What stands in the form of a decision: as far as it is written, or as it is sent. */
export interface WrittenDecision {
  button: string;
  fields: Record<string, string>;
  isSent: boolean;
}

export interface ParsedPayload {
  /** `sender.address` is empty where the payload does not name the person's chat with us. */
  inbound: Inbound;
  user: string;
  /** What else a message says: further files, and what of it cannot be taken. */
  more?: Inbound[];
  /** The person asked for a modal; the inbound is for when it is not to be had. */
  opens?: FormOpening;
  /** It comes from the form of a decision; the inbound is for nobody. */
  decision?: WrittenDecision;
  /** Of the Home view or the modal that was used. */
  language?: string;
}

export interface SpokenPayload {
  user: string;
  /** Within the team, forever. */
  unique: string;
  at: number;
  content: InboundContent;
  address?: string | undefined;
  name?: string | null | undefined;
  /** The message that began the thread in which it was said. */
  thread?: string | undefined;
}

export function parsed({ team }: Pick<PayloadReading, 'team'>, spoken: SpokenPayload): ParsedPayload {
  const { user, unique, at, content, address = '', name = null, thread } = spoken;
  const sender = { key: keyOf(team, user), channel: 'slack' as const, address, language: null, name };
  const place = thread === undefined ? {} : { thread, replyTo: thread };
  return { user, inbound: { id: keyOf(team, unique), sender, content, at, ...place } };
}

/** What Slack calls a message: its time. */
const isTime = (given: string): boolean => /^\d{1,12}\.\d{1,6}$/.test(given);

/** The thread that a message stands in; what began one is in none. */
export const threadOf = ({ ts, thread_ts: thread }: { ts?: string | undefined; thread_ts?: string | undefined }) =>
  thread !== undefined && thread !== ts && isTime(thread) ? thread : undefined;

/** Slack's name for the person of such a key. */
export const userOf = (key: string): string => key.slice(key.lastIndexOf(':') + 1);

/** Of a person, a channel or an update that this app meets. */
export const keyOf = (team: string, id: string): string => `slack:${wellFormed(team)}:${wellFormed(id)}`;
