import { createAnnouncer, renderNotices } from '../src/app/announce.ts';
import { createDeliverer } from '../src/app/deliver.ts';
import { startNotice, sweep } from '../src/app/sweep.ts';
import type { Channel } from '../src/domain/channel.ts';
import { systemClock, systemIds } from '../src/domain/clock.ts';
import { silentLog } from '../src/domain/log.ts';
import { createQueue } from '../src/queue/queue.ts';
import type { Database } from '../src/store/database.ts';
import { createDeliveries } from '../src/store/deliveries.ts';
import { createGate } from '../src/store/gate.ts';
import { createNotices } from '../src/store/notices.ts';

/** The outbound way as `src/main.ts` wires it, on any channel. */
export function createOutbound(db: Database, channel: Channel) {
  const [deliveries, notices] = [createDeliveries(db.pool), createNotices(db.pool)];
  const rendering = { notices, secret: 'of-the-benchmark', languages: ['en'] };
  const deliverer = createDeliverer({
    deliveries,
    gate: createGate(db.pool),
    channels: new Map([['telegram', channel]]),
    render: (rows) => renderNotices(rows, rendering),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
  });
  const queue = createQueue(
    { databaseUrl: db.url, channels: ['telegram'] },
    {
      deliver: deliverer.deliver,
      retryReplies: async ({ ids }) => void (await deliverer.retryReplies(ids)),
      startNotice: async ({ notice }) => void (await startNotice(notice, parts)),
      sweep: async () => void (await sweep(parts)),
      tidy: async () => undefined,
    },
    { log: silentLog },
  );
  const parts = { deliveries, notices, queue, log: silentLog };
  const announcer = createAnnouncer({ notices, queue, clock: systemClock, ids: systemIds, holdSeconds: 0 });
  return { deliverer, queue, announcer };
}

/** Resolves at the `count`-th call. */
export function counter(count: number) {
  let calls = 0;
  let resolve = () => {};
  const reached = new Promise<void>((done) => void (resolve = done));
  return { reached, count: () => void (++calls === count && resolve()) };
}
