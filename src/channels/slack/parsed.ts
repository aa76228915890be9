import type { Inbound, InboundContent } from '../../domain/inbound.ts';
import { clean } from './literal.ts';

/** What opens with a trigger, which lives 3 seconds. */
export interface Opening {
  what: 'form' | 'panel';
  trigger: string;
}

export interface Parsed {
  /** `sender.address` is empty where the payload does not name the person's chat with us. */
  inbound: Inbound;
  user: string;
  /** The further files of a message that brings several. */
  more?: Inbound[];
  /** The person asked for a modal; the inbound is for when it is not to be had. */
  opens?: Opening;
  /** A button of the panel was pressed, in this state of it: nothing that was said. */
  panel?: { view: string; hash?: string };
  /** Of the Home view or the modal that was used. */
  language?: string;
}

export interface Spoken {
  team: string;
  user: string;
  /** Within the team, for ever. */
  unique: string;
  at: number;
  content: InboundContent;
  address?: string | undefined;
  name?: string | null | undefined;
  /** The message that began the thread in which it was said. */
  thread?: string | undefined;
}

export function parsed({ team, user, unique, at, content, address = '', name = null, thread }: Spoken): Parsed {
  const sender = {
    key: keyOf(team, user),
    channel: 'slack' as const,
    address: clean(address),
    language: null,
    name,
  };
  return { user, inbound: { id: keyOf(team, unique), sender, content, at, ...(thread !== undefined && { thread }) } };
}

/** A message of one of these kinds holds what its author wrote; all others are Slack's own words. */
const WRITTEN = new Set(['file_share', 'me_message', 'thread_broadcast']);

export const isWritten = (subtype: string | undefined): boolean => subtype === undefined || WRITTEN.has(subtype);

/** What Slack calls a message: its time. */
const isTime = (given: string): boolean => /^\d{1,12}\.\d{1,6}$/.test(given);

/** The thread that a message stands in; what began one is in none. */
export const threadOf = ({ ts, thread_ts: thread }: { ts?: string | undefined; thread_ts?: string | undefined }) =>
  thread !== undefined && thread !== ts && isTime(thread) ? thread : undefined;

/** Of a person, a channel or an update of this workspace. */
export const keyOf = (team: string, id: string): string => `slack:${clean(team)}:${clean(id)}`;
