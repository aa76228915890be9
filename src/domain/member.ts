/** What somebody may do: organizers run the outreach, the forum decides and releases, liaisons speak for others. */
export const ROLES = ['organizer', 'forum', 'liaison'] as const;
export type Role = (typeof ROLES)[number];

/** Who may approve what another has scheduled. */
export const APPROVERS: readonly Role[] = ['organizer', 'forum'];

export interface Member {
  /** Lower-case letters, digits, - and _: what the records of who did what say. */
  id: string;
  name: string;
  roles: Role[];
  organization: string | null;
}

export interface Members {
  /** Those who are members now, by id. */
  list(): Promise<Member[]>;
  /** Null when nobody is called so, or not any more. */
  find(id: string): Promise<Member | null>;
  /** Whose chat this is, by the key of an identity; null for whoever is no member. */
  byIdentity(identityKey: string): Promise<Member | null>;
}
