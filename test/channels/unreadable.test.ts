import { expect, onTestFinished, test } from 'vitest';
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts';
import { systemClock } from '../../src/domain/clock.ts';
import type { Unreadable } from '../../src/domain/inbound.ts';
import { silentLog } from '../../src/domain/log.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { createInbox, spoken } from '../support/slackStage.ts';
import { until } from '../support/wait.ts';

/** A fault of ours in the reading of the first update: it asks for the time and gets none. */
function brokenOnce() {
  let broken = true;
  return () => {
    if (!broken) return systemClock();
    broken = false;
    throw new TypeError('a fault of ours');
  };
}

const said = (text: string) => ({ kind: 'text', text });

test('an update from Telegram that cannot be read is kept as it came, and stops none after it', async () => {
  const sandbox = await startTelegramSandbox();
  const { token, url: apiRoot } = sandbox;
  const channel = createTelegramChannel({ token, apiRoot, clock: brokenOnce(), log: silentLog });
  onTestFinished(async () => {
    await channel.stop();
    await sandbox.close();
  });
  const [inbox, kept] = [createInbox(), [] as Unreadable[]];
  for (const text of ['one', 'two']) await sandbox.user(1).say(text);
  await channel.start(inbox.receive, async (update) => void kept.push(update));
  await until('the second update', () => inbox.taken.length >= 1);
  expect(spoken(inbox)).toMatchObject([said('two')]);
  expect(kept).toMatchObject([{ id: 'telegram:4711:1', error: 'TypeError: a fault of ours' }]);
  expect(JSON.parse(kept[0]?.raw ?? '')).toMatchObject({ update_id: 1, message: { text: 'one' } });
});
