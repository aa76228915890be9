import type { Update } from 'grammy/types';
import { createTelegramChannel } from '../src/channels/telegram/channel.ts';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { atTerminal } from '../src/people/actor.ts';
import type { Database } from '../src/store/database.ts';
import { dialogueFlow, saying, TOKEN, textUpdate } from './dialogue.ts';
import { seedPeople, withSandbox, withServer } from './ground.ts';
import { counted } from './limiter.ts';
import { atLeast, atMost, type Measure, percentile, progress, type Result, scaled } from './measure.ts';
import { createInbound } from './ours.ts';
import { createSending } from './outbound.ts';

const RECIPIENTS = scaled(100_000, 2_000);
const PER_SECOND = 30;
const ANSWER_MS = 57;
const FOR_SECONDS = scaled(60, 10);

const after = (seconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, seconds * 1000));

/** An announcement to so many, under way for as long as the work takes; the rest of it is cancelled. */
async function announcing<T>(db: Database, apiRoot: string, work: (calls: () => number) => Promise<T>): Promise<T> {
  const options = { token: TOKEN, apiRoot, perSecond: PER_SECOND, clock: systemClock, log: silentLog };
  const { seen, channel } = counted(createTelegramChannel(options), () => undefined);
  const { deliverer, queue, notices } = await createSending(db, channel);
  await queue.start();
  const { id } = await notices.create(atTerminal(), {
    kind: 'announcement',
    texts: { en: 'Hello' },
    audience: 'everyone',
  });
  await notices.schedule(atTerminal(), id);
  while (seen.calls === 0) await after(0.02);
  const result = await work(() => seen.calls);
  await notices.change(atTerminal(), id, 'cancel');
  await queue.stop();
  await deliverer.idle();
  return result;
}

/** The share of the allowed rate that is used once an announcement to all is under way. */
async function shareOfLimit(db: Database, apiRoot: string): Promise<Result[]> {
  await seedPeople(db, RECIPIENTS);
  const sent = await announcing(db, apiRoot, async (calls) => {
    const before = calls();
    await after(FOR_SECONDS);
    return calls() - before;
  });
  return [atLeast('announce-limit', sent / FOR_SECONDS, PER_SECOND, 0.98)];
}

export const announceLimit: Measure = {
  name: 'announce-limit',
  run: () =>
    withServer((fresh) =>
      withSandbox({ users: RECIPIENTS, faults: { delayMs: ANSWER_MS, perSecond: PER_SECOND } }, (url) =>
        fresh((db) => shareOfLimit(db, url)),
      ),
    ),
};

const QUESTIONS = 8;
/** People who talk, none of whom is told the announcement. */
const TALKERS = scaled(150, 10);
const FIRST_TALKER = RECIPIENTS + 1;
/** One answer of somebody every so often: what a busy evening is like. */
const EVERY_MS = 40;

/** Milliseconds from each update to the arrival of its reply, updates coming at even distances whatever the answers take. */
async function replyTimes(take: (update: Update) => Promise<void>, turn: number): Promise<number[]> {
  const times: Promise<number>[] = [];
  for (let talker = 0; talker < TALKERS; talker++) {
    const began = performance.now();
    times.push(take(textUpdate(FIRST_TALKER + talker, saying(turn))).then(() => performance.now() - began));
    await after(EVERY_MS / 1000);
  }
  return Promise.all(times);
}

const p95 = (times: number[]): number => percentile(times, 0.95);

/** Idle and under load by turns, so that whatever else the machine does meets both. */
async function underLoad(db: Database, apiRoot: string): Promise<Result[]> {
  await seedPeople(db, RECIPIENTS);
  const channel = createTelegramChannel({ token: TOKEN, apiRoot, clock: systemClock, log: silentLog });
  const inbound = await createInbound(db, dialogueFlow(QUESTIONS), channel);
  const [idle, loaded]: [number[], number[]] = [[], []];
  for (let turn = 0; turn <= QUESTIONS - 1; turn += 2) {
    idle.push(...(await replyTimes(inbound.take, turn)));
    loaded.push(...(await announcing(db, apiRoot, () => replyTimes(inbound.take, turn + 1))));
    progress(`p95 in milliseconds: idle ${p95(idle).toFixed(0)}, while announcing ${p95(loaded).toFixed(0)}`);
  }
  await inbound.idle();
  return [atMost('reply-under-load', p95(loaded), p95(idle), 1.3)];
}

/** The slowest replies while an announcement goes out at the platform's limit, against those of a quiet bot. */
export const replyUnderLoad: Measure = {
  name: 'reply-under-load',
  run: () =>
    withServer((fresh) =>
      withSandbox({ users: RECIPIENTS + TALKERS, faults: { delayMs: ANSWER_MS } }, (url) =>
        fresh((db) => underLoad(db, url)),
      ),
    ),
};
