import { expect, onTestFinished, test } from 'vitest';
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { createInbox, stage } from '../support/slackStage.ts';
import { until } from '../support/wait.ts';

async function onTelegram() {
  const sandbox = await startTelegramSandbox();
  onTestFinished(() => sandbox.close());
  const { token, url: apiRoot } = sandbox;
  const channel = createTelegramChannel({ token, apiRoot, clock: systemClock, log: silentLog });
  onTestFinished(() => channel.stop());
  return { channel, ada: sandbox.user(1, { name: 'Ada' }) };
}

test('an answer on Telegram stands below the message that it answers, in its first part alone', async () => {
  const { channel, ada } = await onTelegram();
  await ada.say('Who decides?');
  const asked = ada.chat[0]?.messageId ?? 0;
  await channel.send('1', { ...say('word '.repeat(1_000).trim()), replyTo: String(asked) });
  const answers = ada.chat.filter(({ from }) => from === 'bot');
  expect(answers.map(({ replyTo }) => replyTo)).toEqual([asked, undefined]);
});

test('an answer on Telegram to a message that is gone arrives without it', async () => {
  const { channel, ada } = await onTelegram();
  await channel.send('1', { ...say('The mayor decides'), replyTo: '4711' });
  expect(ada.chat.map(({ text, replyTo }) => [text, replyTo])).toEqual([['The mayor decides', undefined]]);
});

test('what somebody answers on Telegram says which message it answers', async () => {
  const { channel, ada } = await onTelegram();
  const heard: Inbound[] = [];
  await channel.start(async (inbound) => void heard.push(inbound));
  await ada.say('Hello');
  await ada.reply(99, 'But why?');
  await until('both are heard', async () => heard.length === 2);
  expect(heard.map(({ replyTo }) => replyTo)).toEqual([undefined, '99']);
});

test('an answer on Slack stands in the thread of the message that it answers, and is answered from there', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  await ana.say('Who decides?');
  const asked = inbox.taken[0]?.content;
  const ts = asked?.kind === 'text' ? (asked.messageId ?? '') : '';
  await channel.send('DUANA', { ...say('The mayor decides'), replyTo: ts });
  const answer = ana.chat.at(-1);
  expect(answer?.thread).toBe(ts);
  await ana.reply(answer?.messageId ?? 0, 'But why?');
  expect(inbox.taken.map(({ replyTo }) => replyTo)).toEqual([undefined, ts]);
});
