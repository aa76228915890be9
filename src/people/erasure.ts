/**
 * What stays of what somebody gave to the forum when they have themselves erased: the words, without their author, or only
 * that there was something, and how it was decided.
 */
export const REMAINS = ['words', 'count'] as const;
export type Remains = (typeof REMAINS)[number];

/** What was erased. */
export interface Erased {
  /** How many of their chats were forgotten. */
  identities: number;
  contributions: number;
}

export interface Erasure {
  /**
   * Everything of this contributor goes, on all their platforms: all of it, or nothing. Whoever writes again afterwards is
   * somebody new. Doing it again does no harm.
   */
  erase(contributorId: string, remains: Remains): Promise<Erased>;
  /** Everybody who is known, in the order of their ids, after this one. */
  known(after: string | null, limit: number): Promise<KnownPerson[]>;
}

export interface KnownPerson {
  id: string;
  contributorId: string;
  key: string;
  joinedAt: Date;
}
