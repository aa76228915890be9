import { createTelegramChannel } from '../src/channels/telegram/channel.ts';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import type { Database } from '../src/store/database.ts';
import { dialogueFlow, saying, TOKEN, textUpdate } from './dialogue.ts';
import { withSandbox, withServer } from './ground.ts';
import { counted } from './limiter.ts';
import { atLeast, atMost, type Measure, type Result, scaled } from './measure.ts';
import { createInbound } from './ours.ts';

const PEOPLE = scaled(200, 60);
/** What each of them says: a beginning and two answers, as fast as they are answered. */
const TURNS = 3;
const WITHIN_MS = 1_000;
const PER_SECOND = 30;
const ANSWER_MS = 57;
const MOST_REFUSED = 0.01;

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

async function burst(db: Database, apiRoot: string): Promise<Result[]> {
  const options = { token: TOKEN, apiRoot, perSecond: PER_SECOND, clock: systemClock, log: silentLog };
  const { seen, channel } = counted(createTelegramChannel(options), () => undefined);
  const inbound = await createInbound(db, dialogueFlow(TURNS), channel);
  async function talk(person: number): Promise<void> {
    await after((person / PEOPLE) * WITHIN_MS);
    for (let turn = 0; turn < TURNS; turn++) await inbound.take(textUpdate(person + 1, saying(turn)));
  }
  const began = performance.now();
  await Promise.all(Array.from({ length: PEOPLE }, (_, person) => talk(person)));
  const took = (performance.now() - began) / 1000;
  await inbound.idle();
  return [
    atLeast('reply-burst', seen.calls / PER_SECOND, took, 0.9),
    atMost('reply-burst-refused', seen.refused, seen.calls, MOST_REFUSED),
  ];
}

/** The shortest time that a platform's limit allows, against that in which all who came within a second are answered. */
export const replyBurst: Measure = {
  name: 'reply-burst',
  run: () =>
    withServer((fresh) =>
      withSandbox({ users: PEOPLE, faults: { delayMs: ANSWER_MS, perSecond: PER_SECOND } }, (url) =>
        fresh((db) => burst(db, url)),
      ),
    ),
};
