import { APPROVERS, type Member, type Role } from '../../../people/member.ts';
import { rolesFor, THREAD_KINDS } from '../../../responses/thread.ts';

/** Who may see who the members are. */
export const MEMBERS_READERS: readonly Role[] = ['organizer', 'admin'];
/** Who may change it. */
export const MEMBERS_WRITERS: readonly Role[] = ['admin'];

export const isFor = (by: readonly Role[], { roles }: Pick<Member, 'roles'>): boolean =>
  roles.some((role) => by.includes(role));
/** Who may answer people, each what is theirs to answer: the action looks at which. */
export const THREAD_ANSWERERS: readonly Role[] = [...new Set(THREAD_KINDS.flatMap(rolesFor))];
/** Who sorts contributions, and writes notes on them. */
export const TRIAGE_WRITERS: readonly Role[] = APPROVERS;
