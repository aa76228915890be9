import { expect, onTestFinished, test } from 'vitest';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { say } from '../../src/core/message.ts';
import type { HomeTab } from '../../src/core/surfaces.ts';
import { signed } from '../../src/sandbox/slackEvents.ts';
import { shownView } from '../../src/sandbox/slackPayload.ts';
import { channelOptions, shippedSurfaces } from '../support/slack.ts';
import { createInbox, spoken, stage } from '../support/slackStage.ts';
import { until } from '../support/wait.ts';

const MODES = ['socket', 'http'] as const;

test.each(MODES)(
  'an idea is shared from Home by the modal, which speaks the language of the person (%s)',
  async (mode) => {
    const { slack, channel } = await stage(mode);
    const inbox = createInbox();
    await channel.start(inbox.receive);
    const ana = slack.user('UANA', { language: 'fr-FR' });
    await ana.openHome();
    await until('the Home tab is shown', () => ana.home() !== null);
    const modal = await ana.openModal();
    expect(JSON.stringify(modal)).toContain('Partager une idée');
    expect(modal?.blocks.map(({ block_id }) => block_id)).toEqual(['idea']);
    const fields = { idea: 'A bench & shade <b>' };
    expect(await ana.submitModal(fields)).toBeNull();
    expect(spoken(inbox)).toEqual([{ kind: 'form', form: 'idea', fields }]);
  },
);

test('Home shows the last of several changes, however long one takes to be looked up', async () => {
  let lookUps = 0;
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function home(_: string, wish: string | null): Promise<HomeTab> {
    const state = ++lookUps;
    if (state === 1) await slow;
    const none = { share: null, organize: null, parts: [] };
    return { language: wish ?? 'en', lead: say(`State ${state}`), ...none };
  }
  const { slack, channel } = await stage('http', { surfaces: { ...(await shippedSurfaces()), home } });
  await channel.start(createInbox().receive);
  const ana = slack.user('UANA');
  await ana.openHome();
  for (const key of ['slack:T1:UANA', 'slack:T1:UANA', 'slack:T1:UANA', 'slack:T1:UNEVERSEEN'])
    channel.refreshHome(key);
  expect(lookUps).toBe(1);
  release();
  await channel.stop();
  expect(shownView(ana.home() ?? { type: 'none', blocks: [] })).toBe('State 2');
  expect(slack.counters.homes).toBe(2);
});

/** Somebody who reads Spanish, with the form open. */
async function withForm(mode: (typeof MODES)[number]) {
  const { slack, channel } = await stage(mode);
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA', { language: 'es' });
  await ana.openHome();
  await until('the Home tab is shown', () => ana.home() !== null);
  await ana.openModal();
  return { inbox, ana };
}

test.each(MODES)(
  'what is missing or too short is said beside its field, and nothing is recorded (%s)',
  async (mode) => {
    const { inbox, ana } = await withForm(mode);
    // Slack itself says it.
    expect(await ana.submitModal({ idea: '' })).toEqual({ idea: 'Please complete this required field.' });
    expect(await ana.submitModal({ idea: ' ' })).toEqual({ idea: expect.stringContaining('¿Qué debería cambiar?') });
    expect(await ana.submitModal({ idea: 'A' })).toEqual({ idea: expect.stringContaining('Escriba unas palabras') });
    expect(spoken(inbox)).toEqual([]);
    expect(await ana.submitModal({ idea: 'Más luz' })).toBeNull();
    expect(spoken(inbox)).toHaveLength(1);
  },
);

test.each(MODES)(
  'a modal that could not be recorded keeps the words, and sent again it is recorded once (%s)',
  async (mode) => {
    const { inbox, ana } = await withForm(mode);
    inbox.failing = true;
    const fields = { idea: 'Más luz' };
    expect(await ana.submitModal(fields)).toEqual({ idea: expect.stringContaining('Inténtelo de nuevo') });
    inbox.failing = false;
    expect(await ana.submitModal(fields)).toBeNull();
    expect(spoken(inbox).filter(({ kind }) => kind === 'form')).toHaveLength(1);
  },
);

test('a button that could not be recorded is never acknowledged', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  await channel.send('DUANA', say('Which?', [{ label: 'Yes', data: 'a:y' }]));
  inbox.failing = true;
  await expect(ana.press('Yes')).rejects.toThrow('did not take it');
  await ana.slash('idea');
  expect(ana.chat.at(-1)?.text).toContain('try again');
  inbox.failing = false;
  await ana.press('Yes');
  expect(spoken(inbox)).toMatchObject([{ kind: 'choice', data: 'a:y', messageId: expect.any(String) }]);
});

test('where the modal cannot be opened the conversation takes its place', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  slack.user('UANA');
  const action = { type: 'button', action_id: 'home:idea', value: 'flow', action_ts: '1.1' };
  const body = {
    type: 'block_actions',
    team: { id: 'T1' },
    user: { id: 'UANA' },
    trigger_id: 'expired',
    actions: [action],
  };
  const { headers, body: raw } = signed('interactive', body, slack.signingSecret);
  expect((await channel.handleHttp(headers, raw)).status).toBe(200);
  expect(spoken(inbox)).toEqual([{ kind: 'command', name: 'idea', argument: '' }]);
});

