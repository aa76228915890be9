import { expect, onTestFinished, test } from 'vitest';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { say } from '../../src/core/message.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { textsIn } from '../support/happens.ts';
import { hears, isReceipt } from '../support/people.ts';
import { channelOptions } from '../support/slack.ts';
import { startSlackService } from '../support/slackService.ts';
import { createInbox, spoken, stage } from '../support/slackStage.ts';

const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const composed = (...elements: object[]) => ({ blocks: [{ type: 'rich_text', block_id: 'x', elements }] });

async function listening() {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  return { slack, channel, inbox, ana: slack.user('UANA') };
}

test('whoever and whatever is mentioned has a name, and one that is not to be had is left open', async () => {
  const { slack, inbox, ana } = await listening();
  slack.user('UBO', { name: 'Bo Díaz' });
  slack.channel('C1', { title: 'parks' });
  const mentions = ['UBO', 'UGONE'].map((user_id) => ({ type: 'user', user_id }));
  const channels = ['C1', 'CGONE'].map((channel_id) => ({ type: 'channel', channel_id }));
  await ana.say('Slack writes it down', composed(section(...mentions, { type: 'text', text: ' in ' }, ...channels)));
  await ana.say('x', { text: 'Ask <@UBO>, <@UGONE> in <#C1>' });
  expect(spoken(inbox)).toMatchObject([{ text: '@Bo Díaz@… in #parks#…' }, { text: 'Ask @Bo Díaz, @… in #parks' }]);
});

test('forwarded words are read, and are said to be so', async () => {
  const { inbox, ana } = await listening();
  const message = { blocks: [{ type: 'rich_text', elements: [section({ type: 'text', text: 'A bench' })] }] };
  const attachment = {
    is_share: true,
    is_msg_unfurl: true,
    author_id: 'UBO',
    text: 'A bench',
    message_blocks: [{ message }],
  };
  await ana.say('', { attachments: [attachment] });
  await ana.say('I agree', { attachments: [attachment] });
  await ana.say('', { attachments: [{ ...attachment, author_id: 'UANA', text: '/stop', message_blocks: [] }] });
  expect(spoken(inbox)).toEqual([
    { kind: 'text', text: 'A bench', messageId: expect.any(String), forwarded: true },
    { kind: 'text', text: 'I agree\n\n> A bench', messageId: expect.any(String), forwarded: 'some' },
    { kind: 'text', text: '/stop', messageId: expect.any(String) },
  ]);
});

const bytes = Buffer.from('x');
const map = { name: 'map.png', mime: 'image/png', bytes };

test('a file of another workspace is looked up, and one that is not to be had is said to be so', async () => {
  const { channel, inbox, ana } = await listening();
  await ana.files([{ ...map, from: 'elsewhere' }], 'The map');
  await ana.files([{ ...map, from: 'withheld' }, map], 'Two maps');
  const [first, ...others] = spoken(inbox);
  expect(first).toMatchObject({ kind: 'media', caption: 'The map', attachment: { kind: 'photo', name: 'map.png' } });
  expect(others).toMatchObject([
    { kind: 'unsupported', what: 'file' },
    { kind: 'media', caption: 'Two maps' },
  ]);
  const ref = first?.kind === 'media' ? first.attachment.ref : '';
  expect(Buffer.from(await channel.download(ref))).toEqual(bytes);
});

test('a file above what can be fetched is said at once, and its words and the other files are heard', async () => {
  const { inbox, ana } = await listening();
  const film = { name: 'film.mp4', mime: 'video/mp4', bytes, size: 21 * 1024 * 1024 };
  await ana.files([film, map], 'Film and map');
  await ana.files([film], 'Only the film');
  expect(spoken(inbox)).toMatchObject([
    { kind: 'media', caption: '', tooLarge: 20 * 1024 * 1024, attachment: { name: 'film.mp4' } },
    { kind: 'media', caption: 'Film and map', attachment: { name: 'map.png' } },
    { kind: 'media', caption: '', tooLarge: 20 * 1024 * 1024 },
    { kind: 'text', text: 'Only the film' },
  ]);
});

test('where the app is installed for a whole organization, a person is the same in all that they do', async () => {
  const slack = await startSlackSandbox({ wholeOrganization: true });
  const channel = createSlackChannel(await channelOptions(slack, 'socket'));
  onTestFinished(async () => {
    await channel.stop();
    await slack.close();
  });
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  await ana.say('More light');
  await channel.send('DUANA', say('Which?', [{ label: 'Yes', data: 'a:y' }]));
  await ana.press('Yes');
  await ana.slash('mine');
  await ana.openHome();
  await expect.poll(() => ana.home()).not.toBeNull();
  expect(await ana.shareIdea({ idea: 'A bench', attribution: 'nobody' })).toBeNull();
  expect(spoken(inbox).map(({ kind }) => kind)).toEqual(['text', 'choice', 'command', 'form']);
  expect(new Set(inbox.taken.map(({ sender }) => `${sender.key} ${sender.address}`))).toEqual(
    new Set(['slack:E1:UANA DUANA']),
  );
  expect(channel.link('start')).toBe('https://slack.com/app_redirect?app=A1');
});

test('what somebody said with emoji, a list and a link stands so in the record, and in what they read', async () => {
  const { slack, service } = await startSlackService('http');
  const ana = slack.user('UANA');
  await ana.slash('');
  await hears(ana, 'Do you agree');
  await ana.press('I agree');
  const from = ana.chat.length;
  const item = (text: string) => section({ type: 'text', text });
  const list = { type: 'rich_text_list', style: 'bullet', indent: 0, elements: [item('benches'), item('shade')] };
  const end = [
    { type: 'link', url: 'https://a.example', text: 'plan' },
    { type: 'emoji', name: '+1' },
  ];
  await ana.say('x', composed(item('We need'), list, section(...end)));
  const words = 'We need\n• benches\n• shade\nplan (https://a.example)👍';
  await hears(ana, isReceipt, from);
  expect(await textsIn(service.core.db.pool)).toEqual([words]);
  await ana.slash('mine');
  await hears(ana, words, from);
});
