import type { OwedKind } from './gate.ts';
import type { Opinion } from './quorum.ts';

/** That a process is finalized though something is owed: proposed by one, for a reason that is public, confirmed by a quorum. */
export interface Override {
  id: string;
  reason: string;
  /** What was owed when it was proposed. */
  owed: Partial<Record<OwedKind, number>>;
  opinions: Opinion[];
}

/** The record of how a process was finalized. */
export interface Finalization {
  at: Date;
  by: string;
  /** Null: nothing was owed. */
  override: Override | null;
}

export interface FinalizationReading {
  /** The override of a process that waits to be confirmed. */
  proposed(process: number): Promise<Override | null>;
  /** Null while it is not finalized. */
  of(process: number): Promise<Finalization | null>;
}

export interface FinalizationWrites extends FinalizationReading {
  /** In the place of another that waits. */
  propose(process: number, override: Override, at: Date): Promise<void>;
  say(id: string, opinions: readonly Opinion[]): Promise<void>;
  /** @param override the id of the one that made it possible. False when it is finalized already. */
  finalize(process: number, by: string, override: string | null, at: Date): Promise<boolean>;
}
