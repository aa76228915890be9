import { expect, onTestFinished, test } from 'vitest';
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Unreadable } from '../../src/core/inbound.ts';
import { silentLog } from '../../src/core/log.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { createInbox, spoken, stage } from '../support/slackStage.ts';
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

test('words from Telegram of another shape than documented are kept as they came, and are acknowledged', async () => {
  const { token, url: apiRoot, close } = await startTelegramSandbox();
  const webhook = { secret: 'of-the-test', url: 'https://city.example/telegram/webhook' };
  const channel = createTelegramChannel({ token, apiRoot, webhook, clock: systemClock, log: silentLog });
  onTestFinished(async () => {
    await channel.stop();
    await close();
  });
  const [inbox, kept] = [createInbox(), [] as Unreadable[]];
  await channel.start(inbox.receive, async (update) => void kept.push(update));
  const chat = { id: 1, type: 'private' };
  const update = { update_id: 7, message: { message_id: 1, chat, from: { id: 1 }, text: ['More light'] } };
  expect(await channel.handleWebhook('of-the-test', update)).toBe(200);
  expect(inbox.taken).toEqual([]);
  expect(kept).toEqual([
    {
      id: 'telegram:4711:7',
      raw: JSON.stringify(update),
      error: 'TypeError: of another shape than expected: message.text',
    },
  ]);
});

const WRONG = [{ text: 7 }, { user: { id: 'UANA' } }, { blocks: 'none' }, { files: ['none'] }, { attachments: [7] }];
const changed = (message: object) => ({ subtype: 'message_changed', user: undefined, message });

test('a message on Slack of another shape than documented is kept as it came, and is acknowledged', async () => {
  const { slack, channel } = await stage('http');
  const [inbox, kept] = [createInbox(), [] as Unreadable[]];
  await channel.start(inbox.receive, async (update) => void kept.push(update));
  const ana = slack.user('UANA');
  for (const wrong of WRONG) {
    await ana.say('More light', wrong);
    await ana.say('', changed({ user: 'UANA', ts: '1.1', text: 'More light', ...wrong }));
  }
  expect(inbox.taken).toEqual([]);
  expect(kept.map(({ error }) => error)).toEqual(
    WRONG.flatMap((wrong) => {
      const place = [Object.keys(wrong)[0], ...(Array.isArray(Object.values(wrong)[0]) ? ['0'] : [])].join('.');
      return ['event', 'event.message'].map((at) => `TypeError: of another shape than expected: ${at}.${place}`);
    }),
  );
  expect(kept[0]).toMatchObject({ id: expect.stringMatching(/^slack:T1:/), raw: expect.stringContaining('"text":7') });
});

test('what Slack itself, an app or somebody in a channel says is not for us in any shape', async () => {
  const { slack, channel } = await stage('http');
  const kept: Unreadable[] = [];
  await channel.start(createInbox().receive, async (update) => void kept.push(update));
  const others = [{ subtype: 'channel_join' }, { bot_id: 'B9' }, { hidden: true }, { channel_type: 'channel' }];
  for (const other of others) await slack.user('UANA').say('', { text: 7, ...other });
  expect(kept).toEqual([]);
});
