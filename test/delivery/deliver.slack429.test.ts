import { expect, onTestFinished, test } from 'vitest';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import type { Channel } from '../../src/core/channel.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { createDeliverer } from '../../src/delivery/deliver.ts';
import { systemPause } from '../../src/delivery/localRateLimit.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { isOutage } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';
import { hears } from '../support/people.ts';
import { channelOptions } from '../support/slack.ts';

const PER_SECOND = 100;
const PEOPLE = 40;
/** It stands among the first, so that whatever it holds up is seen on all others. */
const LIMITED = 3;
/** Between two messages to one chat: so long that it is over when the test says so. */
const GAP_MS = 60_000;

/** The deliverer on the stand-in: forty chats, one of them a channel that gets a 429 for each message. */
async function stage() {
  const slack = await startSlackSandbox();
  onTestFinished(() => slack.close());
  Object.assign(slack.faults, { limitedChat: 'C1', stormRetryAfter: 30 });
  slack.channel('C1', { member: true });
  const people = Array.from({ length: PEOPLE }, (_, index) => slack.user(`U${index + 1}`));
  const database = await freshDatabase();
  await seedPeople(database, PEOPLE, 'slack');
  await database.pool.query("UPDATE identity SET address = replace(address, 'chat-', 'DU')");
  await database.pool.query("UPDATE identity SET address = 'C1', kind = 'group' WHERE address = $1", [`DU${LIMITED}`]);
  const platform = createSlackChannel({ ...(await channelOptions(slack, 'http')), perSecond: PER_SECOND });
  const calls: string[] = [];
  const channel: Channel = {
    ...platform,
    limits: { ...platform.limits, chatGapMs: GAP_MS },
    send(address, ...message) {
      calls.push(address);
      return platform.send(address, ...message);
    },
  };
  const gaps: (() => void)[] = [];
  const pause = (ms: number) => (ms > GAP_MS / 2 ? new Promise<void>((over) => void gaps.push(over)) : systemPause(ms));
  const deliverer = createDeliverer({
    isOutage,
    deliveries: createDeliveries(database.pool, ['telegram', 'slack']),
    rateLimit: createSharedRateLimit(database.pool),
    channels: new Map([['slack', channel]]),
    render: async (rows) => new Map(rows.map((row) => [row.id, [say(row.noticeId ?? '')]])),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    pause,
  });
  return { slack, database, people, deliverer, calls, gaps };
}

test('a Slack channel under 429, due for two notices at once, delays no other chat', async () => {
  const { slack, database, people, deliverer, calls, gaps } = await stage();
  const notices = [await seedNotice(database, 'n0'), await seedNotice(database, 'n1')];
  const ofEach = notices.map((ids, notice) => ids.filter((_, n) => n % 2 === notice || n === LIMITED - 1));
  const delivered = Promise.all(ofEach.map((ids) => deliverer.deliver({ channel: 'slack', ids })));
  // While the channel's second message still waits for its turn there.
  await Promise.all(people.filter((_, n) => n !== LIMITED - 1).map((person) => hears(person, () => true)));
  expect(gaps).toHaveLength(1);
  for (const over of gaps) over();
  await delivered;
  expect(calls.indexOf('C1')).toBeLessThan(PEOPLE / 4);
  expect(calls.lastIndexOf('C1')).toBe(PEOPLE);
  expect(slack.counters).toMatchObject({ sends: PEOPLE + 1, refused: 2 });
  const { rows } = await database.pool.query(
    "SELECT state, attempts FROM delivery JOIN identity ON identity.id = identity_id WHERE identity.address = 'C1'",
  );
  expect(rows).toEqual(Array(2).fill({ state: 'pending', attempts: 0 }));
});
