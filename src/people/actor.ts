import type { ChannelName } from '../core/channelName.ts';

/** Where something is asked for: at a terminal of the machine, in the console, or in the chat of a platform. */
export type Interface = 'terminal' | 'console' | ChannelName;

/** Somebody who does something that affects others. */
export interface Actor {
  /** A member's id; null: somebody at the machine's terminal who does not say who they are. */
  member: string | null;
  through: Interface;
  /** The id of the platform's update that asks for it: when it comes again, nothing is done twice. */
  request?: string;
}

/** What the records call an actor who is not a member. No member can have that id. */
export const OPERATOR = 'operator';

export const actorName = ({ member }: Pick<Actor, 'member'>): string => member ?? OPERATOR;

/** The platform of the identity with this key: `telegram:<bot>:<user>`. */
export const channelOf = (identityKey: string): ChannelName => identityKey.split(':', 1)[0] as ChannelName;
export const interfaceOf = (identityKey: string): Interface => channelOf(identityKey);

/** At the terminal, as that member or (left out) as the operator. */
export const atTerminal = (member?: string): Actor => ({ member: member ?? null, through: 'terminal' });

/** Something that was done or refused. It holds no personal data of contributors. */
export interface AuditEntry {
  at: Date;
  /** A member's id, or `operator`. */
  actor: string;
  interface: Interface;
  action: string;
  /** What it was done to: the id of a notice, a reference, a member. */
  subject: string | null;
  outcome: 'done' | 'refused';
  /** Counts, or why it was refused. */
  detail: Record<string, unknown> | null;
}

/** Which entries are wanted: all when left out. */
export interface AuditFilter {
  since?: Date;
  action?: string;
  actor?: string;
}

export interface Audit {
  /** Adds an entry. False when one of that request is there already. */
  add(entry: AuditEntry & { request: string | null }): Promise<boolean>;
  /** Whether what this request asked for is done. */
  isDone(request: string): Promise<boolean>;
}
