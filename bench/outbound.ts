import { openActions } from '../src/compose/actions.ts';
import type { Channel } from '../src/core/channel.ts';
import { systemClock, systemIds } from '../src/core/clock.ts';
import { DEFAULT_PROCESS } from '../src/process/process.ts';
import type { Database } from '../src/store/database.ts';
import { IDLE_PLANNER, outbound } from './ours.ts';

/** The outbound way with what begins a notice. */
export async function createSending(db: Database, channel: Channel) {
  const { deliverer, queue } = await outbound(db, channel);
  const { notices } = openActions(db, {
    ...{ queue, planner: IDLE_PLANNER, clock: systemClock, ids: systemIds, process: async () => DEFAULT_PROCESS },
    ...{ holdSeconds: 0, approvalAbove: 1_000_000, threadMessages: async () => [] },
    rejectedNews: async () => ({ blocks: [] }),
    scheduledNews: async () => ({ blocks: [] }),
    asideNews: async () => ({ blocks: [] }),
  });
  return { deliverer, queue, notices };
}

/** Resolves at the `count`-th call. */
export function counter(count: number) {
  let calls = 0;
  let resolve = () => {};
  const reached = new Promise<void>((done) => void (resolve = done));
  return { reached, count: () => void (++calls === count && resolve()) };
}
