import type { Element, ReasonedResponse } from './decision.ts';

/** A decision that one member has proposed, and that counts once another has confirmed it. */
export interface Proposal extends ReasonedResponse {
  id: string;
  reference: string;
  by: string;
}

/** How many contributions have this theme; null: none. */
export interface CountedTheme {
  theme: string | null;
  count: number;
}

export interface ProposalReading {
  /** The open one of a contribution. */
  find(reference: string): Promise<Proposal | null>;
  /** How many of a process wait for a second member; of the current one when left out. */
  count(process?: number | null): Promise<number>;
  /** References of those that wait for another member than this one, the oldest proposal first. */
  waitingFor(member: string): Promise<string[]>;
  /** Of what nobody has decided on, or proposed a decision on. */
  themes(): Promise<CountedTheme[]>;
  /** Of what is decided and was not released. */
  decidedThemes(): Promise<CountedTheme[]>;
  /** References of what nobody has decided on, or proposed a decision on, in that theme, oldest first; `beside`: with this one. */
  undecided(theme: string | null, beside?: string): Promise<string[]>;
}

export interface ProposalWrites {
  find(reference: string): Promise<Proposal | null>;
  /** In the place of another that is open. */
  put(proposal: Proposal, at: Date): Promise<void>;
  settle(id: string, state: 'confirmed' | 'discarded'): Promise<void>;
}

/** As a button names it: it is that proposal that was read. */
export const proposalMark = ({ id }: Pick<Proposal, 'id'>): string => id.slice(0, 8);

/** What a member has written of a decision, and not proposed yet. */
export type DraftFields = Partial<Record<'decision' | Element, string>>;

export interface DecisionDrafts {
  find(member: string, reference: string): Promise<DraftFields | null>;
  /** In the place of what they had. */
  keep(member: string, reference: string, fields: DraftFields, at: Date): Promise<void>;
  drop(member: string, reference: string): Promise<void>;
}
