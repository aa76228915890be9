import { expect, onTestFinished, test } from 'vitest';
import { createDeliverer, gateKey } from '../../src/app/deliver.ts';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { systemClock, systemIds } from '../../src/domain/clock.ts';
import { silentLog } from '../../src/domain/log.ts';
import { say } from '../../src/domain/message.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createGate } from '../../src/store/gate.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople, statesOf } from '../support/outbound.ts';
import { channelOptions } from '../support/slack.ts';

const PER_SECOND = 100;
const PEOPLE = 60;
/** The channel stands among the first, so that whatever it holds up is seen on all others. */
const LIMITED = 3;
const MOST_DELAY_MS = 100;

/** The deliverer on the stand-in, where one channel may get a 429 for each message; everybody else is a person. */
async function stage() {
  const slack = await startSlackSandbox();
  const database = await freshDatabase();
  onTestFinished(() => slack.close());
  const people = Array.from({ length: PEOPLE }, (_, index) => slack.user(`U${index + 1}`));
  slack.channel('C1', { member: true });
  await seedPeople(database, PEOPLE, 'slack');
  await database.pool.query("UPDATE identity SET address = replace(address, 'chat-', 'DU')");
  await database.pool.query("UPDATE identity SET address = 'C1', kind = 'group' WHERE address = $1", [`DU${LIMITED}`]);
  const channel = createSlackChannel({ ...(await channelOptions(slack, 'http')), perSecond: PER_SECOND });
  const gate = createGate(database.pool);
  const deliverer = createDeliverer({
    deliveries: createDeliveries(database.pool),
    gate,
    channels: new Map([['slack', channel]]),
    render: async (rows) => new Map(rows.map((row) => [row.id, [say(`${row.noticeId}`)]])),
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
  });
  return { slack, database, people, gate, deliverer };
}
type Stage = Awaited<ReturnType<typeof stage>>;

/** When each of the other chats had this notice, after the first of them. */
function arrivals({ people }: Stage, notice: string): number[] {
  const at = people.flatMap(({ chat }) => chat.filter(({ text }) => text === notice).map((message) => message.at));
  return at.map((time) => time - Math.min(...at));
}

async function sent(limited: boolean): Promise<number[]> {
  const all = await stage();
  if (limited) Object.assign(all.slack.faults, { limitedChat: 'C1', stormRetryAfter: 30 });
  const began = Date.now();
  const [first, second] = [await seedNotice(all.database, 'n1'), await seedNotice(all.database, 'n2')];
  const share = (ids: string[], rest: number) => ids.filter((_, n) => n % 2 === rest || n === LIMITED - 1);
  await Promise.all([share(first, 0), share(second, 1)].map((ids) => all.deliverer.deliver({ channel: 'slack', ids })));
  const at = [...arrivals(all, 'n1'), ...arrivals(all, 'n2')];
  console.log(JSON.stringify(arrivals(all, 'n1')), Date.now() - began, all.slack.channel('C1').chat.map((m) => m.at - began), limited, JSON.stringify(arrivals(all, 'n2')), Math.max(...arrivals(all, 'n1')), Math.max(...arrivals(all, 'n2')), await statesOf(all.database));
  return at;
}

test('x', async () => {
  await sent(false);
  await sent(true);
});
