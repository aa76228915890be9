import type { ContributionState } from '../contributions/contribution.ts';
import { type Owed, owedBy } from '../contributions/ledger.ts';
import { type DecisionKind, ELEMENTS } from './decision.ts';
import { elementFor, type Said } from './languages.ts';
import { answerIn } from './sheet/sheet.ts';
import type { ThreadKind } from './thread.ts';

/** What can be owed before a process is finalized, in the order in which it is listed. */
export const OWED = ['decision', 'proposal', 'release', 'delivery', 'text', 'thread'] as const;
export type OwedKind = (typeof OWED)[number];

/** One thing that is owed to somebody. */
export interface OwedItem {
  what: OwedKind;
  /** Of the contribution, or of the thread. */
  reference: string;
  /** Its person cannot be reached at present. */
  unreachable: boolean;
  /** Of a thread: what it is, and when an answer is due. */
  kind?: ThreadKind;
  dueAt?: Date;
  /** Of a text: the elements that are empty, or in none of its reader's languages. */
  lacks?: string[];
}

/** A contribution to which something may be owed. */
export interface OwingContribution {
  reference: string;
  state: ContributionState;
  /** Of somebody who had themselves erased. */
  settled: boolean;
  unreachable: boolean;
  /** A decision is proposed, and waits to be confirmed. */
  proposed: boolean;
}

/** A response that stands, to somebody who was not erased. Whether a text is there is all that is asked of its words. */
export interface StandingResponse extends Said {
  reference: string;
  decision: DecisionKind;
  /** The language that its reader has chosen, or the platform tells. */
  reads: string | null;
  unreachable: boolean;
}

export interface OpenThread {
  reference: string;
  kind: ThreadKind;
  dueAt: Date;
  unreachable: boolean;
}

/** What a process has come to. */
export interface GateFacts {
  contributions: readonly OwingContribution[];
  responses: readonly StandingResponse[];
  threads: readonly OpenThread[];
}

export interface GateReading {
  /** Of the process with this id. */
  facts(process: number): Promise<GateFacts>;
}

/** Whether a process can be finalized, and what is in the way. */
export interface Gate {
  owed: OwedItem[];
  /** Released to people who cannot be reached: they are named, and hold nothing up. */
  outOfReach: OwedItem[];
  passes: boolean;
}

/** @param languages of the process: in the first of them somebody is answered whose own is not among them */
export function gateOf({ contributions, responses, threads }: GateFacts, languages: readonly string[]): Gate {
  const items = [
    ...contributions.flatMap(owedTo),
    ...responses.flatMap((response) => lackingIn(response, languages)),
    ...threads.map((thread): OwedItem => ({ what: 'thread', ...thread })),
  ].sort((one, other) => OWED.indexOf(one.what) - OWED.indexOf(other.what));
  const isBeyond = ({ what, unreachable }: OwedItem) => unreachable && what === 'delivery';
  const owed = items.filter((item) => !isBeyond(item));
  return { owed, outOfReach: items.filter(isBeyond), passes: owed.length === 0 };
}

/** How much of each is owed. */
export const owedCounts = ({ owed }: Pick<Gate, 'owed'>): Partial<Record<OwedKind, number>> =>
  Object.fromEntries(
    OWED.flatMap((what) => {
      const count = owed.filter((item) => item.what === what).length;
      return count > 0 ? [[what, count]] : [];
    }),
  );

/** What is proposed waits to be confirmed, and for no other decision. */
function owedTo({ reference, unreachable, proposed, ...contribution }: OwingContribution): OwedItem[] {
  const owed: Owed | null = owedBy(contribution);
  if (contribution.settled) return [];
  const waits: OwedItem[] = proposed ? [{ what: 'proposal', reference, unreachable }] : [];
  if (owed === null || (owed === 'decision' && proposed)) return waits;
  return [{ what: owed, reference, unreachable }, ...waits];
}

function lackingIn(
  { reference, reads, unreachable, ...said }: StandingResponse,
  languages: readonly string[],
): OwedItem[] {
  const frame = answerIn(reads, languages);
  const lacks = ELEMENTS.filter((element) => {
    const { text, foreign } = elementFor(said, element, { own: reads ?? frame, frame });
    return text === '' || foreign !== null;
  });
  return lacks.length === 0 ? [] : [{ what: 'text', reference, unreachable, lacks }];
}
