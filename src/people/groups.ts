import type { Group } from '../core/inbound.ts';

/** What becomes of a group whose organizer is asked, or has answered. */
export const GROUP_STATES = ['pending', 'active'] as const;
export type GroupState = (typeof GROUP_STATES)[number];

/** Groups and channels that announcements can go to: identities that are never talked with. */
export interface Groups {
  /** Keeps it until an organizer says yes; one that subscribes already stays so. Gives its identity's id. */
  keep(group: Group, channel: string, language: string, at: Date): Promise<{ id: string; state: GroupState }>;
  /** Announcements go there from now on. Its title; null when it does not wait for an answer (any more). */
  subscribe(id: string): Promise<string | null>;
  /** Nothing goes there, and what is kept of it goes too. Its title; null when there is no such group. */
  drop(id: string): Promise<string | null>;
  /** Of one that is known. */
  title(id: string): Promise<string | null>;
  /** We are out of it. */
  left(group: Group): Promise<void>;
  /** A group or person that has moved is found at the new address. */
  moved(key: string, address: string): Promise<void>;
}
