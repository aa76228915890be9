import type { ReasonedResponse } from './decision.ts';

/** A decision that one member has proposed, and that counts once another has confirmed it. */
export interface Proposal extends ReasonedResponse {
  id: string;
  reference: string;
  by: string;
}

/** Contributions without a decision, by theme; null: without one. */
export interface UndecidedTheme {
  theme: string | null;
  count: number;
}

export interface ProposalReading {
  /** The open one of a contribution. */
  find(reference: string): Promise<Proposal | null>;
  /** How many of a process wait for a second member; of the current one when left out. */
  count(process?: number | null): Promise<number>;
  themes(): Promise<UndecidedTheme[]>;
  /** References of what nobody has decided on in that theme, oldest first. */
  undecided(theme: string | null, limit: number): Promise<string[]>;
}

export interface ProposalWrites {
  find(reference: string): Promise<Proposal | null>;
  /** In the place of another that is open. */
  put(proposal: Proposal, at: Date): Promise<void>;
  settle(id: string, state: 'confirmed' | 'discarded'): Promise<void>;
}

/** As a button names it: it is that proposal that was read. */
export const proposalMark = ({ id }: Pick<Proposal, 'id'>): string => id.slice(0, 8);
