import { expect, test } from 'vitest';
import { say } from '../../src/core/message.ts';
import { createInbox, spoken, stage } from '../support/slackStage.ts';
import { until } from '../support/wait.ts';

const MODES = ['socket', 'http'] as const;
const SUGGEST = 'suggest_message';

test.each(MODES)(
  'whoever adds us to a channel is heard, with what it is called, and we write there (%s)',
  async (mode) => {
    const { slack, channel } = await stage(mode);
    const inbox = createInbox();
    await channel.start(inbox.receive);
    slack.user('UANA', { language: 'fr-FR', zone: 'Europe/Paris' });
    const parks = slack.channel('C1', { title: 'parks' });
    const group = { key: 'slack:T1:C1', address: 'C1', title: '#parks' };
    await parks.invite('UANA');
    const sender = { key: 'slack:T1:UANA', address: 'DUANA', language: 'fr-FR', zone: 'Europe/Paris' };
    expect(inbox.taken).toMatchObject([{ content: { kind: 'added', group }, sender }]);
    await channel.send('C1', say('On Monday we meet'));
    expect(parks.chat).toMatchObject([{ text: 'On Monday we meet' }]);
    await parks.kick('UANA');
    // Slack says it in two ways; only one of them says whose doing it was.
    expect(inbox.taken.slice(1)).toMatchObject([
      { content: { kind: 'removed', group }, sender },
      { content: { kind: 'removed', group }, sender: { key: group.key, address: 'C1' } },
    ]);
    await expect(channel.send('C1', say('Hello'))).rejects.toMatchObject({ code: 'blocked' });
  },
);

test('the end of a channel is heard, from the channel itself: whoever ends it may never have spoken to us', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  slack.user('UANA');
  const board = slack.channel('G1', { title: 'board', private: true });
  await board.invite('UANA');
  await board.archive('UBO');
  await board.delete('UBO');
  const group = { key: 'slack:T1:G1', address: 'G1', title: '#board' };
  const ended = { content: { kind: 'removed', group }, sender: { key: group.key, address: 'G1' } };
  expect(inbox.taken.slice(1)).toMatchObject([ended, ended]);
  await expect(channel.send('G1', say('Hello'))).rejects.toMatchObject({ code: 'blocked' });
});

test('whoever adds us and has no chat with us is nobody to ask; that they remove us is heard all the same', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const parks = slack.channel('C1');
  await parks.invite('USTRANGER');
  expect(inbox.taken).toEqual([]);
  await parks.kick('USTRANGER');
  expect(inbox.taken.map(({ content, sender }) => [content.kind, sender.key])).toEqual([
    ['removed', 'slack:T1:C1'],
    ['removed', 'slack:T1:C1'],
  ]);
});

test.each(MODES)(
  'a message that is suggested comes from its author, as it was written, and once (%s)',
  async (mode) => {
    const { slack, channel } = await stage(mode);
    const inbox = createInbox();
    await channel.start(inbox.receive);
    slack.user('UANA', { language: 'fr-FR', zone: 'Europe/Paris' });
    const [bo, cem] = [slack.user('UBO', { language: 'es', name: 'Bo Díaz' }), slack.user('UCEM')];
    const said = slack.channel('C1').say('UANA', 'More <light> & <!here>');
    for (const person of [bo, cem]) await person.shortcut(SUGGEST, said);
    expect(inbox.taken).toMatchObject([
      {
        content: { kind: 'suggested', text: 'More <light> & <!here>', by: 'Bo Díaz' },
        sender: { key: 'slack:T1:UANA', address: 'DUANA', language: 'fr-FR', zone: 'Europe/Paris' },
      },
    ]);
    await until('both are told', () => bo.notes.length + cem.notes.length === 2);
    expect(bo.notes[0]).toMatch(/^Gracias. Le pregunto/);
    expect(cem.notes[0]).toMatch(/^Thank you. I ask/);
    expect(slack.sent).toEqual([]);
  },
);

test('who suggests their own message is asked like everybody', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  await ana.shortcut(SUGGEST, slack.channel('C1').say('UANA', 'More light'));
  expect(spoken(inbox)).toEqual([{ kind: 'suggested', text: 'More light', by: 'UANA' }]);
});

test('what bots say, what has no words, and what comes from somebody without a chat is not suggested, and said so', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  const parks = slack.channel('C1');
  const unsuitable = [
    parks.say('UBOT2', 'Build is green', { bot_id: 'B2' }),
    parks.say('UBOT', 'Good morning'),
    parks.say('UANA', ' '),
    parks.say('UANA', '<@UANA> has joined the channel', { subtype: 'channel_join' }),
    parks.say('USTRANGER', 'Hello'),
  ];
  for (const said of unsuitable) await ana.shortcut(SUGGEST, said);
  await ana.shortcut('another_shortcut', parks.say('UANA', 'More light'));
  await until('each is answered', () => ana.notes.length === unsuitable.length);
  expect(new Set(ana.notes)).toEqual(new Set([expect.stringMatching(/^I can only pass on/)]));
  expect(inbox.taken).toEqual([]);
});

test('a suggestion that could not be recorded is not acknowledged, and can be made again', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  const said = slack.channel('C1').say('UANA', 'More light');
  inbox.failing = true;
  await expect(ana.shortcut(SUGGEST, said)).rejects.toThrow('did not take it');
  await until('she is told', () => ana.notes.length === 1);
  expect(ana.notes[0]).toContain('try again');
  inbox.failing = false;
  await ana.shortcut(SUGGEST, said);
  expect(spoken(inbox)).toHaveLength(1);
});
