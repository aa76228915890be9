import { createAnnouncer } from '../src/app/announce.ts';
import type { Channel } from '../src/domain/channel.ts';
import { systemClock, systemIds } from '../src/domain/clock.ts';
import { DEFAULT_PROCESS } from '../src/domain/process.ts';
import type { Database } from '../src/store/database.ts';
import { createMembers } from '../src/store/members.ts';
import { createNotices } from '../src/store/notices.ts';
import { outbound } from './ours.ts';

/** The outbound way with what begins a notice. */
export async function createSending(db: Database, channel: Channel) {
  const { deliverer, queue } = await outbound(db, channel);
  const notices = createNotices(db.pool);
  const announcer = createAnnouncer({
    notices,
    queue,
    clock: systemClock,
    ids: systemIds,
    holdSeconds: 0,
    process: async () => DEFAULT_PROCESS,
    members: createMembers(db.pool),
    approvalAbove: 1_000_000,
  });
  return { deliverer, queue, announcer };
}

/** Resolves at the `count`-th call. */
export function counter(count: number) {
  let calls = 0;
  let resolve = () => {};
  const reached = new Promise<void>((done) => void (resolve = done));
  return { reached, count: () => void (++calls === count && resolve()) };
}