test('many choices are a list, and what is picked comes back unchanged', async () => {
  const { slack, channel } = await stage('socket');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  const choices = Array.from({ length: 42 }, (_, index) => ({ label: `Theme ${index}`, data: `c:${index}` }));
  await channel.send('DUANA', say('Which theme?', choices));
  expect(slack.sent[0]?.blocks).toContain('static_select');
  expect(ana.chat.at(-1)?.buttons.map(({ label, data }) => ({ label, data }))).toEqual(choices);
  await ana.press('Theme 40');
  expect(spoken(inbox)).toMatchObject([{ kind: 'choice', data: 'c:40' }]);
});

test.each([
  ['routine', false],
  ['rude', true],
])('after a %s disconnect the socket comes back, and nothing is lost', async (_, rude) => {
  const { slack, channel } = await stage('socket');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const ana = slack.user('UANA');
  for (const text of ['one', 'two', 'three']) {
    slack.dropSockets(rude);
    await ana.say(text);
  }
  expect(spoken(inbox)).toMatchObject([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
});

test('a socket of another process takes what the first did not acknowledge', async () => {
  const { slack, channel } = await stage('socket');
  const [first, second] = [createInbox(), createInbox()];
  first.failing = true;
  slack.faults.resendMs = 20;
  await channel.start(first.receive);
  const other = createSlackChannel(await channelOptions(slack, 'socket'));
  await other.start(second.receive);
  onTestFinished(() => other.stop());
  const ana = slack.user('UANA');
  await Promise.all(['one', 'two', 'three', 'four'].map((text) => ana.say(text)));
  expect(second.taken).toHaveLength(4);
});

test('each event five times at once to two addresses has one id', async () => {
  const { slack, channel, address } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  slack.webhooks.urls = [address, address];
  slack.webhooks.copies = 5;
  await slack.user('UANA').say('Once');
  expect(inbox.calls).toBe(10);
  expect(inbox.taken).toHaveLength(1);
});

test('every file of a message that brings several is received as what it is', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const bytes = Buffer.from('x');
  const files = [
    { name: 'a.png', mime: 'image/png', bytes },
    { name: 'b.m4a', mime: 'audio/mp4', bytes },
    // Recorded in Slack: sound alone, whatever the type says.
    { name: 'audio_message.mp4', mime: 'video/mp4', subtype: 'slack_audio', bytes },
    { name: 'audio_message.m4a', mime: '', subtype: 'slack_audio', bytes },
    { name: 'c.mp4', mime: 'video/mp4', subtype: 'slack_video', bytes },
    { name: 'd.pdf', mime: 'application/pdf', bytes },
  ];
  await slack.user('UANA').files(files, 'All of them');
  const taken = spoken(inbox).map((content) => (content.kind === 'media' ? content : null));
  expect(taken.map((media) => media?.caption)).toEqual(['All of them', '', '', '', '', '']);
  expect(taken.map((media) => `${media?.attachment.kind} ${media?.attachment.name} ${media?.attachment.mime}`)).toEqual(
    [
      'photo a.png image/png',
      'voice b.m4a audio/mp4',
      'voice audio_message.mp4 video/mp4',
      'voice audio_message.m4a null',
      'document c.mp4 video/mp4',
      'document d.pdf application/pdf',
    ],
  );
  expect(new Set(inbox.taken.map(({ id }) => id)).size).toBe(6);
  expect(new Set(taken.map((media) => media?.album))).toEqual(new Set([expect.stringMatching(/^\d/)]));
});

test('the token goes to no other host than where Slack keeps files', async () => {
  const { channel } = await stage('http');
  for (const ref of ['https://slack.com.evil.example/f', 'http://files.slack.com/f', 'file:///etc/passwd', 'x'])
    await expect(channel.download(ref)).rejects.toMatchObject({ code: 'rejected' });
});

test('a refused app token is named with its remedy, and starting may be tried again', async () => {
  const { slack, channel } = await stage('socket', { appToken: 'xapp-wrong' });
  await expect(channel.start(createInbox().receive)).rejects.toThrow(/^SLACK_APP_TOKEN: (?!.*xapp-wrong)/);
  await expect(channel.start(createInbox().receive)).rejects.toThrow(/^SLACK_APP_TOKEN: /);
  expect(slack.sockets()).toBe(0);
});

test('a thousand messages may go out at once', async () => {
  const { slack, channel } = await stage('http');
  const people = Array.from({ length: 1000 }, (_, index) => slack.user(`U${index}`));
  await Promise.all(people.map(({ id }) => channel.send(`D${id}`, say('Hello'))));
  expect(people.every(({ chat }) => chat.length === 1)).toBe(true);
});
