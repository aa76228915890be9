import { expect, test } from 'vitest';
import { SendError } from '../../src/core/channel.ts';
import { silentLog } from '../../src/core/log.ts';
import { createButtonMarker, type UsedButton } from '../../src/delivery/markUsed.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { recordingChannel } from '../support/outbound.ts';
import { databaseInTime } from '../support/time.ts';

const answered = Promise.resolve();
const used = (messageId: string): UsedButton => ({
  channel: 'telegram',
  pressed: { address: 'chat', messageId, data: 'n:o0', shown: null },
  use: 'answered',
});

/** What the platform was asked to change, and when; refusals come in this order. */
async function marking(changesPerSecond: number, refusals: (SendError | null)[] = []) {
  const { database, time } = await databaseInTime();
  const began = time.clock();
  const marked: [id: string, ms: number][] = [];
  const channel = recordingChannel(undefined, { changesPerSecond });
  channel.markUsed = async ({ messageId }) => {
    marked.push([messageId, time.clock() - began]);
    const refusal = refusals.shift();
    if (refusal) throw refusal;
  };
  const rateLimit = createSharedRateLimit(database.pool);
  const channels = new Map([['telegram', channel]]);
  const marker = createButtonMarker({
    rateLimit,
    channels,
    lastOf: async (id: string) => (id === '7' ? { chat: 'chat', id: 'last of 7' } : null),
    log: silentLog,
    pause: time.pause,
  });
  return { marker, marked };
}

test('what was pressed is shown once the answer is given, and no faster than the platform takes changes', async () => {
  const { marker, marked } = await marking(1);
  let answer = () => {};
  marker.mark([used('1'), used('2'), used('3')], new Promise((resolve) => (answer = resolve)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(marked).toEqual([]);
  answer();
  await marker.idle();
  expect(marked.map(([id]) => id)).toEqual(['1', '2', '3']);
  const gaps = marked.slice(1).map(([, at], before) => at - (marked[before]?.[1] ?? 0));
  expect(gaps.every((gap) => gap >= 1000)).toBe(true);
});

test('a question that was answered in words is marked where its delivery ended, if that is known', async () => {
  const { marker, marked } = await marking(1000);
  const button = (delivery: string): UsedButton => ({
    channel: 'telegram',
    pressed: { delivery, question: { blocks: [] }, data: 'n:o0' },
    use: 'answered',
  });
  marker.mark([button('7'), button('8')], answered);
  await marker.idle();
  expect(marked.map(([id]) => id)).toEqual(['last of 7']);
});

test('a change that is refused is left, and one who wants peace has it before the next', async () => {
  const slowDown = new SendError('slow_down', 'later', { retryAfterSeconds: 60 });
  const { marker, marked } = await marking(10, [new SendError('rejected', 'gone'), slowDown]);
  marker.mark([used('1'), used('2'), used('3')], answered);
  await marker.idle();
  expect(marked.map(([id]) => id)).toEqual(['1', '2', '3']);
  expect((marked[2]?.[1] ?? 0) - (marked[1]?.[1] ?? 0)).toBeGreaterThanOrEqual(60_000);
});

test('of a crowd that presses faster than the platform takes changes, the newest are shown', async () => {
  const { marker, marked } = await marking(1000);
  const all = Array.from({ length: 500 }, (_, index) => used(String(index)));
  marker.mark(all, answered);
  await marker.idle();
  expect(marked.length).toBeLessThanOrEqual(201);
  expect(marked.at(-1)?.[0]).toBe('499');
});
