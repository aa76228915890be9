import { expect, test } from 'vitest';
import { say } from '../../src/core/message.ts';
import { flowsAtOnce } from '../support/atOnce.ts';
import { agreed, hears, isReceipt } from '../support/people.ts';
import { startSlackService } from '../support/slackService.ts';
import { createInbox, spoken, stage } from '../support/slackStage.ts';
import { until } from '../support/wait.ts';

const THREAD = '1700000000.000100';

test.each([
  ['at once', flowsAtOnce()],
  ['once all is said', 'flows'],
])(
  'what somebody says or presses in a thread of the chat is answered in that thread, and all else outside (%s)',
  async (_, flows) => {
    const { slack, service } = await startSlackService('http', flows);
    const ana = slack.user('UANA');
    const answers = () => ana.chat.filter(({ from }) => from === 'bot');
    await ana.say('More light in the park', { thread_ts: THREAD });
    await hears(ana, 'Do you agree');
    await ana.press('I agree');
    await hears(ana, isReceipt);
    const talked = ana.chat.length;
    await ana.say('Thank you', { thread_ts: THREAD });
    await hears(ana, () => true, talked);
    const answered = ana.chat.length;
    await ana.say('A bench by the pond would help the old people there', { thread_ts: THREAD });
    await hears(ana, () => true, answered);
    expect(new Set(answers().map(({ thread }) => thread))).toEqual(new Set([THREAD]));
    const before = ana.chat.length;
    await ana.slash('help');
    expect((await hears(ana, () => true, before)).thread).toBeUndefined();
    // Where notices go.
    expect((await service.core.db.pool.query('SELECT address FROM identity')).rows).toEqual([{ address: 'DUANA' }]);
  },
);

test('the receipt of what was said outside stays there, also where the thread ends its waiting', async () => {
  const { slack, service } = await startSlackService('http', 'flows');
  await agreed(service.core.db.pool, 'slack', 1);
  const ana = slack.user('U1');
  await ana.say(`A long story ${'of trees '.repeat(1_500)}`);
  // Too much to be one idea with the first.
  await ana.say(`And another ${'of benches '.repeat(1_500)}`, { thread_ts: THREAD });
  const threads = () => ana.chat.filter(isReceipt).map(({ thread }) => thread);
  await until('both receipts', () => threads().length === 2);
  expect(threads()).toEqual([undefined, THREAD]);
});

test('a reply that is also sent to the chat is a message like any other', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  await slack.user('UANA').say('More light', { subtype: 'thread_broadcast', thread_ts: THREAD, root: { ts: THREAD } });
  expect(spoken(inbox)).toEqual([{ kind: 'text', text: 'More light', messageId: expect.any(String) }]);
  expect(inbox.taken[0]?.thread).toBe(THREAD);
});

test('what begins a thread, and a thread that is none, is answered in the chat', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  await ana.say('It began a thread', { ts: THREAD, thread_ts: THREAD });
  await ana.say('No time', { thread_ts: 'now' });
  expect(inbox.taken.map(({ thread }) => thread)).toEqual([undefined, undefined]);
});

test('words and files for a thread that takes none any more arrive in the chat', async () => {
  const { slack, channel } = await stage('http');
  const ana = slack.user('UANA');
  const file = { name: 'plan.txt', mime: 'text/plain', text: 'Benches' };
  const message = { ...say('The plan'), file, thread: THREAD };
  await channel.send('DUANA', message);
  slack.closeThread(THREAD);
  await channel.send('DUANA', message);
  expect(ana.chat.map(({ text, file: name, thread }) => [name ?? text, thread])).toEqual([
    ['The plan', THREAD],
    ['plan.txt', THREAD],
    ['The plan', undefined],
    ['plan.txt', undefined],
  ]);
});
