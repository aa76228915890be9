import { expect, onTestFinished, test } from 'vitest';
import { createDeliverer } from '../../src/app/deliver.ts';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { systemClock, systemIds } from '../../src/domain/clock.ts';
import { silentLog } from '../../src/domain/log.ts';
import { say } from '../../src/domain/message.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createGate } from '../../src/store/gate.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';
import { channelOptions } from '../support/slack.ts';

const PER_SECOND = 100;
const PEOPLE = 40;
/** It stands among the first, so that whatever it holds up is seen on all others. */
const LIMITED = 3;
const MOST_DELAY_MS = 100;

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
  const channel = createSlackChannel({ ...(await channelOptions(slack, 'http')), perSecond: PER_SECOND });
  const deliverer = createDeliverer({
    deliveries: createDeliveries(database.pool),
    gate: createGate(database.pool),
    channels: new Map([['slack', channel]]),
    render: async (rows) => new Map(rows.map((row) => [row.id, [say(row.noticeId ?? '')]])),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
  });
  return { slack, database, people, deliverer };
}

// A stutter of the machine is not what is looked for: what holds up the others does so each time, and for a second.
test('a Slack channel under 429, due for two notices at once, delays no other chat by more than 100 ms', {
  retry: 2,
}, async () => {
  const { slack, database, people, deliverer } = await stage();
  const notices = [await seedNotice(database, 'n0'), await seedNotice(database, 'n1')];
  await Promise.all(
    notices.map((ids, notice) =>
      deliverer.deliver({ channel: 'slack', ids: ids.filter((_, n) => n % 2 === notice || n === LIMITED - 1) }),
    ),
  );
  const last = notices.map((_, notice) =>
    Math.max(...people.flatMap(({ chat }) => chat.filter(({ text }) => text === `n${notice}`).map(({ at }) => at))),
  );
  expect(people.filter(({ chat }) => chat.length === 1)).toHaveLength(PEOPLE - 1);
  expect(slack.counters).toMatchObject({ sends: PEOPLE + 1, refused: 2 });
  expect(Math.abs((last[0] ?? 0) - (last[1] ?? 0))).toBeLessThanOrEqual(MOST_DELAY_MS);
  const { rows } = await database.pool.query(
    "SELECT address, state, attempts FROM delivery JOIN identity ON identity.id = identity_id WHERE address = 'C1'",
  );
  expect(rows).toEqual(Array(2).fill({ address: 'C1', state: 'pending', attempts: 0 }));
});
