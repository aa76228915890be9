import { expect, it } from 'vitest';
import { systemIds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { createDeliverer } from '../../src/delivery/deliver.ts';
import { createLocalRateLimit, safeRate } from '../../src/delivery/localRateLimit.ts';
import type { ClaimedReply, Deliveries } from '../../src/delivery/ports.ts';
import { createReplyRate } from '../../src/delivery/replyRate.ts';
import type { SharedRateLimit } from '../../src/delivery/sharedRateLimit.ts';
import { recordingChannel } from '../support/outbound.ts';

const RATE = 30;
const BULK = 'bulk:telegram';

/** Time that passes when everybody waits for it: the nearest timer rings next. */
function virtualTime() {
  let now = 1_000_000;
  const timers: { at: number; ring: () => void }[] = [];
  const pause = (ms: number) => new Promise<void>((ring) => void timers.push({ at: now + ms, ring }));
  async function passUntil(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise(setImmediate);
      const next = timers.sort((a, b) => a.at - b.at).shift();
      if (!next) continue;
      now = Math.max(now, next.at);
      next.ring();
    }
  }
  return { clock: () => now, pause, passUntil };
}

/** The shared rateLimit by this clock. */
function gateBy(clock: () => number): SharedRateLimit {
  const next = new Map<string, number>();
  const reserve = (key: string, ms: number) => {
    const from = Math.max(clock(), next.get(key) ?? 0);
    next.set(key, from + ms);
    return from - clock();
  };
  return {
    take: async (key, count, perSecond) => ({ granted: count, waitMs: reserve(key, (count * 1000) / perSecond) }),
    charge: async (key, count, perSecond) => void reserve(key, (count * 1000) / perSecond),
    block: async () => undefined,
    blocked: async () => 0,
  };
}

function stage(processes: number) {
  const time = virtualTime();
  const rateLimit = gateBy(time.clock);
  const rates = Array.from({ length: processes }, () => {
    const localRateLimit = createLocalRateLimit(time.clock, time.pause);
    const parts = {
      rateLimit,
      localRateLimit,
      bulkKey: BULK,
      perSecond: safeRate(RATE),
      silence: () => 0,
      log: silentLog,
    };
    return createReplyRate({ ...parts, clock: time.clock, pause: time.pause });
  });
  return { ...time, rates };
}

const busiestSecond = (at: number[]): number =>
  Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 1000).length));

it('lets a burst go as fast as the platform takes it, and no faster', async () => {
  const { rates, clock, passUntil } = stage(1);
  const began = clock();
  const at: number[] = [];
  for (let call = 0; call < 300; call++) void rates[0]?.next(false).then(() => at.push(clock()));
  await passUntil(() => at.length === 300);
  expect(busiestSecond(at)).toBeLessThanOrEqual(RATE);
  expect(300 / RATE / ((clock() - began) / 1000)).toBeGreaterThan(0.95);
});

it('shares the rate among processes, but for what goes at once while it is quiet', async () => {
  const { rates, clock, passUntil } = stage(3);
  const at: number[] = [];
  for (let call = 0; call < 300; call++) void rates[call % 3]?.next(false).then(() => at.push(clock()));
  await passUntil(() => at.length === 300);
  const quiet = 3 * (RATE / 3);
  expect(busiestSecond(at)).toBeLessThanOrEqual(RATE + quiet);
  expect(busiestSecond(at.slice(RATE + quiet))).toBeLessThanOrEqual(RATE);
});

it('lets whoever has begun go on first', async () => {
  const { rates, passUntil } = stage(1);
  const order: string[] = [];
  const asks = (name: string, hasBegun: boolean) => void rates[0]?.next(hasBegun).then(() => order.push(name));
  for (let call = 0; call < 40; call++) asks('new', false);
  asks('begun', true);
  await passUntil(() => order.length === 41);
  // Some went at once, before it came.
  expect(order.indexOf('begun')).toBeLessThan(RATE / 2);
});

it('holds what goes to many back for each reply that goes', async () => {
  const { clock, pause, passUntil } = stage(0);
  const localRateLimit = createLocalRateLimit(clock, pause);
  const perSecond = safeRate(RATE);
  const parts = {
    rateLimit: gateBy(clock),
    localRateLimit,
    bulkKey: BULK,
    perSecond,
    silence: () => 0,
    log: silentLog,
  };
  const rate = createReplyRate({ ...parts, clock, pause });
  const at: number[] = [];
  const fires = Array.from({ length: 60 }, () => () => void at.push(clock()));
  let over = false;
  void localRateLimit.run(BULK, clock(), 1000 / perSecond, fires).then(() => (over = true));
  for (let call = 0; call < 60; call++) void rate.next(false).then(() => at.push(clock()));
  await passUntil(() => over && at.length === 120);
  expect(busiestSecond(at)).toBeLessThanOrEqual(RATE + RATE / 3);
});

it('leaves room beside the answers to a flood: those to everybody else wait for nothing', async () => {
  const { clock, pause, passUntil } = virtualTime();
  const at = new Map<string, number[]>();
  const channel = recordingChannel(
    (address) => {
      at.set(address, [...(at.get(address) ?? []), clock()]);
      return null;
    },
    { perSecond: RATE },
  );
  const deliveries: Partial<Deliveries> = { settle: async (outcomes) => outcomes.map(({ id }) => id) };
  const deliverer = createDeliverer({
    deliveries: deliveries as Deliveries,
    rateLimit: gateBy(clock),
    channels: new Map([[channel.name, channel]]),
    render: async () => new Map(),
    isOutage: () => false,
    ids: systemIds,
    log: silentLog,
    clock,
    pause,
  });
  const replyTo = (address: string, id: string, pacedUntil: number): ClaimedReply[] => [
    { id, identityId: address, channel: 'telegram', address, lease: 'mine', messages: [say('Thank you')], pacedUntil },
  ];
  const began = clock();
  const flood = Array.from({ length: 20 }, (_, index) => replyTo('flood', `f${index}`, began + 1_000 * (index + 1)));
  const sending = deliverer.sendClaimed(flood.flat());
  const others = Array.from({ length: 8 }, async (_, index) => {
    await pause(250 * index);
    await deliverer.sendClaimed(replyTo(`other ${index}`, `o${index}`, clock() + 1_000));
  });
  let isOver = false;
  void Promise.all([sending, ...others]).then(() => {
    isOver = true;
  });
  await passUntil(() => isOver);
  const waits = Array.from({ length: 8 }, (_, index) => (at.get(`other ${index}`)?.[0] ?? 0) - began - 250 * index);
  expect(waits).toEqual(Array(8).fill(0));
  expect(at.get('flood')).toHaveLength(20);
});
