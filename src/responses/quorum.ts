import { isForum, type Member, SIDES, type Side } from '../people/member.ts';
import type { ProcessDefinition } from '../process/process.ts';

/** How many members of each side have to agree; whoever proposes counts for theirs. */
export type Quorum = Record<Side, number>;

export const quorumOf = ({ decisions }: Pick<ProcessDefinition, 'decisions'>): Quorum => ({
  government: decisions?.quorum?.government ?? 1,
  'civil society': decisions?.quorum?.civil_society ?? 1,
});

/** What a member has said of something that is decided together. */
export interface Opinion {
  /** A member's id, or `operator`. */
  by: string;
  /** The side that they were on then; null: on neither. */
  side: Side | null;
  agrees: boolean;
  /** Why they do not agree. */
  words: string | null;
  at: Date;
}

/** Who decides together, and how many it takes. */
export interface Deciding {
  members: readonly Pick<Member, 'id' | 'roles' | 'side'>[];
  quorum: Quorum;
}

/** So many still have to agree: of that side, or (null) of all members. */
export interface Missing {
  side: Side | null;
  count: number;
}

/** How far something that is decided together has come. */
export interface Agreement {
  agreed: Opinion[];
  against: Opinion[];
  /** Empty: it is decided. */
  missing: Missing[];
  /** Fewer are left to agree than it takes: it cannot come about as it is. */
  failed: boolean;
}

/** Where no member is on a side, as it was before there were any, a second member is enough. */
const WITHOUT_SIDES = 2;

/** `interested`: members with an interest of their own in it, whose opinion does not count. */
export function agreementOn(
  opinions: readonly Opinion[],
  interested: readonly string[],
  { members, quorum }: Deciding,
): Agreement {
  const counted = opinions.filter(({ by }) => !interested.includes(by));
  const agreed = counted.filter(({ agrees }) => agrees);
  const forum = members.filter(isForum);
  const short = forum.some(({ side }) => side !== null)
    ? SIDES.map((side) => ({ side, count: quorum[side] - agreed.filter((opinion) => opinion.side === side).length }))
    : [{ side: null, count: WITHOUT_SIDES - agreed.length }];
  const missing = short.filter(({ count }) => count > 0);
  const silent = forum.filter(({ id }) => !interested.includes(id) && !opinions.some(({ by }) => by === id));
  const left = (of: Side | null) => silent.filter(({ side }) => of === null || side === of).length;
  return {
    agreed,
    against: opinions.filter(({ agrees }) => !agrees),
    missing,
    failed: missing.some(({ side, count }) => left(side) < count),
  };
}

/** The same things that are missing, of several, put together: how many of them wait for each side. */
export function waitingForSides(agreements: readonly Agreement[]): Missing[] {
  const waiting = agreements.flatMap(({ missing }) => missing.map(({ side }) => side));
  return [...SIDES, null].flatMap((side) => {
    const count = waiting.filter((each) => each === side).length;
    return count > 0 ? [{ side, count }] : [];
  });
}
