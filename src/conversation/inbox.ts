import type { Inbound } from '../core/inbound.ts';
import type { Identity } from './turn.ts';

/** A person's oldest waiting update, and their identity as it stands. */
export interface Due {
  inbound: Inbound;
  /** Null where the update creates no identity, or another process has just created it. */
  known: Identity | null;
  /** Whether others of theirs wait behind it. */
  more: boolean;
}

/**
 * Updates that create no identity: those about a group, and those that people do not send themselves. Somebody who
 * blocks us after being erased stays forgotten.
 */
export const KNOWS_NOBODY: readonly Inbound['content']['kind'][] = [
  ...(['added', 'removed', 'moved', 'left', 'timeout', 'caught_up', 'reminded'] as const),
];

/** Updates, from when they arrive until they are handled. */
export interface Inbox {
  /** Stores those that are new, in order and all at once. Gives their ids. */
  keep(updates: Inbound[]): Promise<Set<string>>;
  /** Stores an update that could not be read, for somebody to look at; it gets no turn. */
  keepUnreadable(id: string, raw: string, error: string): Promise<void>;
  /** Each person's oldest waiting update; creates people who are new. */
  next(people: string[], newContributor: () => string): Promise<Due[]>;
  /** Marks an update as done that needed no turn. */
  finish(updateId: string): Promise<void>;
  /**
   * Puts aside an update that could not be handled, so that later ones of its person go on; it is tried again less and
   * less often, and never given up.
   */
  putAside(updateId: string, error: string): Promise<void>;
  /** The same for a person's oldest waiting update. */
  putAsideNext(person: string, error: string): Promise<void>;
  /** Updates put aside that are due again wait in their old place. Gives how many. */
  takeUp(limit: number): Promise<number>;
  /** People for whom something has waited at least so long. */
  waitingFor(seconds: number, limit: number): Promise<string[]>;
  /**
   * Whether an update that was never put aside has waited for so long, so that the fault is not in one person's
   * updates.
   */
  isStuck(seconds: number): Promise<boolean>;
  /** How many updates were put aside or could not be read. */
  countAside(): Promise<number>;
}
