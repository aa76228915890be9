import type { Element, ReasonedResponse } from './decision.ts';
import type { Opinion } from './quorum.ts';

/** A decision that one member has proposed, and that counts once enough of both sides have confirmed it. */
export interface Proposal extends ReasonedResponse {
  id: string;
  reference: string;
  by: string;
}

/** What members have said of a proposal, the first of them whoever made it, and who has an interest of their own in it. */
export interface Opinions {
  opinions: Opinion[];
  interested: string[];
}

export type OpenProposal = Proposal & Opinions;

/** How many contributions have this theme; null: none. */
export interface CountedTheme {
  theme: string | null;
  count: number;
}

export interface ProposalReading {
  /** The open one of a contribution. */
  find(reference: string): Promise<OpenProposal | null>;
  /** What was said of each that is open in a process (the current one when left out), the oldest proposal first. */
  open(process?: number | null): Promise<(Opinions & Pick<Proposal, 'reference'>)[]>;
  /** Ids of the members with an interest of their own in a contribution. */
  interestedIn(reference: string): Promise<string[]>;
  /** References of those that wait for this member, as they do for everybody of a side that is short, the oldest proposal first. */
  waitingFor(member: string): Promise<string[]>;
  /** Themes of contributions without a decision or a proposal. */
  themes(): Promise<CountedTheme[]>;
  /** Themes of contributions that are decided and not released. */
  decidedThemes(): Promise<CountedTheme[]>;
  /**
   * References of contributions in that theme without a decision or proposal, oldest first; `beside`: include this one.
   */
  undecided(theme: string | null, beside?: string): Promise<string[]>;
}

export interface ProposalWrites {
  /** The open one of a contribution, held until the transaction is over: of two who confirm, the second sees the first. */
  hold(reference: string): Promise<OpenProposal | null>;
  /** The one that is open, or else the last that was confirmed; null where there is neither. */
  latest(reference: string): Promise<Proposal | null>;
  interestedIn(reference: string): Promise<string[]>;
  /** Replaces the open one, if any. */
  put(proposal: Proposal, at: Date): Promise<void>;
  /** In the place of what that member has said before. */
  say(id: string, opinion: Opinion): Promise<void>;
  /** From now on that member has an interest of their own in a contribution, or (null) has none. */
  setInterest(reference: string, member: string, since: Date | null): Promise<void>;
  settle(id: string, state: 'confirmed' | 'discarded'): Promise<void>;
}

/** How a button names a proposal, so that it confirms the one that was read. */
export const proposalMark = ({ id }: Pick<Proposal, 'id'>): string => id.slice(0, 8);

/** What a member has written of a decision and not proposed yet. */
export type DraftFields = Partial<Record<'decision' | Element, string>>;

export interface DecisionDrafts {
  find(member: string, reference: string): Promise<DraftFields | null>;
  /** Replaces what they had. */
  keep(member: string, reference: string, fields: DraftFields, at: Date): Promise<void>;
  drop(member: string, reference: string): Promise<void>;
}
