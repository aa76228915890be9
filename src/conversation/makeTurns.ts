import { within } from '../core/time.ts';
import type { Item, Made } from './commitTurns.ts';
import type { GiveUp } from './putAside.ts';

/** After `lateMs` nobody else waits for a turn; after `hangingMs` it is put aside. */
export interface Patience {
  lateMs: number;
  hangingMs: number;
}

export interface TurnMakingParts {
  /** The turn of one update; null where there is nothing to commit. */
  writeOf(item: Item): Promise<Made | null>;
  commit(made: Made[]): Promise<void>;
  giveUp: Pick<GiveUp, 'on'>;
  patience: Patience;
}

/**
 * Takes the turns of many people at once. Those that are done in time are committed together, each later one by itself;
 * what hangs is put aside. Resolves when the first are committed.
 */
export function createTurnMaking({ writeOf, commit, giveUp, patience }: TurnMakingParts) {
  async function putAside(hanging: Set<Item>): Promise<void> {
    const seconds = patience.hangingMs / 1000;
    for (const item of hanging) {
      hanging.delete(item);
      await giveUp.on(item, new Error(`Its handler has not finished within ${seconds} seconds.`));
    }
  }

  return async (items: Item[]): Promise<void> => {
    const made: Made[] = [];
    const open = new Set(items);
    let isLate = false;
    async function take(item: Item): Promise<void> {
      const one = await writeOf(item).catch(asError);
      if (!open.delete(item)) return;
      if (one instanceof Error) await giveUp.on(item, one);
      else if (one && isLate) await commit([one]);
      else if (one) made.push(one);
    }
    const all = Promise.all(items.map(take));
    await within(all, patience.lateMs);
    isLate = true;
    if (open.size > 0) void within(all, patience.hangingMs - patience.lateMs).then(() => putAside(open));
    await commit(made);
  };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
