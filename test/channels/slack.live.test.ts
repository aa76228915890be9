import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { createSlackChannel, type SlackOptions } from '../../src/channels/slack/channel.ts';
import type { Inbound } from '../../src/domain/inbound.ts';
import { silentLog } from '../../src/domain/log.ts';
import { say } from '../../src/domain/message.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { signed } from '../../src/sandbox/slackEvents.ts';
import { createWeb, listen } from '../../src/web/server.ts';

const MODES = ['socket', 'http'] as const;
type Mode = (typeof MODES)[number];

async function stage(mode: Mode, more: Partial<SlackOptions> = {}) {
  const slack = await startSlackSandbox();
  const { apiUrl, botToken, signingSecret } = slack;
  const tokens = { apiUrl, botToken, signingSecret, appToken: mode === 'socket' ? slack.appToken : null };
  const channel = createSlackChannel({ ...tokens, log: silentLog, clock: Date.now, ...more });
  const web = await listen(createWeb({ slack: channel, healthy: async () => undefined }), '127.0.0.1', 0);
  const address = `${web.url}/slack/events`;
  if (mode === 'http') slack.webhooks.urls = [address];
  onTestFinished(async () => {
    await channel.stop();
    await web.close();
    await slack.close();
  });
  return { slack, channel, address };
}

/** Takes each id once, as the application does; `failing` refuses everything. */
function createInbox() {
  const inbox = { taken: [] as Inbound[], calls: 0, failing: false, receive };
  async function receive(inbound: Inbound): Promise<void> {
    inbox.calls += 1;
    if (inbox.failing) throw new Error('The database is away.');
    if (!inbox.taken.some(({ id }) => id === inbound.id)) inbox.taken.push(inbound);
  }
  return inbox;
}

const spoken = ({ taken }: { taken: Inbound[] }) => taken.map(({ content }) => content);

/** What happens after the acknowledgement, without waiting for a time. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test.each(MODES)(
  'an idea is shared from Home by the modal, which speaks the language of the person (%s)',
  async (mode) => {
    const home = async (key: string) => [{ kind: 'text' as const, text: `Timeline for ${key}` }];
    const { slack, channel } = await stage(mode, { home });
    const inbox = createInbox();
    await channel.start(inbox.receive);
    const ana = slack.user('UANA', { language: 'fr-FR' });
    await ana.openHome();
    await until(() => ana.home() !== null);
    expect(JSON.stringify(ana.home())).toContain('Timeline for slack:T1:UANA');
    const modal = await ana.openModal();
    expect(JSON.stringify(modal)).toContain('Partager une idée');
    expect(modal?.blocks.map(({ block_id }) => block_id)).toEqual(['idea', 'problem', 'affected']);
    expect(await ana.submitModal({ idea: 'A bench & shade <b>', affected: 'Everyone' })).toBeNull();
    expect(spoken(inbox)).toEqual([
      { kind: 'opened', place: 'home' },
      { kind: 'form', form: 'idea', fields: { idea: 'A bench & shade <b>', affected: 'Everyone' } },
    ]);
    await until(() => slack.counters.homes === 2);
  },
);

test.each(MODES)(
  'a modal that could not be recorded keeps the words, and sent again it is recorded once (%s)',
  async (mode) => {
    const { slack, channel } = await stage(mode);
    const inbox = createInbox();
    await channel.start(inbox.receive);
    const ana = slack.user('UANA', { language: 'es' });
    await ana.openHome();
    await until(() => ana.home() !== null);
    await ana.openModal();
    inbox.failing = true;
    expect(await ana.submitModal({ idea: 'Más luz' })).toEqual({ idea: expect.stringContaining('Inténtelo de nuevo') });
    inbox.failing = false;
    expect(await ana.submitModal({ idea: 'Más luz' })).toBeNull();
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
  expect(spoken(inbox)).toEqual([{ kind: 'choice', data: 'a:y', messageId: expect.any(String) }]);
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
  const { apiUrl, botToken, appToken } = slack;
  const other = createSlackChannel({ apiUrl, botToken, appToken, log: silentLog, clock: Date.now });
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

test('every file of a message that brings several is received', async () => {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  const bytes = Buffer.from('x');
  const files = [
    { name: 'a.png', mime: 'image/png', bytes },
    { name: 'b.m4a', mime: 'audio/mp4', bytes },
  ];
  await slack.user('UANA').files(files, 'Two of them');
  expect(spoken(inbox)).toMatchObject([
    { kind: 'media', caption: 'Two of them', attachment: { kind: 'photo', name: 'a.png' } },
    { kind: 'media', caption: '', attachment: { kind: 'voice', name: 'b.m4a' } },
  ]);
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

test('thousands of messages go out in seconds', async () => {
  const { slack, channel } = await stage('http');
  const people = Array.from({ length: 1000 }, (_, index) => slack.user(`U${index}`));
  const began = performance.now();
  await Promise.all(people.map(({ id }) => channel.send(`D${id}`, say('Hello'))));
  expect(people.every(({ chat }) => chat.length === 1)).toBe(true);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('the manifest asks for what the channel uses', () => {
  const manifest = parseYaml(readFileSync(new URL('../../src/channels/slack/manifest.yaml', import.meta.url), 'utf8'));
  const wanted = ['chat:write', 'commands', 'files:read', 'files:write', 'im:history', 'im:write', 'users:read'];
  expect(manifest.oauth_config.scopes.bot).toEqual(expect.arrayContaining(wanted));
  expect(manifest.settings).toMatchObject({
    event_subscriptions: { bot_events: expect.arrayContaining(['message.im', 'app_home_opened']) },
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
  });
  expect(manifest.features.slash_commands).toMatchObject([{ command: '/hearback' }]);
});
