import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { ClaimedDelivery, Deliveries } from './ports.ts';

/** Long enough for an event loop that stalls, short enough that a dead process's work continues within ten seconds. */
export const LEASE_MS = 8_000;
const HEARTBEAT_MS = LEASE_MS / 3;

type Row = Pick<ClaimedDelivery, 'id' | 'lease'>;

/** The deliveries that this process has claimed; it extends their leases until it is done with them. */
export interface Leases {
  take(rows: Row[]): void;
  drop(id: string): void;
  /**
   * False when the lease may have expired meanwhile (a frozen process, an unreachable database): another may have it.
   */
  holds(id: string): boolean;
  /** Resolves when no delivery is claimed. */
  empty(): Promise<void>;
}

export function createLeases(deliveries: Pick<Deliveries, 'extend'>, clock: Clock, log: Log): Leases {
  const held = new Map<string, { lease: string; until: number }>();
  const waiters: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  async function beat(): Promise<void> {
    const until = clock() + LEASE_MS;
    const rows = [...held].map(([id, { lease }]) => ({ id, lease }));
    const prolonged = new Set(await deliveries.extend(rows, LEASE_MS));
    for (const { id, lease } of rows) {
      const mine = held.get(id);
      if (mine?.lease === lease) mine.until = prolonged.has(id) ? until : 0;
    }
  }

  return {
    take(rows) {
      const until = clock() + LEASE_MS;
      for (const { id, lease } of rows) held.set(id, { lease, until });
      if (rows.length === 0) return;
      timer ??= setInterval(
        () => void beat().catch((error) => log.warn('Leases could not be extended', { count: held.size }, error)),
        HEARTBEAT_MS,
      );
    },
    drop(id) {
      held.delete(id);
      if (held.size > 0) return;
      if (timer) clearInterval(timer);
      timer = null;
      for (const resolve of waiters.splice(0)) resolve();
    },
    holds: (id) => clock() < (held.get(id)?.until ?? 0),
    empty: () => (held.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => void waiters.push(resolve))),
  };
}
