import {
  CONTRIBUTION_KINDS,
  CONTRIBUTION_STATES,
  type ContributionKind,
  type ContributionState,
} from './contribution.ts';

/** What is still missing before the contributor of a contribution has heard back; null when nothing is. */
export type Owed = 'decision' | 'release' | 'delivery';
const OWED_IN: Record<ContributionState, Owed | null> = {
  received: 'decision',
  triaged: 'decision',
  decided: 'release',
  released: 'delivery',
  delivered: null,
  withdrawn: null,
  set_aside: null,
};

/** How many contributions share a kind, a state and what they are owed. */
export interface Count {
  kind: ContributionKind;
  state: ContributionState;
  /** Of somebody who had themselves erased: nobody waits for anything. */
  settled: boolean;
  /** The contributor has stopped the bot or blocked it: the response cannot reach them now. */
  unreachable: boolean;
  count: number;
}

/** What people ask and disagree with, by how it stands: nobody decides on it, somebody answers. */
export interface ThreadCounts {
  open: number;
  /** Of these: past the day on which an answer was due. */
  overdue: number;
  /** Of these: from people out of reach now. */
  unreachable: number;
  answered: number;
  closed: number;
}

export const NO_THREADS: ThreadCounts = { open: 0, overdue: 0, unreachable: 0, answered: 0, closed: 0 };

export interface LedgerRow {
  kind: ContributionKind;
  total: number;
  states: Record<ContributionState, number>;
  owed: Record<Owed, number>;
  /** Of what is owed: how much cannot be brought to its contributor at present. */
  unreachable: number;
}

export interface Ledger {
  rows: LedgerRow[];
  threads: ThreadCounts;
  /** Contributions, and how many of them are still owed something. */
  total: number;
  owing: number;
  /** Everything still owed, an answer in a thread as well: the process can be finalized when this is zero. */
  open: number;
}

/** The ledger of a process: one row for each kind that was contributed, in a fixed order. */
export function ledger(counts: readonly Count[], threads: ThreadCounts = NO_THREADS): Ledger {
  const rows = CONTRIBUTION_KINDS.map((kind) =>
    ledgerRow(
      kind,
      counts.filter((count) => count.kind === kind),
    ),
  ).filter((row) => row.total > 0);
  const owing = sum(rows.map(owedIn));
  return { rows, threads, total: sum(rows.map((row) => row.total)), owing, open: owing + threads.open };
}

function ledgerRow(kind: ContributionKind, counts: readonly Count[]): LedgerRow {
  const owing = counts.filter((count) => owedBy(count) !== null);
  const states = Object.fromEntries(
    CONTRIBUTION_STATES.map((state) => [
      state,
      sum(counts.filter((count) => count.state === state).map((count) => count.count)),
    ]),
  ) as Record<ContributionState, number>;
  const owes = (owed: Owed) => sum(owing.filter((count) => owedBy(count) === owed).map((count) => count.count));
  return {
    kind,
    total: sum(counts.map((count) => count.count)),
    states,
    owed: { decision: owes('decision'), release: owes('release'), delivery: owes('delivery') },
    unreachable: sum(owing.filter((count) => count.unreachable).map((count) => count.count)),
  };
}

/** What one contribution is owed. */
export const owedBy = (count: Pick<Count, 'state' | 'settled'>): Owed | null =>
  count.settled ? null : OWED_IN[count.state];

const owedIn = (row: LedgerRow): number => row.owed.decision + row.owed.release + row.owed.delivery;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
