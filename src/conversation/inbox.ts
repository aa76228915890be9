import type { Inbound } from '../core/inbound.ts';
import type { Identity } from './turn.ts';

/** The oldest update of a person that waits, and the person as they stand. */
export interface Due {
  inbound: Inbound;
  /** Null where the update makes nobody known, or another process has just made them known. */
  known: Identity | null;
  /** Whether others of theirs wait behind it. */
  more: boolean;
}

/**
 * What makes nobody known: what is about a group, and what people do not say themselves. Whoever blocks us after they had
 * themselves erased stays forgotten.
 */
export const KNOWS_NOBODY: readonly Inbound['content']['kind'][] = [
  ...(['added', 'removed', 'moved', 'left', 'timeout', 'caught_up', 'reminded'] as const),
];

/** Where updates are kept from the moment they come until they are handled. */
export interface Inbox {
  /** Keeps those that are not known, in their order and all at once. Gives the ids of these. */
  keep(updates: Inbound[]): Promise<Set<string>>;
  /** What nobody could read is kept for somebody to look at: it is nobody's turn. */
  keepUnreadable(id: string, raw: string, error: string): Promise<void>;
  /** What each of these people waits for first; people seen for the first time are created. */
  next(people: string[], newContributor: () => string): Promise<Due[]>;
  /** One needed no turn. */
  finish(updateId: string): Promise<void>;
  /** What could not be handled makes room for what its person sent after; it is tried again ever more rarely, and never given up. */
  putAside(updateId: string, error: string): Promise<void>;
  /** The same, for what a person waits for first. */
  putAsideNext(person: string, error: string): Promise<void>;
  /** Those whose moment has come again wait in their old place. Gives how many. */
  takeUp(limit: number): Promise<number>;
  /** People for whom something has waited at least so long. */
  waitingFor(seconds: number, limit: number): Promise<string[]>;
  /** Whether an update has waited so long that was never put aside: not one of a person's own trouble. */
  isStuck(seconds: number): Promise<boolean>;
  /** How many updates were put aside or could not be read. */
  countAside(): Promise<number>;
}
