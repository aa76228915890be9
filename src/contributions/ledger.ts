import {
  CONTRIBUTION_KINDS,
  CONTRIBUTION_STATES,
  type ContributionKind,
  type ContributionState,
} from './contribution.ts';

/** What stands between a contribution and its contributor's hearing back; null when nothing does. */
export type Owed = 'decision' | 'release' | 'delivery';
const OWED_IN: Record<ContributionState, Owed | null> = {
  received: 'decision',
  triaged: 'decision',
  decided: 'release',
  released: 'delivery',
  delivered: null,
  withdrawn: null,
};

/** How many contributions share a kind, a state and what they are owed. */
export interface Count {
  kind: ContributionKind;
  state: ContributionState;
  /** A reply that said "clear", or somebody who had themselves erased: nobody waits for anything. */
  settled: boolean;
  /** The contributor has stopped the bot or blocked it: the response cannot reach them now. */
  unreachable: boolean;
  count: number;
}

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
  total: number;
  /** Everything still owed: the process can be finalized when this is zero. */
  open: number;
}

/** The ledger of a process: one row for each kind that was contributed, in a fixed order. */
export function ledger(counts: readonly Count[]): Ledger {
  const rows = CONTRIBUTION_KINDS.map((kind) =>
    ledgerRow(
      kind,
      counts.filter((count) => count.kind === kind),
    ),
  ).filter((row) => row.total > 0);
  return { rows, total: sum(rows.map((row) => row.total)), open: sum(rows.map(owedIn)) };
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
