/** A row as it is kept, by the names of its columns. */
export type KeptRow = Record<string, unknown>;

/** All that is held about one person, by what it is kept in. */
export type PersonRecord = Record<string, KeptRow[]>;

/** Somebody who can be named without saying who they are: by what they gave to the forum, or by their pseudonym. */
export interface Author {
  contributorId: string;
  /** Chats of theirs. */
  identities: number;
  contributions: number;
}

export interface PersonRecords {
  /** By the reference of a contribution, or a pseudonym; null: there is none, or they had themselves erased. */
  find(name: string): Promise<Author | null>;
  of(contributorId: string): Promise<PersonRecord>;
  /** The files of theirs that are kept, one after the other. */
  files(contributorId: string): AsyncIterable<{ id: string; bytes: Uint8Array }>;
}
