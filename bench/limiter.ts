import { createTelegramChannel } from '../src/channels/telegram/channel.ts';
import type { Channel } from '../src/core/channel.ts';
import { SendError } from '../src/core/channel.ts';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { atTerminal } from '../src/people/actor.ts';
import type { Database } from '../src/store/database.ts';
import { TOKEN } from './dialogue.ts';
import { seedPeople, withSandbox, withServer } from './ground.ts';
import { atLeast, atMost, type Measure, type Result, scaled } from './measure.ts';
import { counter, createSending } from './outbound.ts';

const ANSWER_MS = 57;
const MOST_REFUSED = 0.001;

interface Limit {
  perSecond: number;
  forSeconds: number;
  goal: number;
}

/** Counts the calls of a channel, what was refused, and the time between its first and its last call. */
export function counted(channel: Channel, answered: () => void) {
  const seen = { calls: 0, refused: 0, first: 0, last: 0 };
  const send: Channel['send'] = async (address, message, fromPart) => {
    seen.calls += 1;
    seen.last = performance.now();
    seen.first ||= seen.last;
    try {
      const refs = await channel.send(address, message, fromPart);
      answered();
      return refs;
    } catch (error) {
      if (error instanceof SendError && error.code === 'slow_down') seen.refused += 1;
      throw error;
    }
  };
  return { seen, channel: { ...channel, send } };
}

async function use(db: Database, apiRoot: string, { perSecond, goal }: Limit, messages: number): Promise<Result[]> {
  await seedPeople(db, messages);
  const answered = counter(messages);
  const telegram = createTelegramChannel({ token: TOKEN, apiRoot, perSecond, clock: systemClock, log: silentLog });
  const { seen, channel } = counted(telegram, answered.count);
  const { deliverer, queue, notices } = await createSending(db, channel);
  await queue.start();
  const { id } = await notices.create(atTerminal(), {
    kind: 'announcement',
    texts: { en: 'Hello' },
    audience: 'everyone',
  });
  await notices.schedule(atTerminal(), id);
  await answered.reached;
  await deliverer.idle();
  await queue.stop();
  const rate = (messages - 1) / ((seen.last - seen.first) / 1000);
  const name = `limiter-${perSecond}`;
  return [atLeast(name, rate, perSecond, goal), atMost(`${name}-refused`, seen.refused, seen.calls, MOST_REFUSED)];
}

/** The share of a platform's rate that is used while it answers slowly and refuses more in any second than it allows. */
const limiter = (limit: Limit): Measure => ({
  name: `limiter-${limit.perSecond}`,
  run: () => {
    const messages = scaled(limit.perSecond * limit.forSeconds, limit.perSecond);
    const faults = { delayMs: ANSWER_MS, perSecond: limit.perSecond };
    return withServer((fresh) =>
      withSandbox({ users: messages, faults }, (url) => fresh((db) => use(db, url, limit, messages))),
    );
  },
});

export const limiters: Measure[] = [
  limiter({ perSecond: 30, forSeconds: 40, goal: 0.98 }),
  limiter({ perSecond: 1000, forSeconds: 20, goal: 0.95 }),
];
