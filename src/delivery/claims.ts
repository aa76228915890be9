import type { Ids } from '../core/clock.ts';
import { type NoticeMessage, revived } from '../core/message.ts';
import type { Finish } from './finish.ts';
import { LEASE_MS, type Leases } from './leases.ts';
import { later, startOf } from './outcomes.ts';
import type { ClaimedDelivery, Deliveries, Rendered } from './ports.ts';

/** How long to wait before trying rows again whose message could not be rendered. */
const TRY_AGAIN_MS = 1_500;

export interface ClaimParts {
  deliveries: Pick<Deliveries, 'claim'>;
  leases: Pick<Leases, 'take'>;
  finish: Pick<Finish, 'settle'>;
  /**
   * What is left to send of notices, by delivery id. A delivery that is missing has nothing left to say; one that is
   * over is no longer of interest.
   */
  render: (rows: ClaimedDelivery[]) => Promise<Map<string, Rendered>>;
  ids: Ids;
}

export type Claims = ReturnType<typeof createClaims>;

/** Claims deliveries and renders what is to be sent of each. */
export function createClaims({ deliveries, leases, finish, render, ids }: ClaimParts) {
  async function take(chunk: string[]): Promise<ClaimedDelivery[]> {
    const rows = await deliveries.claim(chunk, ids.uuid(), LEASE_MS);
    leases.take(rows);
    return rows;
  }

  /**
   * When a notice cannot be rendered its rows are released unchanged: the fault is ours, and the job is tried again.
   */
  async function messagesOf(rows: ClaimedDelivery[]): Promise<Map<string, Rendered>> {
    const ready = new Map<string, Rendered>(
      rows.flatMap((row) => (row.payload ? [[row.id, unsent(row)] as const] : [])),
    );
    const open = rows.filter((row) => !row.payload);
    if (open.length === 0) return ready;
    try {
      return new Map([...ready, ...(await render(open))]);
    } catch (error) {
      await Promise.all(rows.map((row) => finish.settle(later(row, startOf(row), TRY_AGAIN_MS, null))));
      throw error;
    }
  }

  return { take, messagesOf };
}

/** The messages of a stored reply that have not arrived yet. */
export const unsent = (row: ClaimedDelivery): NoticeMessage[] =>
  (row.payload ?? []).slice(row.messagesDone).map(revived);
