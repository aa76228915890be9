/** What somebody may do: organizers run the outreach, the forum decides and releases, liaisons speak for others. */
export const ROLES = ['organizer', 'forum', 'liaison'] as const;
export type Role = (typeof ROLES)[number];

export interface Member {
  /** Lower-case letters, digits, - and _: what the records of who did what say. */
  id: string;
  name: string;
  roles: Role[];
  organization: string | null;
}
