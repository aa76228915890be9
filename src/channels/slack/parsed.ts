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
}

export function parsed({ team, user, unique, at, content, address = '', name = null }: Spoken): Parsed {
  const sender = {
    key: keyOf(team, user),
    channel: 'slack' as const,
    address: clean(address),
    language: null,
    name,
  };
  return { user, inbound: { id: keyOf(team, unique), sender, content, at } };
}

/** Of a person, a channel or an update of this workspace. */
export const keyOf = (team: string, id: string): string => `slack:${clean(team)}:${clean(id)}`;
